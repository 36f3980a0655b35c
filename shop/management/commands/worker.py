import signal
import threading
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from shop.checks import refuse_to_serve
from shop.studio.drawing import desk
from shop.worker.services import run_once


class Command(BaseCommand):
    help = "Send mail and settle what is due, again and again; --once does one round and ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do one round and end.")
        parser.add_argument(
            "--every", type=seconds, default=1.0, metavar="SECONDS", help="Pause between rounds."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_to_serve()
        if options["once"]:
            self.stdout.write(", ".join(f"{name}: {count}" for name, count in run_once().items()))
            desk.clear()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.wait(options["every"]):
            close_old_connections()
            run_once()
        desk.clear()


def seconds(text: str) -> float:
    """Read a pause that lets others have the database and ends within an hour."""
    pause = float(text)
    if not 0.01 <= pause <= 3600:  # also false for nan
        raise ArgumentTypeError("takes seconds from 0.01 to 3600")
    return pause
