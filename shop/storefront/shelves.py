"""The shelf that lists are made from, kept in each process until the catalogue changes."""

from threading import Lock

from django.http import HttpRequest

from catalogue.shelf import Shelf
from catalogue.shelving import load_shelf
from shop.freshness.selectors import catalogue_version

_lock = Lock()
#: The version a shelf was read at, and the shelf.
_kept: tuple[str, Shelf] | None = None


def current(request: HttpRequest) -> Shelf:
    """Return the shelf as the catalogue stood when `request` came, or as it was changed since.

    Three queries when it has changed since the last time, else none; one more where pages are not kept.
    """
    global _kept  # noqa: PLW0603  (one fact for all threads; the last to write it wins)
    version = getattr(request, "catalogue_version", "") or catalogue_version()
    kept = _kept
    if kept is None or kept[0] != version:
        with _lock:
            kept = _kept
            if kept is None or kept[0] != version:
                # Read after its version: a change in between makes it newer than it says, never older.
                kept = _kept = version, load_shelf()
    return kept[1]
