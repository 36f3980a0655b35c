"""Disputes, inquiries, fraud warnings: the order is held at the first, and goes on when the last has ended well."""

import random

import pytest

from shop.emails.models import Mail, StaffAlert
from shop.order import services
from shop.order.models import Order
from shop.payments import mirror
from shop.payments.models import Dispute, Payment, Refund, WebhookEvent
from shop.payments.refunds import refundable_minor
from shop.payments.selectors import money_state
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, pay_for, press_pay, stock_of
from tests.till import an_event, ring, ring_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=5)


@pytest.fixture
def order(fake, product):
    return pay_for(a_basket_with((product.first, 2)), fake)


@pytest.fixture
def payment(order):
    return Payment.objects.get()


def dispute(fake, payment, **fields):
    return fake.control("POST", f"payments/{payment.session_id}/dispute", **fields)


def move(fake, opened, status):
    return fake.control("POST", f"disputes/{opened['id']}", status=status)


def hear(fake):
    """Let the store hear of all disputes and warnings."""
    for kind in ("charge.dispute", "radar", "review"):
        assert set(ring_all(fake, kind)) <= {200}


def again(order):
    return Order.objects.get(pk=order.pk)


def test_a_dispute_holds_the_order_tells_staff_the_due_date_and_ends_well(order, payment, fake, product):
    opened = dispute(fake, payment, due_by=1796083200)
    hear(fake)
    hear(fake)
    held = again(order)
    assert (held.status, held.held_from, held.hold_cause) == ("on_hold", "paid", "dispute")
    row = Dispute.objects.get()
    assert (row.kind, row.status, row.is_open, row.amount_minor) == ("dispute", "needs_response", True, 5000)
    assert "Answer at Stripe by 1 Dec 2026" in StaffAlert.objects.get().text
    assert money_state("order", order.number).name == "disputed"
    move(fake, opened, "under_review")
    hear(fake)
    assert again(order).status == "on_hold"
    move(fake, opened, "won")
    hear(fake)
    assert (again(order).status, again(order).hold_reason, again(order).hold_cause) == ("paid", "", "")
    assert money_state("order", order.number).name == "paid"
    assert stock_of(product.first) == (5, 2)
    assert Mail.objects.filter(kind="alert").count() == 1


def test_a_lost_dispute_is_charged_back_without_a_refund_and_stock_stays(order, payment, fake, product):
    opened = dispute(fake, payment)
    move(fake, opened, "lost")
    hear(fake)
    hear(fake)
    assert again(order).status == "on_hold"
    assert again(order).hold_reason.startswith("Charged back")
    assert not Refund.objects.exists()
    assert stock_of(product.first) == (5, 2)
    assert money_state("order", order.number).name == "charged_back"
    assert refundable_minor(payment) == 0


@pytest.mark.parametrize("status", ["won", "prevented", "warning_closed"])
def test_each_good_end_restores_a_shipped_order(order, payment, fake, status):
    services.ship(number=order.number, by="Sam", parcels_before=0)
    opened = dispute(fake, payment)
    hear(fake)
    assert again(order).held_from == "shipped"
    move(fake, opened, status)
    hear(fake)
    assert again(order).status == "shipped"


def test_an_inquiry_books_no_money_and_may_become_a_dispute(order, payment, fake):
    opened = dispute(fake, payment, status="warning_needs_response")
    hear(fake)
    assert Dispute.objects.get().kind == "inquiry"
    move(fake, opened, "needs_response")
    hear(fake)
    assert Dispute.objects.get().kind == "dispute"
    assert again(order).held_from == "paid"


def test_two_disputes_hold_until_the_last_has_ended(order, payment, fake):
    first, second = dispute(fake, payment, amount=2000), dispute(fake, payment, amount=3000)
    hear(fake)
    move(fake, first, "won")
    hear(fake)
    assert again(order).status == "on_hold"
    move(fake, second, "won")
    hear(fake)
    assert again(order).status == "paid"


def test_one_lost_of_two_keeps_the_order_held_and_says_so(order, payment, fake):
    first, second = dispute(fake, payment, amount=2000), dispute(fake, payment, amount=3000)
    hear(fake)
    move(fake, first, "lost")
    move(fake, second, "won")
    hear(fake)
    assert again(order).status == "on_hold"
    assert "£20.00" in again(order).hold_reason
    assert refundable_minor(payment) == 3000


def test_a_status_nobody_knows_yet_is_kept_and_counts_as_open(order, payment, fake):
    opened = dispute(fake, payment)
    move(fake, opened, "arbitration_2031")
    hear(fake)
    row = Dispute.objects.get()
    assert (row.status, row.is_open) == ("arbitration_2031", True)
    assert again(order).status == "on_hold"


def test_all_events_in_any_order_and_number_end_alike(order, payment, fake):
    opened = dispute(fake, payment)
    move(fake, opened, "under_review")
    move(fake, opened, "won")
    events = [event for event in fake.events() if event["type"].startswith("charge.dispute")] * 3
    random.shuffle(events)
    assert {ring(event).status_code for event in events} == {200}
    assert Dispute.objects.get().status == "won"
    assert again(order).status == "paid"


def test_closed_before_created_and_lost_is_held(order, payment, fake):
    opened = dispute(fake, payment)
    move(fake, opened, "lost")
    assert ring_all(fake, "charge.dispute.closed") == [200]
    assert again(order).status == "on_hold"
    hear(fake)
    assert again(order).held_from == "paid"


def test_what_the_event_says_is_not_believed(order, payment, fake):
    opened = dispute(fake, payment)
    body = opened | {"status": "lost", "amount": 1}
    assert ring(an_event("charge.dispute.closed", body)).status_code == 200
    assert (Dispute.objects.get().status, Dispute.objects.get().amount_minor) == ("needs_response", 5000)


def test_a_dispute_stripe_does_not_know_changes_nothing(order, fake):
    assert ring(an_event("charge.dispute.created", {"id": "du_1", "object": "dispute"})).status_code == 500
    assert not Dispute.objects.exists()
    assert again(order).status == "paid"


def test_a_hold_of_staff_outlives_the_dispute(order, payment, fake):
    services.hold(number=order.number, reason="address looks odd", by="Sam")
    opened = dispute(fake, payment)
    hear(fake)
    assert again(order).hold_reason == "address looks odd"
    move(fake, opened, "won")
    hear(fake)
    assert (again(order).status, again(order).held_from) == ("on_hold", "paid")


def test_a_hold_of_staff_during_the_dispute_outlives_it_too(order, payment, fake):
    opened = dispute(fake, payment)
    hear(fake)
    services.hold(number=order.number, reason="address looks odd", by="Sam")
    move(fake, opened, "won")
    hear(fake)
    assert again(order).hold_reason == "address looks odd"
    services.release_hold(number=order.number, by="Sam")
    assert again(order).status == "paid"


def test_an_order_staff_release_stays_released_while_the_dispute_goes_on(order, payment, fake):
    opened = dispute(fake, payment)
    hear(fake)
    services.release_hold(number=order.number, by="Sam")
    move(fake, opened, "under_review")
    hear(fake)
    assert again(order).status == "paid"


def test_a_cancelled_order_stays_cancelled(order, payment, fake):
    services.cancel(number=order.number, reason="", by="Sam")
    Refund.objects.update(state="failed")
    opened = fake.control("POST", f"payments/{payment.session_id}/dispute", status="warning_needs_response")
    hear(fake)
    assert again(order).status == "cancelled"
    assert Dispute.objects.get().stripe_id == opened["id"]
    assert StaffAlert.objects.filter(subject=f"dispute:{opened['id']}").exists()


def test_a_fraud_warning_holds_and_refunds_nothing(order, payment, fake):
    fake.control("POST", f"payments/{payment.session_id}/warning")
    hear(fake)
    assert (again(order).status, again(order).hold_cause) == ("on_hold", "dispute")
    assert "warns of fraud" in again(order).hold_reason
    assert not Refund.objects.exists()
    assert Dispute.objects.get().kind == "warning"


def test_a_warning_that_became_a_dispute_lets_go_when_that_is_won(order, payment, fake):
    fake.control("POST", f"payments/{payment.session_id}/warning")
    hear(fake)
    opened = dispute(fake, payment)
    hear(fake)
    move(fake, opened, "won")
    hear(fake)
    assert again(order).status == "paid"
    assert again(order).status_changes.filter(new_status="on_hold").count() == 1


def test_a_dispute_that_comes_before_the_payment_is_known_pays_and_holds(fake, product):
    payment = press_pay(a_basket_with((product.first, 1)))
    fake.pay(payment.session_id, **BUYER)
    dispute(fake, payment)
    hear(fake)
    order = order_of(payment)
    assert (order.status, order.held_from) == ("on_hold", "paid")
    assert Mail.objects.filter(kind="confirmation").count() == 1


def test_a_lost_event_is_made_up_for_by_looking_again(order, payment, fake):
    opened = dispute(fake, payment)
    hear(fake)
    move(fake, opened, "won")
    assert mirror.look_at_open_disputes() == 1
    assert again(order).status == "paid"


def test_a_dispute_of_another_shop_at_the_account_is_ignored(order, payment, fake, settings):
    dispute(fake, payment)
    Payment.objects.update(intent_id="pi_other", charge_id="ch_other")
    settings.SITE_HOST = "other.example"
    hear(fake)
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"ignored"}
    assert not Dispute.objects.exists()
