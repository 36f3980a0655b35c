"""The mail queue: a row per mail, made in its cause's transaction and sent by the worker. Imports nothing of ours."""
