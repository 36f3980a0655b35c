"""Buyers, one order after the other each, while others browse: how fast both are, and how many were let down."""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

from tests import databases
from tests.bench import line
from tests.bench.load import Answers, press
from tests.databases import Database
from tests.processes import Store, prepared
from tests.races.buyers import buy, fill

BUYERS, BROWSERS, SECONDS, PIECES = 4, 16, 20.0, 5000
#: Run in the store's own process, as this one has no connection to its database.
_MADE = f"""
from tests.factories import a_product
made = a_product(stock={PIECES})
print(made.first.pk, f"/catalogue/{{made.parent.slug}}_{{made.parent.pk}}/")
"""


@dataclass(frozen=True)
class Order:
    """How a buyer fared, and the seconds from the empty basket to the thank-you page."""

    fared: str
    seconds: float


def crowd(names: tuple[str, ...]) -> None:
    """Print a line for each database."""
    made = {"sqlite": databases.sqlite, "postgres": databases.postgres}
    print("\nbuying while others browse")
    for name in names:
        print(line(f"{BUYERS} buyers, {BROWSERS} browsing, on {name}", _measured(made[name]())), flush=True)


def _measured(database: Database) -> str:
    with tempfile.TemporaryDirectory() as folder, prepared(database, Path(folder)) as store:
        store.manage("load_demo", "--picture-size", "320")
        product, path = store.manage("shell", "-v0", "-c", _MADE).split()
        store.start_web()
        store.start_worker()
        orders, pages = _together(store, int(product), ("/catalogue/", path))
        store.fake.wait_until_delivered()
        store.manage("check_ledger")
        return _figures(orders, pages, crashes=store.log("web").count("Traceback"))


def _together(store: Store, product: int, paths: tuple[str, ...]) -> tuple[list[Order], list[Answers]]:
    """Let all of them go at once and return what they got."""
    numbers, end = count(1), time.monotonic() + SECONDS
    each = partial(press, connections=BROWSERS // len(paths), seconds=SECONDS)
    with ThreadPoolExecutor(BUYERS + len(paths)) as pool:
        browsing = [pool.submit(each, store.url + path) for path in paths]
        buying = [pool.submit(list, _buying(store, product, numbers, end)) for _ in range(BUYERS)]
        return [order for one in buying for order in one.result()], [one.result() for one in browsing]


def _buying(store: Store, product: int, numbers: Iterator[int], end: float) -> Iterator[Order]:
    while (began := time.monotonic()) < end:
        try:
            fared = buy(store.fake.url, fill(store.url, product, next(numbers)))
        except Exception as error:  # it counts as an error, and the others go on
            fared = repr(error)
        yield Order(fared, time.monotonic() - began)


def _figures(orders: list[Order], pages: list[Answers], crashes: int) -> str:
    paid = sorted(order.seconds for order in orders if order.fared == "paid")
    failed = sorted({order.fared for order in orders} - {"paid"})
    errors = len(orders) - len(paid) + sum(answers.errors for answers in pages) + crashes
    speed = sum(answers.per_second for answers in pages)
    return (
        f"{len(paid)} orders in {SECONDS:g} s, p50 {median(paid or [0]):.2f} s, worst {max(paid, default=0):.2f} s; "
        f"{speed:.0f} pages/s, p95 {max(answers.p95 for answers in pages):.0f} ms; errors: {errors}"
        + "".join(f"\n  {words}" for words in failed)
    )
