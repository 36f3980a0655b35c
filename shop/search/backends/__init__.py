"""modelsearch's two database engines, ranked as a shop wants it: the title counts most, then labels, then texts.

Each module has the `SearchBackend` that `MODELSEARCH_BACKENDS` names.
"""
