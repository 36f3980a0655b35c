"""Mockups drawn by processes of their own, at low priority, a few at a time; needs neither settings nor rows.

done = desk.draw(jobs, seconds=2)      # what has become ready meanwhile; ask again for the others
"""

import io
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from catalogue.mockups import WIDTHS, render
from catalogue.pictures import Encoded, encode

PROCESSES = 2
#: Pixels of a mockup's side: the widest rendition.
SIZE = max(WIDTHS)
#: How far shoppers go before drawing.
NICENESS = 10


@dataclass(frozen=True)
class Job:
    """One picture: a blank dyed in a colour, with an artwork (a file's bytes) or without, for this folder."""

    blank: str
    colour: str
    artwork: bytes | None
    folder: str
    size: int


def settle_in() -> None:
    """Begin a drawing process: Ctrl-C is the parent's, and it goes when the parent goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_with_parent()


def settle_in_politely() -> None:
    """Begin a drawing process that lets shoppers go first.

    A kernel that shares its time out by session (Linux' autogroups) looks at the session's niceness only, so the
    process gets a session of its own and says it there too.
    """
    with suppress(OSError):
        os.nice(NICENESS)
    with suppress(OSError):
        os.setsid()
        Path("/proc/self/autogroup").write_text(str(NICENESS))
    settle_in()


def leave_with_parent() -> None:
    """End this process within a second of its parent's end, on any system; for workers that hold nothing."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def draw(job: Job) -> Encoded:
    """Draw one picture with all its renditions."""
    artwork = Image.open(io.BytesIO(job.artwork)) if job.artwork else None
    picture = render(blank=job.blank, colour=job.colour, artwork=artwork, size=job.size)
    return encode(picture, folder=job.folder)


class Desk:
    """The drawing processes, started when there is something to draw and ended by `clear`."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._running: dict[str, Future[Encoded]] = {}

    def draw(self, jobs: Mapping[str, Job], *, seconds: float) -> dict[str, Encoded]:
        """Go on with these jobs for so long at most and return those that are ready, by their keys.

        A job that failed raises its error, BrokenProcessPool when a process was killed; `clear` then.
        """
        waiting, ready, end = iter(jobs), dict[str, Encoded](), time.monotonic() + seconds
        self._forget_all_but(jobs)
        while (left := end - time.monotonic()) > 0 and len(ready) < len(jobs):
            self._keep_busy(jobs, waiting, ready)
            wait(self._running.values(), timeout=left, return_when=FIRST_COMPLETED)
            ready |= self._collected()
        self._keep_busy(jobs, waiting, ready)
        return ready

    def clear(self) -> None:
        """Let the processes go; what they were drawing is forgotten."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool, self._running = None, {}

    def _forget_all_but(self, jobs: Mapping[str, Job]) -> None:
        for key in [key for key in self._running if key not in jobs]:
            self._running.pop(key).cancel()

    def _keep_busy(
        self, jobs: Mapping[str, Job], waiting: Iterator[str], ready: Mapping[str, Encoded]
    ) -> None:
        """Hand out so much that no process waits until the next call."""
        while len(self._running) < 3 * PROCESSES and (key := next(waiting, None)) is not None:
            if key not in ready and key not in self._running:
                self._running[key] = self._started().submit(draw, jobs[key])

    def _collected(self) -> dict[str, Encoded]:
        done = [key for key, future in self._running.items() if future.done()]
        return {key: self._running.pop(key).result() for key in done}

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=settle_in_politely)
        return self._pool


desk = Desk()
