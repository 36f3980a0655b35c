"""A fault at a named point of the store (`shop.testpoints`): `settle.told:kill`, `…:raise`, `…:sleep=0.5`.

    settings.TEST_HOOK = faults.hook("settle.told:kill")

A process started by `tests.processes` reads it from TEST_FAULT; with TEST_FAULT_ONCE, a path, it happens only to
the first that makes this file.
"""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def hook(fault: str, once: str = "") -> Callable[[str], None] | None:
    """Return what `TEST_HOOK` must be for the fault; nothing for no fault."""
    if not fault:
        return None
    where, _, what = fault.partition(":")

    def at(point: str) -> None:
        if point == where and (not once or _is_first(Path(once))):
            _happen(what, point)

    return at


def _is_first(mark: Path) -> bool:
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _happen(what: str, point: str) -> None:
    kind, _, seconds = what.partition("=")
    if kind == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "sleep":
        time.sleep(float(seconds))
    if kind == "raise":
        raise RuntimeError(f"made to fail at {point}")
