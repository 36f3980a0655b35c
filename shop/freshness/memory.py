"""What a process remembers of the database for as long as the catalogue version stays the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.utils.translation import get_language

from shop.freshness.selectors import catalogue_version

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

#: Of one reader, before it starts anew: arguments come from addresses.
MOST_RESULTS = 500

_version: ContextVar[str] = ContextVar("catalogue version of this request")


@contextmanager
def as_of(version: str) -> Iterator[None]:
    """Spare what runs inside from asking again which version it was a moment ago."""
    token = _version.set(version)
    try:
        yield
    finally:
        _version.reset(token)


def version_now() -> str:
    """Return the version the request is answered as of; one query outside of a public page, none inside."""
    return _version.get("") or catalogue_version()


def once_a_version(load: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Decorate a reader of watched tables: it is called once a process for each version, language and arguments.

    One query outside of a public page (the version), none inside. Its results are shared between threads, so they
    must never be changed; what depends on the clock or on anything not watched does not belong into them. Of many
    threads that ask at once one reads and the others wait.
    """
    lock = Lock()
    kept: tuple[str, dict[Any, Result]] = "", {}

    @wraps(load)
    def remembered(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        nonlocal kept
        version = version_now()
        key = get_language(), args, tuple(sorted(kwargs.items()))
        known, results = kept
        if known == version and key in results:
            return results[key]
        with lock:
            if kept[0] != version or len(kept[1]) >= MOST_RESULTS:
                kept = version, {}
            results = kept[1]
            if key not in results:
                results[key] = load(*args, **kwargs)
            return results[key]

    return remembered
