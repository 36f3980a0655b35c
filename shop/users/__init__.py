"""The person who logs in, known by e-mail. Imports nothing of ours."""
