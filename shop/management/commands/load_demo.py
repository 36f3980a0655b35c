import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.demo.bulk import load_products
from shop.demo.drawing import SIZE, shared_pictures
from shop.demo.orders import NothingToSell, load_orders
from shop.demo.sample import load_sample

MOST = 1_000_000


class Command(BaseCommand):
    help = "Load the sample catalogue, or a big one for benchmarks; what is there already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--products", type=int, help="so many plain products instead of the sample catalogue"
        )
        parser.add_argument("--orders", type=int, help="so many paid orders")
        parser.add_argument("--picture-size", type=int, default=SIZE, help="side of the pictures in pixels")

    def handle(self, *args: Any, **options: Any) -> None:
        products, orders, size = options["products"], options["orders"], options["picture_size"]
        _check("--products", products, 1, MOST)
        _check("--orders", orders, 1, MOST)
        _check("--picture-size", size, 320, 4000)
        if products is None:
            self._load_sample(size)
        else:
            pictures = shared_pictures(size=size)
            self._timed(products, "products", lambda number: load_products(number, pictures))
        if orders is not None:
            self._timed(orders, "orders", load_orders)

    def _load_sample(self, size: int) -> None:
        loaded = load_sample(size=size, say=self.stdout.write)
        self.stdout.write(f"Sample catalogue: {loaded.designs} designs, {loaded.variants} new variants.")

    def _timed(self, wanted: int, what: str, load: Callable[[int], int]) -> None:
        started = time.monotonic()
        try:
            made = load(wanted)
        except NothingToSell as error:
            raise CommandError(str(error)) from error
        seconds = max(time.monotonic() - started, 0.001)
        self.stdout.write(f"{what}: {made} new in {seconds:.1f} s ({made / seconds:.0f}/s), {wanted} in all.")


def _check(option: str, value: int | None, least: int, most: int) -> None:
    if value is not None and not least <= value <= most:
        raise CommandError(f"{option} takes a whole number from {least} to {most}, not {value}.")
