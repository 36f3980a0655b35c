"""The ledger: every change of stock is a movement, and nothing else writes the numbers.

May import partner and what is below it."""
