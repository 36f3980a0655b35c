"""Money that comes late, twice, differently, or for what is gone; and events that never came."""

from datetime import timedelta

import pytest
from django.utils import timezone
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer

from shop.basket.models import Basket
from shop.emails.models import Mail, StaffAlert
from shop.order import services
from shop.order.models import Order
from shop.payments import inbox, settlement
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.selectors import money_state, webhook_health
from shop.payments.settlement import settle
from shop.transactions import durably
from shop.worker.services import run_once
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, press_pay, stock_of
from tests.till import an_event, ring

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=5)


@pytest.fixture
def basket(product):
    return a_basket_with((product.first, 2))


def paid_at_stripe(fake, basket):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    return payment


def cancel_here(payment):
    durably(lambda: services.cancel_locked(services.lock(payment.reference), by="test", reason="test"))


def cancel(payment):
    services.cancel(number=payment.reference, reason="", by="Sam")


def test_paid_but_sold_out_meanwhile_is_refunded_by_one_button(fake, product, basket):
    payment = paid_at_stripe(fake, basket)
    cancel_here(payment)
    press_pay(a_basket_with((product.first, 5)), client="another")
    settle(payment.pk)
    assert StaffAlert.objects.get().subject == f"unfilled:{payment.reference}"
    cancel(payment)
    assert order_of(payment).status == "cancelled"
    assert Refund.objects.get().amount_minor == payment.amount_minor
    assert stock_of(product.first) == (5, 5)


def test_paid_twice_is_told_to_staff_and_one_button_refunds_that_payment(fake, product, basket):
    first = paid_at_stripe(fake, basket)
    cancel_here(first)
    Payment.objects.filter(pk=first.pk).update(state="expired")
    Basket.objects.filter(pk=basket.pk).update(status=Basket.OPEN)
    second = paid_at_stripe(fake, basket)
    settle(second.pk)
    settle(first.pk)
    assert StaffAlert.objects.get().subject == f"twice:{first.reference}"
    cancel(first)
    assert (order_of(first).status, order_of(second).status) == ("cancelled", "paid")
    assert [refund.payment_id for refund in Refund.objects.all()] == [first.pk]
    assert stock_of(product.first) == (5, 2)


def test_cancelling_late_money_gives_offers_back_once(fake, basket):
    offer = an_offer(num_applications=5, num_orders=5)
    payment = paid_at_stripe(fake, basket)
    order_of(payment).discounts.create(offer_id=offer.pk, offer_name="Sale", frequency=1, amount=1)
    cancel_here(payment)
    settle(payment.pk)
    cancel(payment)
    offer.refresh_from_db()
    assert (offer.num_applications, offer.num_orders) == (4, 4)


def an_offer(**values):
    benefit = Benefit.objects.create(type=Benefit.PERCENTAGE, value=10)
    condition = Condition.objects.create(type=Condition.COUNT, value=1)
    values |= {"status": ConditionalOffer.SUSPENDED, "benefit": benefit, "condition": condition}
    return ConditionalOffer.objects.create(name="Sale", **values)


@pytest.mark.parametrize("values", [{"amount_minor": 1}, {"currency": "EUR"}])
def test_a_mismatch_alerts_staff_and_one_button_refunds_what_stripe_took(fake, product, basket, values):
    payment = paid_at_stripe(fake, basket)
    amount = payment.amount_minor
    Payment.objects.filter(pk=payment.pk).update(**values)
    settle(payment.pk)
    assert StaffAlert.objects.get().subject == f"review:{payment.reference}"
    assert money_state("order", payment.reference).name == "review"
    assert order_of(payment).guest_email == "robin@example.org"
    cancel(payment)
    assert (Refund.objects.get().amount_minor, Refund.objects.get().state) == (amount, "succeeded")
    assert order_of(payment).status == "cancelled"
    assert stock_of(product.first) == (5, 0)


def test_a_mismatched_session_that_is_still_open_is_ended_when_the_order_is_cancelled(fake, product, basket):
    payment = press_pay(basket)
    Payment.objects.filter(pk=payment.pk).update(amount_minor=1)
    settle(payment.pk)
    cancel(payment)
    assert fake.stripe_client().v1.checkout.sessions.retrieve(payment.session_id).status == "expired"
    assert not Refund.objects.exists()
    assert stock_of(product.first) == (5, 0)


def test_money_that_comes_to_a_payment_in_review_is_noted_and_told(fake, basket):
    payment = press_pay(basket)
    Payment.objects.filter(pk=payment.pk).update(amount_minor=1)
    settle(payment.pk)
    StaffAlert.objects.all().delete()
    fake.pay(payment.session_id, **BUYER)
    settle(payment.pk)
    assert Payment.objects.get().captured_minor == 5000
    assert StaffAlert.objects.count() == 1


def test_a_payment_of_another_reference_is_held(fake, basket, settings):
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER)
    settings.STRIPE_LIVEMODE = True
    settle(payment.pk)
    assert order_of(payment).status == "on_hold"
    assert Payment.objects.get().captured_minor is None


@pytest.mark.parametrize("amount", [None, 1])
def test_money_for_an_order_that_is_gone_crashes_nothing_and_can_be_refunded(fake, basket, amount):
    payment = paid_at_stripe(fake, basket)
    if amount:
        Payment.objects.filter(pk=payment.pk).update(amount_minor=amount)
    Order.objects.all().delete()
    event = an_event(
        "checkout.session.completed", {"id": payment.session_id, "object": "checkout.session", "metadata": {}}
    )
    assert ring(event).status_code == 200
    payment.refresh_from_db()
    assert payment.state == ("review" if amount else "paid")
    assert StaffAlert.objects.get().subject == f"gone:{payment.pk}"
    from shop.payments.refunds import refundable_minor, request, send

    left = refundable_minor(payment)
    asked = durably(lambda: request(payment=payment, amount_minor=left, reason="", step="gone"))
    assert send(asked.pk).state == "succeeded"
    assert left == 5000


def test_an_expired_payment_of_an_order_that_is_gone_ends(fake, basket):
    payment = press_pay(basket)
    fake.expire(payment.session_id)
    Order.objects.all().delete()
    assert settle(payment.pk).state == "expired"


def test_one_alert_a_subject_stays_open_and_one_mail_a_day_goes_out(fake, basket):
    payment = paid_at_stripe(fake, basket)
    Payment.objects.filter(pk=payment.pk).update(amount_minor=1)
    settle(payment.pk)
    Payment.objects.filter(pk=payment.pk).update(state="open", captured_minor=None)
    settle(payment.pk)
    assert StaffAlert.objects.count() == Mail.objects.filter(kind="alert").count() == 1
    assert Mail.objects.get(kind="alert").to == "staff@example.org"


def test_staff_accept_what_stripe_never_took_and_it_cannot_be_refunded(fake, basket):
    payment = press_pay(basket)
    fake.reset()
    settle(payment.pk)
    settlement.accept(payment.pk, now=timezone.now())
    from shop.payments.refunds import refundable_minor

    assert refundable_minor(Payment.objects.get()) == 0


# --- Events ---------------------------------------------------------------------------------------


def test_an_event_of_the_other_mode_is_ignored_and_staff_are_told(fake, basket):
    payment = paid_at_stripe(fake, basket)
    event = an_event(
        "checkout.session.completed", {"id": payment.session_id, "object": "checkout.session"}, livemode=True
    )
    assert ring(event).status_code == 200
    assert order_of(payment).status == "pending_payment"
    assert WebhookEvent.objects.get().state == "ignored"
    assert StaffAlert.objects.get().subject == "stripe:mode"


def test_an_event_of_another_version_is_logged_and_looked_up(fake, basket, caplog):
    payment = paid_at_stripe(fake, basket)
    event = an_event("checkout.session.completed", {"id": payment.session_id}, api_version="2020-03-02")
    assert ring(event).status_code == 200
    assert order_of(payment).status == "paid"
    assert "is of version 2020-03-02" in caplog.text


def test_events_that_never_arrived_are_fetched_within_the_hour(fake, basket):
    nobody = {"url": "http://127.0.0.1:9/", "enabled_events": ["*"]}
    endpoint = fake.stripe_client().v1.webhook_endpoints.create(nobody)
    payment = press_pay(basket)
    fake.pay(payment.session_id, **BUYER, wait=False)
    assert run_once()["missed events"] == 1
    assert order_of(payment).status == "paid"
    assert inbox.fetch_undelivered() == 0
    assert "missed events" not in run_once()
    fake.stripe_client().v1.webhook_endpoints.delete(endpoint.id)


def test_failed_events_and_the_last_accepted_one_are_told(fake, basket):
    payment = paid_at_stripe(fake, basket)
    assert webhook_health().last_accepted_at is None
    fake.fault(method="GET", path="/v1/checkout/sessions", status=500, count=9)
    event = an_event("checkout.session.completed", {"id": payment.session_id})
    assert ring(event).status_code == 500
    health = webhook_health()
    assert (health.failed, health.last_accepted_at) == (1, None)
    fake.clear_faults()
    inbox.retry_failed()
    health = webhook_health()
    assert health.failed == 0
    assert timezone.now() - health.last_accepted_at < timedelta(minutes=1)
