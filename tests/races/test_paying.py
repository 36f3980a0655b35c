"""A payment heard of many times at once, or never; *Pay* pressed in several tabs: one order all the same."""

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from threading import Barrier
from urllib.parse import urlsplit

import pytest
import requests
from django.utils import timezone

from catalogue.models import Product
from shop.emails.models import Mail
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments.models import Payment, WebhookEvent
from shop.stock.models import StockMovement
from shop.stock.selectors import differences
from tests.databases import Database
from tests.factories import a_product
from tests.paying import BUYER
from tests.processes import Store, running
from tests.shoppers import Form, Shopper, form

pytestmark = pytest.mark.both

_addresses = count(1)


@pytest.fixture(scope="module")
def store(live_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running(live_database, tmp_path_factory.mktemp("store")) as store:
        yield store


@dataclass
class Purchase:
    """A shopper on their way to pay for one piece of a variant of their own."""

    shopper: Shopper
    variant: Product
    payment: Payment

    @property
    def session(self) -> str:
        assert self.payment.session_id is not None
        return self.payment.session_id

    def come_back(self) -> requests.Response:
        return self.shopper.get(f"/checkout/return/?session_id={self.session}")


def _shopper(store: Store) -> tuple[Shopper, Product]:
    variant = a_product(stock=3).first
    shopper = Shopper(store.url, f"203.0.113.{next(_addresses)}")
    shopper.add(variant.pk)
    return shopper, variant


@pytest.fixture
def purchase(store: Store) -> Purchase:
    store.fake.hold()
    shopper, variant = _shopper(store)
    session = _session_of(shopper.pay())
    return Purchase(shopper, variant, Payment.objects.get(session_id=session))


def _session_of(answer: requests.Response) -> str:
    assert answer.status_code == 303, answer.text[:2000]
    return urlsplit(answer.headers["Location"]).path.rpartition("/")[2]


def _pay(store: Store, purchase: Purchase) -> str:
    """Pay at Stripe while its webhooks are held back; return the event's id."""
    assert store.fake.pay(purchase.session, wait=False, **BUYER)["outcome"] == "paid"
    events = store.fake.events("checkout.session.completed")
    return next(e["id"] for e in events if e["data"]["object"]["id"] == purchase.session)


def _assert_ordered_once(purchase: Purchase) -> None:
    order = Order.objects.get(number=purchase.payment.reference)
    purchase.payment.refresh_from_db()
    assert (order.status, purchase.payment.state) == (Status.PAID, Payment.State.PAID)
    assert Order.objects.filter(basket=order.basket_id).count() == 1
    assert Mail.objects.filter(subject__contains=order.number).count() == 1
    assert order.status_changes.filter(new_status=Status.PAID).count() == 1
    movements = StockMovement.objects.filter(stockrecord__product=purchase.variant)
    assert Counter(movements.values_list("kind", flat=True)) == {"received": 1, "allocated": 1}
    assert differences() == []


def test_a_webhook_delivered_five_times_at_once_before_the_return_page(
    store: Store, purchase: Purchase
) -> None:
    event = _pay(store, purchase)
    assert store.fake.redeliver(event, times=5, parallel=True) == [200] * 5
    _assert_ordered_once(purchase)
    assert "/orders/" in purchase.come_back().url
    _assert_ordered_once(purchase)
    assert WebhookEvent.objects.filter(pk=event).values_list("state", flat=True).get() == "done"


def test_a_webhook_delivered_five_times_at_once_after_the_return_page(
    store: Store, purchase: Purchase
) -> None:
    event = _pay(store, purchase)
    assert "/orders/" in purchase.come_back().url
    _assert_ordered_once(purchase)
    assert store.fake.redeliver(event, times=5, parallel=True) == [200] * 5
    _assert_ordered_once(purchase)


def test_webhooks_and_return_pages_all_at_once(store: Store, purchase: Purchase) -> None:
    event = _pay(store, purchase)
    with ThreadPoolExecutor(4) as pool:
        bells = pool.submit(store.fake.redeliver, event, times=5, parallel=True)
        pages = [pool.submit(purchase.come_back) for _ in range(3)]
        assert bells.result() == [200] * 5
        assert [page.result().status_code for page in pages] == [200] * 3
    _assert_ordered_once(purchase)


def test_without_any_webhook_the_sweep_settles(store: Store, purchase: Purchase) -> None:
    _pay(store, purchase)
    long_ago = timezone.now() - timedelta(minutes=6)
    Payment.objects.filter(pk=purchase.payment.pk).update(checked_at=long_ago, created_at=long_ago)
    store.manage("worker", "--once")
    _assert_ordered_once(purchase)
    assert Mail.objects.get(subject__contains=purchase.payment.reference).state == Mail.State.SENT
    assert any(purchase.payment.reference in mail for mail in store.mails)


def test_an_expired_session_gives_the_piece_back_once_however_often_it_is_told(
    store: Store, purchase: Purchase
) -> None:
    store.fake.expire(purchase.session)
    event = store.fake.events("checkout.session.expired")[-1]
    assert store.fake.redeliver(event["id"], times=5, parallel=True) == [200] * 5
    movements = StockMovement.objects.filter(stockrecord__product=purchase.variant)
    kinds = Counter(movements.values_list("kind", flat=True))
    assert kinds == {"received": 1, "allocated": 1, "released": 1}
    assert Order.objects.get(number=purchase.payment.reference).status == Status.CANCELLED


def _press_in_tabs(shopper: Shopper, pay: Form, tabs: int) -> list[requests.Response]:
    gate = Barrier(tabs)

    def press(_: int) -> requests.Response:
        tab = Shopper(shopper.site, shopper.http.headers["X-Forwarded-For"])
        tab.http.cookies.update(shopper.http.cookies)
        gate.wait(10)
        return tab.submit(pay)

    with ThreadPoolExecutor(tabs) as pool:
        return list(pool.map(press, range(tabs)))


@pytest.mark.parametrize("tabs", [2, 3, 4])
def test_pay_pressed_in_several_tabs_leads_to_one_session_and_one_order(store: Store, tabs: int) -> None:
    shopper, variant = _shopper(store)
    answers = _press_in_tabs(shopper, form(shopper.basket(), "/checkout/pay/"), tabs)
    sessions = {_session_of(answer) for answer in answers if answer.status_code == 303}
    assert len(sessions) == 1
    assert {answer.status_code for answer in answers} <= {
        200,
        303,
    }  # 200: not charged, too many at Stripe now
    assert _session_of(shopper.pay()) in sessions
    payment = Payment.objects.get(session_id=sessions.pop())
    assert Payment.objects.filter(subject=payment.subject).count() == 1
    assert Order.objects.filter(lines__product=variant).count() == 1
    created = store.fake.requests("POST", "/v1/checkout/sessions")
    keys = [seen["idempotency_key"] for seen in created if payment.reference in json.dumps(seen["params"])]
    assert set(keys) == {payment.idempotency_key}


def test_pay_pressed_twice_one_after_the_other_leads_to_the_same_session(store: Store) -> None:
    shopper, variant = _shopper(store)
    pay = form(shopper.basket(), "/checkout/pay/")
    first, second = _session_of(shopper.submit(pay)), _session_of(shopper.submit(pay))
    assert first == second
    assert Order.objects.filter(lines__product=variant).count() == 1
