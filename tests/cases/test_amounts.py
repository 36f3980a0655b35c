"""What Stripe says was paid is not what was asked for."""

import pytest

from shop.emails.models import Mail, StaffAlert
from shop.payments.models import Payment, Refund
from shop.worker.services import run_once
from tests.cases.walking import SESSIONS, completed, sales
from tests.paying import BUYER, order_of, press_pay, stock_of
from tests.till import ring

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def payment(fake, basket) -> Payment:
    """A payment the shopper has paid at Stripe, of which the store has not heard."""
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    return payment


def answers(fake, **fields) -> None:
    """Let Stripe answer every look at a session with other values."""
    fake.fault(method="GET", path=f"{SESSIONS}/", answer=fields, count=9)


def assert_needs_a_look(payment: Payment, product) -> None:
    payment.refresh_from_db()
    order = order_of(payment)
    assert (payment.state, order.status) == ("review", "on_hold")
    assert payment.problem == order.hold_reason != ""
    assert order.paid_at is None
    assert StaffAlert.objects.filter(subject=f"review:{order.number}").count() == 1
    assert not Mail.objects.exclude(kind="alert").exists()
    assert stock_of(product.first) == (5, 2)
    run_once()
    assert not Refund.objects.exists()
    assert stock_of(product.first) == (5, 2)


@pytest.mark.parametrize("difference", [-1, 1, "nothing", "unknown"])
def test_M01_another_amount_at_stripe(fake, payment, product, difference):
    others = {"nothing": 0, "unknown": None}
    amount = others[difference] if difference in others else payment.amount_minor + difference
    answers(fake, amount_total=amount)
    assert ring(completed(payment)).status_code == 200
    assert_needs_a_look(payment, product)


def test_M02_the_right_number_of_another_currency(fake, payment, product):
    answers(fake, currency="eur")
    assert ring(completed(payment)).status_code == 200
    assert_needs_a_look(payment, product)


@pytest.mark.parametrize(
    "fields",
    [{"client_reference_id": "another"}, {"metadata": {}}, {"mode": "setup"}, {"livemode": True}],
    ids=lambda fields: next(iter(fields)),
)
def test_M02_the_session_of_something_else(fake, payment, product, fields):
    answers(fake, **fields)
    assert ring(completed(payment)).status_code == 200
    assert_needs_a_look(payment, product)


def test_M03_the_event_says_paid_and_stripe_says_unpaid(fake, basket, product):
    payment = press_pay(basket)
    event = completed(payment)
    event["data"]["object"] |= {"status": "complete", "amount_total": payment.amount_minor}
    assert ring(event).status_code == 200
    payment.refresh_from_db()
    assert (payment.state, order_of(payment).status) == ("open", "pending_payment")
    assert sales() == []


def test_M05_the_shopper_saw_euros_and_pounds_are_compared(fake, payment):
    answers(fake, presentment_details={"presentment_amount": 6543, "presentment_currency": "eur"})
    assert ring(completed(payment)).status_code == 200
    payment.refresh_from_db()
    assert (payment.state, payment.problem, order_of(payment).status) == ("paid", "", "paid")
    assert not StaffAlert.objects.exists()
