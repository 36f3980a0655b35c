"""Each guard of money holds under real parallel connections, and without it the failure it prevents is there."""

import threading
from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shop.checkout import services as checkout
from shop.donations import services as donations
from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments import invoices, lookups, refunds, settlement
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.testpoints import GUARDS
from shop.transactions import durably
from tests.factories import a_basket_with, a_product
from tests.fake_stripe_client import FakeStripe
from tests.giving import monthly, next_month, send
from tests.paying import BUYER, order_of, pay_for, press_pay, total_of
from tests.races.parallel import at_once
from tests.till import ring

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

TIMES = 6
#: Seconds until one door must have heard of the other.
PATIENCE = 30


def _basket(stock: int = 20) -> Any:
    return a_basket_with((a_product(stock=stock, colours=["white"], sizes=["M"]).first, 1))


def _off(settings: Any, guard: str) -> None:
    assert not guard or guard in GUARDS
    settings.TEST_GUARDS_OFF = frozenset(guard.split())


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(("off", "orders"), [("", 1), ("basket", TIMES)])
def test_only_the_guard_keeps_a_basket_to_one_order(off: str, orders: int, settings: Any) -> None:
    _off(settings, off)
    basket = _basket()
    total = total_of(basket)

    def press() -> None:
        checkout.pay(basket_id=basket.pk, shown_total=total, client="client", now=timezone.now())

    settings.MAX_OPEN_PAYMENTS_PER_ADDRESS = TIMES + 1
    at_once([press] * TIMES)
    assert Order.objects.filter(basket_id=basket.pk).count() == orders
    assert Payment.objects.count() == orders


@pytest.mark.parametrize(("off", "rows"), [("", 1), ("event", TIMES)])
def test_only_the_guard_keeps_an_event_to_one_row(
    off: str, rows: int, fake: FakeStripe, settings: Any
) -> None:
    _off(settings, off)
    payment = press_pay(_basket())
    fake.pay(payment.session_id, **BUYER)
    event = fake.events("checkout.session.completed")[0]
    answers = at_once([partial(ring, event)] * TIMES)
    assert Counter(answer.status_code for answer in answers) == {200: TIMES}
    assert WebhookEvent.objects.filter(object_id=payment.session_id).count() == rows
    assert order_of(payment).status == Status.PAID


@pytest.mark.parametrize(("off", "state"), [("", "paid"), ("forward", "open")])
def test_only_the_guard_keeps_a_late_answer_from_taking_a_payment_back(
    off: str, state: str, fake: FakeStripe, settings: Any
) -> None:
    """One door looks up the session while it is open and is slow; the shopper pays and another door settles."""
    _off(settings, off)
    payment = press_pay(_basket())

    looked_up, settled = threading.Event(), threading.Event()

    def stop(point: str) -> None:
        if point == "settle.looked_up" and not looked_up.is_set():
            looked_up.set()
            assert settled.wait(PATIENCE)

    def settle_slowly() -> None:
        settlement.settle(payment.pk)

    def pay_and_settle() -> None:
        assert looked_up.wait(PATIENCE)
        fake.pay(payment.session_id, **BUYER)
        settlement.settle(payment.pk)
        settled.set()

    settings.TEST_HOOK = stop
    assert at_once([settle_slowly, pay_and_settle]) == [None, None]
    payment.refresh_from_db()
    assert payment.state == state
    assert order_of(payment).status == Status.PAID


@pytest.mark.parametrize(("off", "refunded"), [("", 2), ("refund", TIMES)])
def test_only_the_guard_keeps_refunds_within_what_was_taken(
    off: str, refunded: int, fake: FakeStripe, settings: Any
) -> None:
    """Several people refund at once, each two fifths of the order by a form of their own."""
    _off(settings, off)
    payment = Payment.objects.get(reference=pay_for(_basket(), fake).number)
    part = payment.amount_minor * 2 // 5

    def request(number: int) -> Refund:
        def locked() -> Refund:
            mine = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
            return refunds.request(payment=mine, amount_minor=part, reason="", step=f"form:{number}")

        return durably(locked)

    answers = Counter(
        type(answer).__name__ for answer in at_once([partial(request, n) for n in range(TIMES)])
    )
    assert answers == Counter({"Refund": refunded, "TooMuch": TIMES - refunded})
    assert (sum(Refund.objects.values_list("amount_minor", flat=True)) > payment.amount_minor) is bool(off)


@pytest.mark.parametrize(("off", "counted"), [("", 2), ("invoice", 1 + TIMES)])
def test_only_the_guard_keeps_an_invoice_to_one_donation(
    off: str, counted: int, fake: FakeStripe, settings: Any
) -> None:
    """Webhook, sweep and reconcile hear of the same month at once."""
    _off(settings, off)
    first = monthly(fake, Client())
    next_month(fake)
    answer = lookups.invoice(fake.events("invoice.paid")[-1]["data"]["object"]["id"])
    write = partial(durably, partial(invoices._write, first.payment_id, answer, ""))
    assert at_once([write] * TIMES) == [None] * TIMES
    assert Payment.objects.count() == Donation.objects.filter(state="received").count() == counted
    assert Mail.objects.filter(kind="donation").count() == counted


@pytest.mark.usefixtures("fake")
def test_one_address_cannot_try_more_cards_by_trying_all_at_once(settings: Any) -> None:
    """So many browsers at one address ask for a donation at the same moment; `limits` has the negative control."""
    settings.MAX_PAYS_PER_HOUR_PER_ADDRESS = 2
    answers = at_once([partial(send, Client(), amount="5")] * TIMES)
    assert Counter(getattr(answer, "status_code", answer) for answer in answers)[429] == TIMES - 2
    assert Payment.objects.count() == Donation.objects.count() == 2


@pytest.mark.parametrize(("off", "pages"), [("", 1), ("basket", TIMES)])
def test_only_the_guard_keeps_a_browser_to_one_open_donation(
    off: str, pages: int, fake: FakeStripe, settings: Any
) -> None:
    """A double click: every request comes before any other's payment is in the browser's session."""
    _off(settings, off)
    settings.MAX_OPEN_PAYMENTS_PER_ADDRESS = settings.MAX_PAYS_PER_HOUR_PER_ADDRESS = 2 * TIMES
    wish = donations.Wish(Decimal(5), is_monthly=False)
    give = partial(donations.give, wish=wish, mine=[], client="c", browser="b", now=timezone.now())
    answers = at_once([give] * TIMES)
    # On a slow machine a seat at Stripe may not come free in time: then *Give* is pressed again, for the same payment.
    assert {type(answer) for answer in answers} <= {donations.Giving, donations.NotCharged}
    assert len({answer.payment_id for answer in answers}) == pages
    assert Payment.objects.count() == Donation.objects.count() == pages
    assert len(fake.stripe_client().v1.checkout.sessions.list({"limit": 100}).data) <= pages
