"""Things that happen because time passed. Run at every look and by the delivery thread's tick."""

from collections.abc import Callable

from .store import Store

#: Each does what has become due by the clock, inside the caller's transaction.
TIMERS: list[Callable[[Store], None]] = []


def run_due(store: Store) -> None:
    """Let everything happen that the clock says is due."""
    with store.transaction():
        for timer in TIMERS:
            timer(store)
