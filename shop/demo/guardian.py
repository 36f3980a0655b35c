"""`python -m shop.demo.guardian PID …`: ends these processes when its standard input ends.

That is when the demo, which holds the other end, has ended too, be it by SIGKILL.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

GRACE = 5


def main(arguments: Sequence[str]) -> None:
    keys = [int(argument) for argument in arguments]
    sys.stdin.read()
    deadline = time.monotonic() + GRACE
    _signal_all(keys, signal.SIGTERM)
    while any(map(_is_alive, keys)) and time.monotonic() < deadline:
        time.sleep(0.1)
    _signal_all(keys, signal.SIGKILL)


def _signal_all(keys: Sequence[int], number: signal.Signals) -> None:
    for key in keys:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(key, number)


def _is_alive(key: int) -> bool:
    try:
        os.killpg(key, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
