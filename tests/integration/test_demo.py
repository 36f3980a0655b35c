"""The demo's processes: started together, gone together, also after SIGKILL."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shop.demo.processes import ChildEnded, Household

ROOT = Path(__file__).parents[2]
SLEEP = ("-c", "import time; time.sleep(120)")
# Starts two children and says their process ids; one of them is deaf to SIGTERM.
PARENT = """
import os, sys, time
from pathlib import Path
from shop.demo.processes import Household
deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(120)"
household = Household(Path.cwd(), os.environ)
household.start("one", "-c", "import time; time.sleep(120)")
household.start("deaf", "-c", deaf)
household.guard()
print(*(child.pid for child in household.children.values()), household.guardian.pid, flush=True)
time.sleep(120)
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").exists() or " Z " not in Path(f"/proc/{pid}/stat").read_text()


def eventually(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def test_children_end_when_the_demo_is_killed():
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert all(map(is_alive, pids))
        time.sleep(1)  # the deaf one needs a moment to close its ears
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    assert eventually(lambda: not any(map(is_alive, pids)))


def test_when_one_child_ends_it_is_named_and_the_others_are_stopped():
    with Household(ROOT, os.environ) as household:
        household.start("long one", *SLEEP)
        household.start("short one", "-c", "")
        household.guard()
        with pytest.raises(ChildEnded, match="short one has ended"):
            household.watch()
    assert household.children["long one"].returncode == -signal.SIGTERM


def test_a_taken_port_is_one_clear_line_and_nothing_is_started():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"^Port {port} is taken: choose another with --port.$"):
            call_command("demo", port=port)


@pytest.mark.parametrize("port", [0, 65536, -1])
def test_a_port_that_cannot_be_is_refused(port):
    with pytest.raises(CommandError, match="takes a number from 1 to 65535"):
        call_command("demo", port=port)
