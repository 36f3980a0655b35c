"""Figures, measured and printed, never asserted: `make bench`."""


def line(what: str, figure: str) -> str:
    """Return a line of the table."""
    return f"{what:52} {figure}"
