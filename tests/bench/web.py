"""The speed of pages, each figure also as a ratio: requests a second, waits, processor time, queries, bytes."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

from shop.freshness.models import new_mark
from tests import databases
from tests.bench import processor
from tests.bench.load import Answers, press, tool
from tests.bench.shops import SHOPS as _SHOPS
from tests.bench.shops import WORKERS, Server, Shop

SHOPS = tuple(_SHOPS)
DATABASES = ("sqlite", "postgres")
#: What everything else is compared with, in the same run on the same database.
YARDSTICK = ("bare", "5 queries", "")
FEW, MANY = 1, 16
CHANGES = 15
MOST_SECONDS = 12.0


@dataclass(frozen=True)
class Row:
    """One page of one shop, served in one way."""

    shop: str
    page: str
    mode: str
    alone: Answers
    together: Answers
    #: Processor milliseconds of web server and database for a request.
    cpu: float
    queries: int
    size: int
    compressed: int
    #: The share of the machine that others took meanwhile.
    foreign: float
    #: Milliseconds until the first answer after a change of the catalogue, where pages are kept.
    changed: float | None = None

    @property
    def name(self) -> str:
        return f"{self.shop} {self.page}" + (f", {self.mode}" if self.mode else "")


def table(products: int, wanted: tuple[str, ...], shops: tuple[str, ...], seconds: float) -> None:
    """Measure and print it for one size of the catalogue, on each database."""
    for name in wanted:
        folder = Path(tempfile.mkdtemp(prefix="bench-"))
        try:
            rows = [row for shop in shops for row in _rows(_SHOPS[shop], products, name, folder, seconds)]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        _print(f"{products} products on {name}, {seconds:g} s a cell, {tool()}", rows)


def _rows(shop: Shop, products: int, database: str, folder: Path, seconds: float) -> Iterator[Row]:
    home = folder / shop.name
    url = _database(database, shop.name)
    paths = shop.prepare(products, url, home)
    for mode in shop.modes:
        queries = shop.queries(paths.values(), url, home, mode)
        with shop.served(url, home, mode) as server:
            roots = [server.pid, *([databases.postgres().pid] if database == "postgres" else [])]
            for (page, path), asked in zip(paths.items(), queries, strict=True):
                size = server.warm(path)
                alone = press(server.url + path, connections=FEW, seconds=seconds)
                together, cpu, foreign = _pressed(server.url + path, roots, _long_enough(alone, seconds))
                sent, changed = (
                    server.compressed(path),
                    _changed(server, path, url) if mode == "kept" else None,
                )
                yield Row(shop.name, page, mode, alone, together, cpu, asked, size, sent, foreign, changed)


def _long_enough(alone: Answers, seconds: float) -> float:
    """Return the seconds in which each connection is answered twice, but no more than a table can wait for."""
    return max(seconds, min(MOST_SECONDS, 2 * alone.p50 / 1000 * MANY / WORKERS))


def _changed(server: Server, path: str, url: str) -> float:
    """Return the median of first answers, each after the catalogue version was raised."""
    waits = []
    for _ in range(CHANGES):
        _raise_version(url)
        began = time.perf_counter()
        server.fetch(path)
        waits.append((time.perf_counter() - began) * 1000)
    return median(waits)


def _raise_version(url: str) -> None:
    """Do what a trigger does when something public is written; this process has no connection of Django's there."""
    statement = f"UPDATE freshness_catalogueversion SET mark = '{new_mark()}'"  # noqa: S608  (hexadecimal digits)
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as there:
            there.execute(statement)
            there.commit()
    else:
        with closing(psycopg.connect(url, autocommit=True)) as server:
            server.execute(statement)


def _pressed(url: str, roots: list[int], seconds: float) -> tuple[Answers, float, float]:
    """Return what came back over many connections, the processor milliseconds a request, and others' share."""
    before = processor.seconds_of(*roots), processor.children_seconds(), processor.busy_seconds()
    answers = press(url, connections=MANY, seconds=seconds)
    ours = processor.seconds_of(*roots) - before[0]
    generator = processor.children_seconds() - before[1]
    others = processor.busy_seconds() - before[2] - ours - generator
    cpu = ours * 1000 / answers.count if answers.count else float("nan")
    return answers, cpu, max(0.0, others) / (answers.seconds * processor.PROCESSORS)


def _database(kind: str, shop: str) -> str:
    """Return the address of an empty database; the store's has its tables already."""
    if kind == "sqlite":
        made = databases.sqlite()
        return made.fresh(f"bench_{shop}") if shop == "store" else made.empty(f"bench_{shop}")
    server = databases.postgres()
    return server.fresh(f"bench_{shop}") if shop == "store" else server.empty(f"bench_{shop}")


# --- Printing -------------------------------------------------------------------------------------

_HEAD = (
    f"{'':24}{'CPU ms':>9}{'ratio':>7}{'req/s':>9}{'ratio':>7}{'req/s':>8}{'p50 ms':>8}{'p95 ms':>8}{'p95 ms':>9}"
    f"{'changed':>9}{'queries':>9}{'kB':>7}{'sent kB':>9}{'errors':>8}{'others':>8}\n"
    f"{'':24}{'c=16':>9}{'':7}{'c=16':>9}{'':7}{'c=1':>8}{'c=1':>8}{'c=1':>8}{'c=16':>9}{'ms':>9}"
)


def _print(title: str, rows: list[Row]) -> None:
    yardstick = next((row for row in rows if (row.shop, row.page, row.mode) == YARDSTICK), None)
    print(
        f"\n{title}\nratios: to a bare view with 5 queries; changed: the first answer after a change; "
        f"others: the share of the machine they took\n{_HEAD}"
    )
    for row in rows:
        print(_line(row, yardstick), flush=True)


def _line(row: Row, yardstick: Row | None) -> str:
    cpu, speed = (yardstick.cpu, yardstick.together.per_second) if yardstick else (0.0, 0.0)
    changed = "–" if row.changed is None else f"{row.changed:.1f}"
    return (
        f"{row.name:24}{row.cpu:>9.2f}{_ratio(row.cpu, cpu):>7}"
        f"{row.together.per_second:>9.0f}{_ratio(row.together.per_second, speed):>7}"
        f"{row.alone.per_second:>8.0f}{row.alone.p50:>8.2f}{row.alone.p95:>8.2f}{row.together.p95:>9.1f}"
        f"{changed:>9}{row.queries:>9}{row.size / 1000:>7.1f}{row.compressed / 1000:>9.1f}"
        f"{row.alone.errors + row.together.errors:>8}{row.foreign:>8.0%}"
    )


def _ratio(figure: float, of: float) -> str:
    return f"{figure / of:.2f}" if of else "–"
