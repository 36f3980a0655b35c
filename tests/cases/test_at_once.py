"""Cases of every group that only real parallel connections show: a store in its own processes, or threads."""

import os
from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from django.utils import timezone
from oscar.apps.offer.models import Benefit
from oscar.apps.voucher.models import Voucher

from catalogue.models import Product
from shop.emails.models import Mail
from shop.order.models import Order
from shop.order.refunding import Asked, refund
from shop.order.services import NotPossible
from shop.order.statuses import Status
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.refunds import TooMuch
from shop.payments.settlement import settle
from shop.stock.models import StockMovement
from shop.stock.selectors import differences
from shop.worker.services import settle_due_payments
from tests.cases.walking import SESSIONS
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, press_pay, stock_of
from tests.processes import Store
from tests.races.parallel import at_once
from tests.shoppers import Shopper, form
from tests.unit.checkout.makers import a_voucher, an_offer

pytestmark = pytest.mark.both

_addresses = count(1)


def a_shopper(store: Store, variant: Product) -> Shopper:
    """Return a shopper at an address of their own, with one piece in the basket."""
    shopper = Shopper(store.url, f"203.0.113.{next(_addresses)}")
    shopper.add(variant.pk)
    return shopper


def session_of(answer: requests.Response) -> str:
    assert answer.status_code == 303, answer.text[:2000]
    return urlsplit(answer.headers["Location"]).path.rpartition("/")[2]


def a_tab(shopper: Shopper) -> Shopper:
    tab = Shopper(shopper.site, shopper.http.headers["X-Forwarded-For"])
    tab.http.cookies.update(shopper.http.cookies)
    return tab


@pytest.fixture
def variant(store: Store) -> Product:
    store.fake.hold()
    store.fake.clear_faults()
    return a_product(stock=3).first


@pytest.mark.parametrize("delay", [0.9, 2.5])
def test_C05_pay_clicked_twice_while_the_first_call_is_on_its_way(
    store: Store, variant: Product, delay: float
) -> None:
    shopper = a_shopper(store, variant)
    pay = form(shopper.basket(), "/checkout/pay/")
    tabs = [a_tab(shopper), a_tab(shopper)]
    store.fake.fault(method="POST", path=f"{SESSIONS}$", delay=delay)
    answers = at_once([partial(tab.submit, pay) for tab in tabs])
    pages = {answer.headers["Location"] for answer in answers if answer.status_code == 303}
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(pages) == 1
    payment = Payment.objects.get(session_id=session_of(answers[0]))
    assert pages == {payment.session_url}
    assert Order.objects.filter(lines__product=variant).count() == 1
    created = [seen for seen in store.fake.requests("POST", SESSIONS) if _is_of(seen, payment)]
    assert {seen["idempotency_key"] for seen in created} == {payment.idempotency_key}
    assert {seen["status"] for seen in created} == {200, 409}


def _is_of(seen: dict[str, Any], payment: Payment) -> bool:
    return bool(seen["params"].get("client_reference_id") == str(payment.pk))


def test_K05_two_shoppers_reach_pay_with_the_last_piece(store: Store) -> None:
    last = a_product(stock=1).first
    shoppers = [a_shopper(store, last), a_shopper(store, last)]
    forms = [form(shopper.basket(), "/checkout/pay/") for shopper in shoppers]
    pairs = zip(shoppers, forms, strict=True)
    answers = at_once([partial(who.submit, pay) for who, pay in pairs])
    assert sorted(answer.status_code for answer in answers) == [302, 303]
    loser = shoppers[0] if answers[0].status_code == 302 else shoppers[1]
    assert "sold out" in loser.basket().lower()
    assert stock_of(last) == (1, 1)
    payment = Payment.objects.get(reference=Order.objects.get(lines__product=last).number)
    assert sum(_is_of(seen, payment) for seen in store.fake.requests("POST", SESSIONS)) == 1


def a_payment(store: Store, variant: Product) -> tuple[Shopper, Payment]:
    shopper = a_shopper(store, variant)
    return shopper, Payment.objects.get(session_id=session_of(shopper.pay()))


def event_of(store: Store, payment: Payment, kind: str) -> str:
    events = store.fake.events(f"checkout.session.{kind}")
    return str(next(e["id"] for e in events if e["data"]["object"]["id"] == payment.session_id))


def assert_ordered_once(payment: Payment, variant: Product) -> None:
    order = Order.objects.get(lines__product=variant)
    payment.refresh_from_db()
    assert (order.number, order.status, payment.state) == (payment.reference, Status.PAID, Payment.State.PAID)
    assert Mail.objects.filter(subject=f"order:{order.number}").count() == 1
    movements = StockMovement.objects.filter(stockrecord__product=variant)
    assert Counter(movements.values_list("kind", flat=True)) == {"received": 1, "allocated": 1}
    assert differences() == []


@pytest.mark.parametrize("times", [1, 2, 10])
def test_O01_the_same_event_many_times_at_once(store: Store, variant: Product, times: int) -> None:
    _shopper, payment = a_payment(store, variant)
    store.fake.pay(payment.session_id, wait=False, **BUYER)
    event = event_of(store, payment, "completed")
    answers = store.fake.redeliver(event, times=times, parallel=True)
    assert len(answers) == times
    assert store.fake.redeliver(event) == [200]
    assert_ordered_once(payment, variant)
    assert set(answers) == {200}
    assert WebhookEvent.objects.get(pk=event).state == "done"


@pytest.mark.parametrize("round_", range(3))
def test_O03_the_event_and_the_shopper_come_together(store: Store, variant: Product, round_: int) -> None:
    shopper, payment = a_payment(store, variant)
    store.fake.pay(payment.session_id, wait=False, **BUYER)
    event = event_of(store, payment, "completed")
    address = f"/checkout/return/?session_id={payment.session_id}"
    bell, page = at_once([partial(store.fake.redeliver, event), partial(shopper.get, address)])
    assert bell == [200]
    assert "/orders/" in page.url
    assert payment.reference in page.text
    assert_ordered_once(payment, variant)


# --- In this process, on connections of its own ------------------------------------------------------

ROUNDS = 200 if os.environ.get("TEST_NIGHTLY") else 25


@pytest.fixture
def here(store: Store, settings: Any) -> Store:
    """The store's database and fake Stripe, used by threads of this process too."""
    settings.STRIPE_API_BASE = store.fake.url
    settings.SITE_HOST, settings.SITE_URL = "127.0.0.1", store.url
    store.fake.hold()
    store.fake.clear_faults()
    return store


def a_paid_order(store: Store, variant: Product) -> Order:
    payment = press_pay(a_basket_with((variant, 1)), client=f"client {next(_addresses)}")
    store.fake.pay(payment.session_id, wait=False, **BUYER)
    settle(payment.pk)
    return order_of(payment)


def test_K09_the_event_and_the_sweep_find_an_expired_session_together(here: Store, variant: Product) -> None:
    voucher = a_voucher(f"ONCE{variant.pk}", an_offer(Benefit.FIXED, "5.00"), usage=Voucher.SINGLE_USE)
    basket = a_basket_with((variant, 2))
    basket.vouchers.add(voucher)
    payment = press_pay(basket, client=f"client {next(_addresses)}")
    voucher.refresh_from_db()
    assert (voucher.num_orders, stock_of(variant)) == (1, (3, 2))
    here.fake.expire(payment.session_id)
    Payment.objects.filter(pk=payment.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    event = event_of(here, payment, "expired")
    bells, swept = at_once([partial(here.fake.redeliver, event, 2, parallel=True), settle_due_payments])
    assert bells == [200, 200]
    assert isinstance(swept, int)
    voucher.refresh_from_db()
    assert (voucher.num_orders, voucher.total_discount, stock_of(variant)) == (0, 0, (3, 0))
    movements = StockMovement.objects.filter(stockrecord__product=variant).values_list("kind", flat=True)
    assert Counter(movements) == {"received": 1, "allocated": 1, "released": 1}
    assert order_of(payment).status == Status.CANCELLED


def give_back(order: Order, step: str, amount: int | None = None) -> list[Refund]:
    return refund(number=order.number, asked=Asked(amount_minor=amount), reason="", step=step, by="Sam")


def refunds_at(store: Store, order: Order) -> list[int]:
    intent = Payment.objects.get(reference=order.number).intent_id
    made = store.fake.stripe_client().v1.refunds.list({"payment_intent": intent}).data
    return [one.amount for one in made]


def test_F01_two_clicks_on_a_full_refund_at_the_same_moment(here: Store, variant: Product) -> None:
    order = a_paid_order(here, variant)
    first, second = at_once([partial(give_back, order, "form-1")] * 2)
    assert first == second
    whole = Payment.objects.get(reference=order.number).amount_minor
    assert refunds_at(here, order) == [whole]
    row = Refund.objects.get(payment__reference=order.number)
    assert (row.state, row.amount_minor) == ("succeeded", whole)
    assert Mail.objects.filter(kind="refunded", subject=f"refund:{row.pk}").count() == 1


def test_F03_two_parts_that_are_more_than_the_whole_at_the_same_moment(here: Store, variant: Product) -> None:
    order = a_paid_order(here, variant)
    whole = Payment.objects.get(reference=order.number).amount_minor
    results = at_once([partial(give_back, order, f"form-{number}", whole * 2 // 3) for number in range(2)])
    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [TooMuch]
    assert refunds_at(here, order) == [whole * 2 // 3]
    assert Refund.objects.filter(payment__reference=order.number).count() == 1


def test_O16_settling_refunding_and_sweeping_one_order_never_lock_each_other_out(here: Store) -> None:
    variant = a_product(stock=ROUNDS).first
    for number in range(ROUNDS):
        payment = press_pay(a_basket_with((variant, 1)), client=f"round {number}")
        here.fake.pay(payment.session_id, wait=False, **BUYER)
        long_ago = timezone.now() - timedelta(minutes=6)
        Payment.objects.filter(pk=payment.pk).update(created_at=long_ago, checked_at=long_ago)
        event, order = event_of(here, payment, "completed"), order_of(payment)
        bells, swept, refunded = at_once(
            [
                partial(here.fake.redeliver, event),
                settle_due_payments,
                partial(give_back, order, "form-1", 100),
            ]
        )
        assert (bells, type(swept)) == ([200], int), swept
        assert isinstance(refunded, list | NotPossible), refunded
        payment.refresh_from_db()
        assert (payment.state, order_of(payment).status) == ("paid", "paid")
        assert refunds_at(here, order) == ([100] if isinstance(refunded, list) else [])
    assert Mail.objects.filter(kind="confirmation", to="robin@example.org").count() >= ROUNDS
    assert stock_of(variant) == (ROUNDS, ROUNDS)
    assert differences() == []
