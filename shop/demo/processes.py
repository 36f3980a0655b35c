"""The processes of the demo: started together, ended together, however the demo itself ends.

Three things see to that: the demo stops them when it ends; a guardian, which holds a pipe from the demo,
stops them when the demo is killed; and on Linux the kernel does as well.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shop.demo.parents import die_with_parent

#: Seconds a process gets to end by itself.
GRACE = 10
HOST = "127.0.0.1"


class ChildEnded(Exception):
    """A process ended that should have run as long as the demo."""


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Tell whether somebody answers on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


@dataclass
class Household:
    """Processes that live and die together; use it as a context manager."""

    folder: Path
    environment: Mapping[str, str]
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    guardian: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Household":
        return self

    def __exit__(self, *_: object) -> None:
        stop(list(self.children.values()))
        if self.guardian is not None and self.guardian.stdin is not None:
            self.guardian.stdin.close()
            self.guardian.wait()

    def start(self, name: str, *arguments: str) -> None:
        """Start `python <arguments>`; it ignores the terminal's Ctrl-C, which is the demo's to answer."""
        self.children[name] = subprocess.Popen(  # noqa: S603  (our own programs)
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  (this process has one thread)
        )

    def guard(self) -> None:
        """Start the guardian of the processes started so far."""
        keys = [str(child.pid) for child in self.children.values()]
        self.guardian = subprocess.Popen(  # noqa: S603  (our own program)
            [sys.executable, "-m", "shop.demo.guardian", *keys],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def wait_for(self, port: int, seconds: float = 60) -> None:
        """Return when somebody answers on the port; raise ChildEnded when a process ends or time is up."""
        deadline = time.monotonic() + seconds
        while not listens(port):
            self.check()
            if time.monotonic() > deadline:
                raise ChildEnded(f"nobody answers on port {port} after {seconds:.0f} seconds")
            time.sleep(0.1)

    def watch(self) -> None:
        """Run until a process ends, and then raise ChildEnded."""
        while True:
            self.check()
            time.sleep(0.5)

    def check(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise ChildEnded(f"{name} has ended (code {child.returncode}); see its last lines above")


def stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask the processes to end, and end those that do not."""
    for child in children:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
