"""Fifty orders and every event of theirs never to five times, shuffled, sixteen at a time."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import requests
from django.conf import settings

from shop.emails.models import Mail
from shop.order.models import Order
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.stock.models import StockMovement
from tests.databases import Database
from tests.factories import a_basket_with, a_product
from tests.fake_stripe_client import API_KEY
from tests.identities import assert_identities
from tests.passing import let_pass
from tests.paying import BUYER, press_pay
from tests.processes import WEBHOOK_SECRET, Store, running
from tests.till import signature

pytestmark = pytest.mark.both

ORDERS, THREADS, MOST = 50, 16, 5
#: Every fifth shopper leaves without paying, every fifth gets £5 back in Stripe's dashboard.
UNPAID, REFUNDED = range(0, ORDERS, 5), range(1, ORDERS, 5)


@pytest.fixture
def store(live_database: Database, tmp_path: Path) -> Iterator[Store]:
    with running(live_database, tmp_path) as store:
        store.fake.hold()
        yield store


@pytest.fixture
def payments(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[Payment]:
    """Fifty payments that have come to their end at Stripe, of which the store has heard nothing."""
    monkeypatch.setattr(settings, "STRIPE_API_BASE", store.fake.url)
    monkeypatch.setattr(settings, "STRIPE_SECRET_KEY", API_KEY)
    monkeypatch.setattr(settings, "SITE_HOST", "127.0.0.1")
    variant = a_product(stock=ORDERS, colours=["white"], sizes=["M"]).first
    made = [press_pay(a_basket_with((variant, 1)), client=f"client {n}") for n in range(ORDERS)]
    for number, payment in enumerate(made):
        assert payment.session_id is not None
        if number in UNPAID:
            store.fake.expire(payment.session_id)
            continue
        store.fake.pay(payment.session_id, **BUYER)
        if number in REFUNDED:
            store.fake.refund(payment.session_id, 500)
    return made


def _deliver(url: str, event: dict[str, Any]) -> tuple[int, float]:
    body = json.dumps(event).encode()
    headers = {"Stripe-Signature": signature(body, secret=WEBHOOK_SECRET), "Content-Type": "application/json"}
    began = perf_counter()
    answer = requests.post(f"{url}/webhooks/stripe/", body, headers=headers, timeout=60)
    return answer.status_code, perf_counter() - began


def test_the_end_is_the_same_as_if_all_had_come_once_and_in_order(
    store: Store, payments: list[Payment]
) -> None:
    chance = random.Random(50)  # noqa: S311
    events = [event for event in store.fake.events() for _ in range(chance.randint(0, MOST))]
    chance.shuffle(events)
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(partial(_deliver, store.url), events))
    assert {status for status, _ in answers} == {200}, Counter(status for status, _ in answers)
    assert "Traceback" not in store.log("web")
    let_pass(store.fake)
    store.manage("worker", "--once")
    _assert_final(store, payments)
    waits = sorted(seconds for _, seconds in answers)
    print(f"{len(answers)} deliveries, p95 {waits[len(waits) * 95 // 100]:.3f} s")


def _assert_final(store: Store, payments: list[Payment]) -> None:
    for number, payment in enumerate(payments):
        payment.refresh_from_db()
        status = Order.objects.get(number=payment.reference).status
        is_paid = number not in UNPAID
        assert (payment.state, status) == (("paid", "paid") if is_paid else ("expired", "cancelled"))
    paid = ORDERS - len(UNPAID)
    kinds = Counter(StockMovement.objects.values_list("kind", flat=True))
    assert kinds == {"received": 1, "allocated": ORDERS, "released": len(UNPAID)}
    assert Mail.objects.filter(kind="confirmation", state="sent").count() == paid
    assert Mail.objects.filter(kind="refunded", state="sent").count() == len(REFUNDED)
    assert list(Refund.objects.values_list("state", "amount_minor")) == [("succeeded", 500)] * len(REFUNDED)
    assert not WebhookEvent.objects.exclude(state__in=("done", "ignored")).exists()
    assert_identities(store.fake, at_rest=True)
