"""How often one asker may try one thing: counted in the database, so that every process counts together.

Imports nothing of ours but the test points."""
