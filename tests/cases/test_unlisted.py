"""Faults of the same kinds that are on no list: out of order, empty, somebody else's, more or less than was asked."""

import itertools
import threading
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from shop.basket.models import Basket
from shop.checkout import services as checkout
from shop.donations.models import Donation
from shop.emails.models import Mail, StaffAlert
from shop.order.models import Order
from shop.order.refunding import Asked, refund
from shop.payments import gateway, inbox
from shop.payments.models import Dispute, Payment, Refund, Subscription, WebhookEvent
from shop.payments.refunds import TooMuch, refundable_minor
from shop.payments.selectors import money_state
from tests.cases.walking import SESSIONS, completed, sales, session_event
from tests.giving import begin, hear, monthly
from tests.giving import pay as pay_for_donation
from tests.paying import BUYER, order_of, pay_for, press_pay, stock_of
from tests.till import an_event, ring, ring_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def order(fake, basket) -> Order:
    return pay_for(basket, fake)


@pytest.fixture
def payment(order) -> Payment:
    return Payment.objects.get()


def give_back(order: Order, amount: int | None, step: str = "form-1") -> list[Refund]:
    return refund(number=order.number, asked=Asked(amount_minor=amount), reason="", step=step, by="Sam")


# --- Disputes -----------------------------------------------------------------------------------------


DISPUTED = ["charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"]


@pytest.mark.parametrize("told", list(itertools.permutations([*DISPUTED, "charge.dispute.closed"]))[::5])
def test_a_dispute_that_was_won_is_over_in_whatever_order_it_is_told(fake, order, payment, told):
    opened = fake.dispute(payment.session_id)
    fake.move_dispute(opened["id"], "won")
    for kind in told:
        assert set(ring_all(fake, kind)) == {200}, kind
    assert (Dispute.objects.get().status, Dispute.objects.get().is_open) == ("won", False)
    assert (order_of(payment).status, refundable_minor(payment)) == ("paid", payment.amount_minor)


def test_a_dispute_is_the_first_that_is_heard_of_a_payment(fake, basket, product):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    fake.dispute(payment.session_id)
    assert set(ring_all(fake, "charge.dispute.created")) == {200}
    order = order_of(payment)
    assert (order.status, order.held_from, order.guest_email) == ("on_hold", "paid", "robin@example.org")
    assert ring(completed(payment)).status_code == 200
    assert order_of(payment).status == "on_hold"
    assert stock_of(product.first) == (5, 2)


def test_a_lost_dispute_that_the_bank_decides_anew(fake, order, payment):
    opened = fake.dispute(payment.session_id)
    fake.move_dispute(opened["id"], "lost")
    ring_all(fake, "charge.dispute")
    assert money_state("order", order.number).name == "charged_back"
    fake.move_dispute(opened["id"], "won")
    assert set(ring_all(fake, "charge.dispute")) == {200}
    assert (order_of(payment).status, money_state("order", order.number).name) == ("paid", "paid")


def test_after_a_part_was_charged_back_only_the_rest_can_be_refunded(fake, order, payment):
    opened = fake.dispute(payment.session_id, amount=payment.amount_minor - 500)
    fake.move_dispute(opened["id"], "lost")
    ring_all(fake, "charge.dispute")
    asked = len(fake.requests("POST", "/v1/refunds"))
    with pytest.raises(TooMuch):
        give_back(order, 501)
    assert not Refund.objects.exists()
    assert len(fake.requests("POST", "/v1/refunds")) == asked
    assert refundable_minor(payment) == 500


# --- Refunds ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "told", list(itertools.permutations(["charge.refunded", "refund.updated", "refund.created"]))
)
def test_a_slow_refund_of_the_dashboard_told_in_any_order(fake, basket, told):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER, card="4000000000007726")
    ring(completed(payment))
    made = fake.refund(payment.session_id, 700)
    fake.move_refund(made["id"], "succeeded")
    for kind in told:
        assert set(ring_all(fake, kind)) <= {200}
    row = Refund.objects.get()
    assert (row.stripe_id, row.state, row.amount_minor, row.origin) == (
        made["id"],
        "succeeded",
        700,
        "dashboard",
    )
    assert Mail.objects.filter(kind="refunded").count() == 1


def test_a_refund_of_nobodys_charge_is_none_of_ours(fake, order):
    payment = Payment.objects.get()
    made = fake.refund(payment.session_id, 100)
    fake.fault(method="GET", path="/v1/refunds/", answer={"payment_intent": None, "charge": None})
    assert ring(fake.events("refund.created")[0]).status_code == 200
    assert WebhookEvent.objects.get(type="refund.created").state == "ignored"
    assert not Refund.objects.exists()
    assert ring(an_event("refund.updated", made)).status_code == 200
    assert Refund.objects.get().amount_minor == 100


# --- Events that are empty, or somebody else's ----------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [None, {}, {"object": None}, {"object": []}, {"object": "cs_test_1"}],
    ids=["no data", "nothing in it", "null", "a list", "an id"],
)
def test_an_event_about_nothing_is_refused_and_not_kept(fake, order, data):
    known = WebhookEvent.objects.count()
    assert ring(an_event("checkout.session.completed", {}) | {"data": data}).status_code == 400
    assert WebhookEvent.objects.count() == known


@pytest.mark.parametrize(
    "fields",
    [
        {"metadata": None},
        {"id": None},
        {"metadata": {"payment": None}},
        {"metadata": {"payment": "'; --"}},
        {},
    ],
    ids=["no metadata", "no id", "no payment", "no uuid", "all there"],
)
def test_an_event_with_an_empty_field_does_no_harm(fake, basket, fields):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    event = completed(payment)
    event["data"]["object"] |= fields
    assert ring(event).status_code == 200
    assert WebhookEvent.objects.get().state == "done"
    assert order_of(payment).status == "paid"


def test_an_event_without_an_id_gives_a_payment_no_session(fake, basket):
    fake.fault(method="POST", path=SESSIONS, cut="after", count=3)
    with pytest.raises(checkout.NotCharged):
        press_pay(basket)
    payment = Payment.objects.get()
    assert (payment.state, payment.session_id) == ("creating", None)
    event = completed(payment)
    event["data"]["object"] |= {"id": None, "payment_status": "paid"}
    assert ring(event).status_code == 200
    payment.refresh_from_db()
    assert (payment.state, payment.session_id, order_of(payment).status) == (
        "creating",
        None,
        "pending_payment",
    )


def test_an_event_of_another_site_touches_nothing_even_with_our_payments_number(fake, basket):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    asked = len(fake.requests())
    event = completed(payment)
    event["data"]["object"]["metadata"]["site"] = "another.example"
    assert ring(event).status_code == 200
    assert WebhookEvent.objects.get().state == "ignored"
    assert order_of(payment).status == "pending_payment"
    assert len(fake.requests()) == asked


def test_a_second_session_with_our_payments_number_is_told_to_staff(fake, order, payment):
    """Whoever made it: nobody gets two shirts, and nobody loses the money."""
    twin = fake.stripe_client().v1.checkout.sessions.create(payment.params)
    fake.pay(twin.id, **BUYER)
    (event,) = [e for e in fake.events("checkout.session.completed") if e["data"]["object"]["id"] == twin.id]
    for _time in range(2):
        assert ring(event).status_code == 200
    assert order_of(payment).status == "paid"
    payment.refresh_from_db()
    assert payment.session_id != twin.id
    assert StaffAlert.objects.filter(subject=f"second:{twin.id}").count() == 1


# --- More or less than was asked -----------------------------------------------------------------------


@pytest.mark.parametrize("part", [1, 1000])
def test_only_a_part_was_captured(fake, basket, product, part):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    (intent,) = fake.stripe_client().v1.payment_intents.list({}).data
    intent = intent.to_dict(for_json=True) | {"amount_received": part}
    fake.fault(method="GET", path=f"{SESSIONS}/", answer={"payment_intent": intent}, count=9)
    assert ring(completed(payment)).status_code == 200
    payment.refresh_from_db()
    assert (payment.state, payment.captured_minor, order_of(payment).status) == ("review", part, "on_hold")
    assert order_of(payment).paid_at is None
    assert refundable_minor(payment) == part
    assert stock_of(product.first) == (5, 2)


def test_a_buyer_of_whom_stripe_tells_nothing_is_paid_for_and_held(fake, basket):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    nothing = dict.fromkeys(("customer_details", "collected_information", "customer_email"))
    fake.fault(method="GET", path=f"{SESSIONS}/", answer=nothing, count=9)
    assert ring(completed(payment)).status_code == 200
    order = order_of(payment)
    assert order.paid_at is not None
    assert (order.status, order.guest_email) == ("on_hold", "")
    assert "no country" in order.hold_reason


# --- At the same time ----------------------------------------------------------------------------------


@pytest.fixture
def taken_seats() -> Iterator[list[None]]:
    """Every call to Stripe that this process may make at a time is on its way."""
    taken = []
    while gateway._seats.acquire(blocking=False):
        taken.append(None)
    yield taken
    for _seat in taken:
        gateway._seats.release()


def test_an_event_waits_for_a_call_to_stripe_that_a_shopper_is_not_kept_waiting_for(
    fake, basket, taken_seats, monkeypatch
):
    """Many events come at once, and each that is turned away is a failure in Stripe's eyes."""
    monkeypatch.setattr(inbox, "_PATIENCE", 60.0)  # however slow the machine is
    gateway._seats.release()
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    assert gateway._seats.acquire(blocking=False)
    with pytest.raises(gateway.Unavailable):
        gateway.retrieve_session(payment.session_id)
    taken_seats.pop()
    soon = threading.Timer(0.4, gateway._seats.release)
    soon.start()
    assert ring(completed(payment)).status_code == 200
    soon.join()
    assert order_of(payment).status == "paid"


def test_the_shopper_changes_the_order_while_the_bank_decides(fake, basket, product):
    """Nobody has told the store that the debit is under way; *Change* finds out, and lets nothing go."""
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER, method="bacs_debit")
    with pytest.raises(checkout.AlreadyPaid):
        checkout.change_order(basket_id=basket.pk, now=timezone.now())
    assert order_of(payment).status == "processing_payment"
    fake.settle(payment.session_id)
    told = [session_event("expired", payment), session_event("async_payment_succeeded", payment)]
    assert [ring(event).status_code for event in told] == [200, 200]
    assert [found.status for found in sales()] == ["paid"]
    assert stock_of(product.first) == (5, 2)
    assert Basket.objects.get(pk=basket.pk).status == Basket.SUBMITTED


def test_a_debit_that_fails_after_the_order_was_cancelled_by_staff_changes_nothing_more(
    fake, basket, product
):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER, method="bacs_debit")
    ring(completed(payment))
    fake.settle(payment.session_id, good=False)
    for kind in ("expired", "async_payment_failed", "async_payment_failed", "completed"):
        assert ring(session_event(kind, payment)).status_code == 200
    payment.refresh_from_db()
    assert (payment.state, order_of(payment).status) == ("failed", "cancelled")
    assert stock_of(product.first) == (5, 0)
    assert Mail.objects.filter(kind="payment_failed").count() == 1


# --- Every month ---------------------------------------------------------------------------------------


def test_the_end_of_a_monthly_donation_is_the_first_that_is_heard_of_it(fake):
    donation = begin(Client(), frequency="monthly")
    pay_for_donation(fake, donation)
    at_stripe = fake.stripe_client().v1.subscriptions
    at_stripe.cancel(at_stripe.list({}).data[0].id)
    kinds = ("customer.subscription.deleted", "customer.subscription.updated", "checkout.session.completed")
    assert set(hear(fake, *kinds, "invoice.paid")) == {200}
    donation.refresh_from_db()
    assert (donation.state, donation.email) == ("received", "robin@example.org")
    assert not Subscription.objects.get().is_running
    assert sorted(Mail.objects.values_list("kind", "to")) == [
        ("donation", "robin@example.org"),
        ("donation_ended", "robin@example.org"),
    ]


def test_a_bill_of_no_subscription_and_one_of_nothing_are_no_donation(fake):
    first = monthly(fake, Client())
    invoice = fake.events("invoice.paid")[0]["data"]["object"]
    for number, fields in enumerate(
        ({"parent": None}, {"amount_paid": 0, "billing_reason": "subscription_cycle"})
    ):
        fake.fault(method="GET", path="/v1/invoices/", answer=fields)
        assert ring(an_event("invoice.paid", invoice, id=f"evt_{number}")).status_code == 200
    assert WebhookEvent.objects.get(pk="evt_0").state == "ignored"
    assert list(Donation.objects.values_list("pk", flat=True)) == [first.pk]
    assert Payment.objects.count() == 1
