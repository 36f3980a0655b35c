"""The tests: `python -m tests` runs them all; see `tests/__main__.py`."""
