"""The mail queue (a row per mail, made in its cause's transaction, sent by the worker) and alerts to staff.

Imports nothing of ours.
"""
