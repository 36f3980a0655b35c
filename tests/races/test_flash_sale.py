"""Two hundred buyers in four processes for ten pieces, through the basket, *Pay* and the fake Stripe."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from shop.emails.models import Mail
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments.models import Payment
from shop.stock.models import StockMovement
from tests.databases import ROOT, Database
from tests.factories import a_product, record_of
from tests.identities import assert_identities
from tests.processes import LIVE, Store, prepared

pytestmark = pytest.mark.both

PROCESSES, BUYERS, PIECES = 4, 200, 10


def _crowd(store: Store, product: int, *, buyers: int = BUYERS, processes: int = PROCESSES) -> Counter[str]:
    """Let all buyers go at once and count how they fared."""
    sizes = [len(range(first, buyers, processes)) for first in range(processes)]
    groups = [_group(store, product, number, size) for number, size in enumerate(sizes)]
    for group in groups:
        assert group.stdout is not None
        assert group.stdout.readline() == "ready\n"
    answers = [group.communicate("go\n", timeout=180)[0] for group in groups]
    assert [group.returncode for group in groups] == [0] * processes
    return Counter(fared for answer in answers for fared in json.loads(answer))


def _group(store: Store, product: int, number: int, size: int) -> subprocess.Popen[str]:
    words = [store.url, store.fake.url, str(product), str(number * 100), str(size)]
    command = [sys.executable, "-m", "tests.races.buyers", *words]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_ten_pay_all_others_are_told_before_paying_and_nothing_leaks(
    live_database: Database, tmp_path: Path
) -> None:
    with prepared(live_database, tmp_path) as store:
        live_database.use(LIVE)
        variant = a_product(stock=PIECES).first
        store.start_web()
        assert _crowd(store, variant.pk) == {"paid": PIECES, "sold out": BUYERS - PIECES}
        store.fake.wait_until_delivered()
        store.manage("worker", "--once")
        assert store.manage("check_ledger")
        assert "Traceback" not in store.log("web")
        assert len(store.fake.requests("POST", "/v1/checkout/sessions")) == PIECES
        assert_identities(store.fake, at_rest=True)
    record = record_of(variant)
    assert (record.num_in_stock, record.num_allocated) == (PIECES, PIECES)
    assert Counter(Order.objects.values_list("status", flat=True)) == {Status.PAID: PIECES}
    assert Counter(Payment.objects.values_list("state", flat=True)) == {Payment.State.PAID: PIECES}
    assert StockMovement.objects.filter(kind="allocated").count() == PIECES
    assert Mail.objects.filter(kind="confirmation", state="sent").count() == PIECES
    assert len(store.mails) == PIECES


def test_the_guard_on_stock_is_enough_by_itself(live_database: Database, tmp_path: Path) -> None:
    with prepared(live_database, tmp_path, guards_off="quote") as store:
        live_database.use(LIVE)
        variant = a_product(stock=4).first
        store.start_web()
        assert _crowd(store, variant.pk, buyers=16, processes=2) == {"paid": 4, "sold out": 12}


def test_without_the_guard_on_stock_buyers_meet_a_crash_instead_of_an_answer(
    live_database: Database, tmp_path: Path
) -> None:
    with prepared(live_database, tmp_path, guards_off="quote stock") as store:
        live_database.use(LIVE)
        variant = a_product(stock=4).first
        store.start_web()
        assert _crowd(store, variant.pk, buyers=16, processes=2) == {"paid": 4, "500 from Pay": 12}
        assert "stockrecord_allocated_within_on_hand" in store.log("web")
