"""What a range costs, and what shoppers notice of it: `python -m tests.bench.studio`.

A whole store on SQLite (gunicorn, worker, sample catalogue) serves shoppers while its worker draws a range of
60 variants with 21 pictures; then the same shoppers come while nothing is drawn.
"""

import io
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import django
import requests
from django.conf import settings

from tests.bench import line

SHOPPERS, QUIET_SECONDS, PATIENCE = 3, 15.0, 600
#: Pages of a visit; each shopper adds a piece to a basket, too, which is a write.
PAGES = ("/", "/catalogue/", "/stories/", "/basket/")


def main() -> None:
    django.setup()
    from catalogue.mockups import BLANKS
    from catalogue.mockups.__main__ import FULL, seconds

    cost = max(seconds(blank) for blank in BLANKS)
    print(
        line(f"one mockup at {FULL} px with all its files", f"{cost:.2f} s of CPU at most (limit 3)"),
        flush=True,
    )
    _print_visits()


def _print_visits() -> None:
    from tests import databases  # these want Django set up
    from tests.processes import running

    media = Path(settings.MEDIA_ROOT)
    with tempfile.TemporaryDirectory() as name, running(databases.sqlite(), Path(name), media=media) as store:
        _load_sample(store, media, databases.kept_pictures())
        store.start_worker()
        with _shopping(store.url) as quiet:
            time.sleep(QUIET_SECONDS)
        with _shopping(store.url) as busy:
            took = _a_range_drawn()
    print(line("a visit's pages while nothing is drawn", _percentiles(quiet)))
    print(line("a visit's pages while a range is drawn", _percentiles(busy)))
    print(line("21 pictures for 60 variants, shoppers beside", f"{took:.1f} s (limit 40 without them)"))


def _load_sample(store: Any, media: Path, kept: Path) -> None:
    """Load the sample with the pictures kept from earlier runs, and keep them for the next."""
    store.media = kept
    store.manage("load_demo", "--picture-size", "320")
    store.media = media
    shutil.copytree(kept, media, dirs_exist_ok=True)


def _percentiles(waits: list[float]) -> str:
    cuts = statistics.quantiles(waits, n=20)
    return f"p50 {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms of {len(waits)} answers"


@contextmanager
def _shopping(url: str) -> Iterator[list[float]]:
    """Let shoppers come and go; yields the list of their waits, which is whole at the end."""
    waits: list[float] = []
    over = threading.Event()
    shoppers = [threading.Thread(target=_visits, args=(url, waits, over)) for _shopper in range(SHOPPERS)]
    for shopper in shoppers:
        shopper.start()
    yield waits
    over.set()
    for shopper in shoppers:
        shopper.join()


def _visits(url: str, waits: list[float], over: threading.Event) -> None:
    product = _a_variant()
    while not over.is_set():
        with requests.Session() as shopper:
            shopper.headers["Sec-Fetch-Site"] = "same-origin"
            waits += [_timed(shopper, "GET", url + path) for path in PAGES]
            waits.append(_timed(shopper, "POST", f"{url}/basket/add/{product}/"))
        time.sleep(0.2)


def _timed(shopper: requests.Session, method: str, url: str) -> float:
    began = time.monotonic()
    data = {"quantity": 1} if method == "POST" else None
    shopper.request(method, url, data=data, timeout=60, allow_redirects=False).raise_for_status()
    return time.monotonic() - began


def _a_variant() -> int:
    from django.db import connections

    from catalogue.models import Product

    try:
        return Product.objects.filter(structure="child", stockrecords__num_in_stock__gt=0).values_list(
            "pk", flat=True
        )[0]
    finally:
        connections.close_all()


def _a_range_drawn() -> float:
    """Save a draft of everything there is and return how long the worker takes for it."""
    from shop.studio.models import RangeDraft

    draft, began = _a_started_draft(), time.monotonic()
    while time.monotonic() < began + PATIENCE:
        draft.refresh_from_db()
        if draft.state != RangeDraft.State.DRAWING:
            break
        time.sleep(0.25)
    found = (draft.state, draft.variants_made, len(draft.pictures), draft.error)
    assert found == (RangeDraft.State.DONE, 60, 21, ""), found
    return time.monotonic() - began


def _a_started_draft() -> Any:
    from django.core.files.base import ContentFile

    from catalogue.models import Garment, GarmentSize
    from shop.demo.artwork import draw
    from shop.studio import services
    from shop.studio.matrix import grid_of
    from tests.factories import a_design, a_staff_user

    for garment, more in (
        (Garment.objects.get(blank="tshirt"), 2),
        (Garment.objects.get(blank="cushion"), 3),
    ):
        for number in range(more):
            measures = {"name": f"More {number}", "position": 90 + number, "width_mm": 700, "length_mm": 800}
            GarmentSize.objects.create(garment=garment, code=f"X{number}", **measures)
    file = io.BytesIO()
    draw("read-slowly", width=4200).save(file, "PNG", compress_level=1)
    design = a_design("Measured", code="MEASURED", artwork=ContentFile(file.getvalue(), "measured.png"))
    person = a_staff_user("measuring@example.org")
    chosen = [
        services.Chosen(garment, list(garment.colours.all()), list(garment.sizes.all()), Decimal("25.00"))
        for garment in Garment.objects.order_by("pk")
    ]
    draft = services.make_draft(design=design, chosen=chosen, pieces=5, by=person)
    services.start(draft_id=draft.pk, rows=[row.as_json() for row in grid_of(draft).rows], by=person)
    return draft


if __name__ == "__main__":
    main()
