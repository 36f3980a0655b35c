"""Many at once: threads with a database connection each, let go together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def at_once(actions: list[Callable[[], Result]]) -> list[Result | Exception]:
    """Run all actions at the same moment; each one's result or the exception it raised, in their order."""
    gate = threading.Barrier(len(actions))

    def run(action: Callable[[], Result]) -> Result | Exception:
        try:
            connections["default"].ensure_connection()
            gate.wait(30)
            return action()
        except Exception as error:  # what was raised is the outcome
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
