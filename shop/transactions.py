"""The outermost transaction of a use case, tried again when the database asked for it. Imports nothing of ours."""

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import OperationalError, connection, transaction

Result = TypeVar("Result")

#: PostgreSQL's words for "try again": serialization failure, deadlock, lock not available.
_RETRIED = frozenset({"40001", "40P01", "55P03"})
TRIES = 3


def durably(action: Callable[[], Result]) -> Result:
    """Run `action` in an outermost transaction and return its result once that is committed.

    Repeats the whole of it up to three times after a deadlock, a serialization failure or a lock time-out, so
    `action` must have no effect but on the database. Raises RuntimeError inside another transaction.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with transaction.atomic(durable=True):
                return action()
        except OperationalError as error:
            if attempt == TRIES or not _is_retried(error):
                raise
            time.sleep(random.uniform(0.02, 0.1) * attempt)  # noqa: S311  (jitter, not a secret)
    raise AssertionError("unreachable")


def is_open() -> bool:
    """Whether a use case's transaction is open (the one around a whole test does not count)."""
    blocks: list[Any] = connection.atomic_blocks
    return any(not block._from_testcase for block in blocks)


def require_transaction() -> None:
    """Raise RuntimeError when no transaction is open: the caller's caller opens one for the whole use case."""
    if not is_open():
        raise RuntimeError("this belongs inside the use case's transaction")


def _is_retried(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in _RETRIED
