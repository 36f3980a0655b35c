"""Refunds follow Stripe: ours and those of its dashboard, by id, never more than was captured."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from shop.emails.models import Mail, StaffAlert
from shop.order.refunding import Asked
from shop.order.refunding import refund as refund_order
from shop.payments import gateway, refunds
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.payments.selectors import money_state
from tests.factories import a_basket_with, a_product
from tests.paying import pay_for
from tests.till import ring, ring_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def order(fake):
    return pay_for(a_basket_with((a_product(stock=5).first, 2)), fake)


@pytest.fixture
def payment(order):
    return Payment.objects.get()


def give_back(order, *, step="token-1", amount=None, **values):
    asked = Asked(amount_minor=amount)
    return refund_order(number=order.number, asked=asked, reason="too small", step=step, by="Sam", **values)


def in_dashboard(fake, payment, **fields):
    return fake.control("POST", f"payments/{payment.session_id}/refund", **fields)


def at_stripe(fake):
    return fake.stripe_client().v1.refunds.list().data


def states():
    return list(Refund.objects.order_by("created_at").values_list("state", "amount_minor", "origin"))


def test_a_full_refund_gives_everything_back_and_mails_once(order, payment, fake):
    (refund,) = give_back(order)
    assert (refund.state, refund.amount_minor) == ("succeeded", payment.amount_minor)
    assert Mail.objects.get(kind="refunded").subject == f"refund:{refund.pk}"
    ring_all(fake, "refund")
    ring_all(fake, "charge.refunded")
    assert Mail.objects.filter(kind="refunded").count() == 1
    assert states() == [("succeeded", payment.amount_minor, "store")]


def test_a_double_click_refunds_once_and_two_equal_refunds_on_purpose_are_two(order, fake):
    give_back(order, amount=500)
    give_back(order, amount=500)
    assert len(at_stripe(fake)) == 1
    give_back(order, amount=500, step="token-2")
    assert len(at_stripe(fake)) == 2


def test_more_than_is_left_is_refused_and_nothing_is_written(order, payment, fake):
    give_back(order, amount=payment.amount_minor - 100)
    with pytest.raises(refunds.TooMuch):
        give_back(order, amount=101, step="token-2")
    for amount in (0, -5):
        with pytest.raises(refunds.TooMuch):
            give_back(order, amount=amount, step=f"token{amount}")
    assert Refund.objects.count() == len(at_stripe(fake)) == 1


def test_no_answer_is_tried_again_with_the_same_key(order, fake):
    fake.fault(method="POST", path="/v1/refunds", cut="after")
    fake.fault(method="POST", path="/v1/refunds", cut="before", count=9)
    (refund,) = give_back(order, amount=700)
    assert refund.state == "unknown"
    assert refunds.refundable_minor(refund.payment) == refund.payment.amount_minor - 700
    fake.clear_faults()
    assert refunds.send_unknown() == 1
    assert states() == [("succeeded", 700, "store")]
    assert len(at_stripe(fake)) == 1


@pytest.mark.parametrize("was_made", [True, False])
def test_after_a_day_the_key_is_not_used_again_but_the_refund_is_looked_for(order, fake, was_made):
    if was_made:
        fake.fault(method="POST", path="/v1/refunds", cut="after")
    fake.fault(method="POST", path="/v1/refunds", cut="before", count=9)
    give_back(order, amount=700)
    fake.clear_faults()
    Refund.objects.update(created_at=timezone.now() - timedelta(hours=24))
    asked = len(fake.requests("POST", "/v1/refunds"))
    refunds.send_unknown()
    assert len(fake.requests("POST", "/v1/refunds")) == asked
    assert Refund.objects.get().state == ("succeeded" if was_made else "failed")
    assert StaffAlert.objects.exists() is not was_made


def test_a_stored_error_is_looked_through_and_not_repeated_for_ever(order, fake):
    fake.fault(method="POST", path="/v1/refunds", status=500, stored=True)
    (refund,) = give_back(order, amount=700)
    assert refund.state == "unknown"
    refunds.send_unknown()
    assert Refund.objects.get().state == "unknown"
    Refund.objects.update(created_at=timezone.now() - timedelta(hours=2))
    refunds.send_unknown()
    assert Refund.objects.get().state == "failed"
    assert refunds.refundable_minor(refund.payment) == refund.payment.amount_minor
    give_back(order, amount=700, step="again")
    assert len(at_stripe(fake)) == 1


def test_refunds_of_the_dashboard_are_mirrored_each_once(order, payment, fake):
    in_dashboard(fake, payment, amount=300)
    in_dashboard(fake, payment, amount=400)
    assert set(ring_all(fake, "charge.refunded") + ring_all(fake, "refund")) == {200}
    assert sorted(states()) == [("succeeded", 300, "dashboard"), ("succeeded", 400, "dashboard")]
    assert Mail.objects.filter(kind="refunded").count() == 2
    state = money_state("order", order.number)
    assert (state.name, state.refunded) == ("part_refunded", 700)


def test_a_refund_of_the_dashboard_that_comes_before_the_payment_is_known_is_kept(fake):
    from tests.paying import BUYER, order_of, press_pay

    payment = press_pay(a_basket_with((a_product().first, 1)))
    fake.pay(payment.session_id, **BUYER)
    in_dashboard(fake, payment)
    assert set(ring_all(fake, "refund")) == {200}
    payment.refresh_from_db()
    order = order_of(payment)
    assert (payment.state, order.status, order.held_from) == ("paid", "on_hold", "paid")
    assert StaffAlert.objects.get().subject == f"refunded:{order.number}"
    assert money_state("order", payment.reference).name == "refunded"


def test_our_own_refund_that_comes_by_webhook_first_is_not_counted_twice(order, payment, fake):
    fake.fault(method="POST", path="/v1/refunds", cut="after")
    fake.fault(method="POST", path="/v1/refunds", cut="before", count=9)
    give_back(order, amount=700)
    fake.clear_faults()
    ring_all(fake, "refund.created")
    assert states() == [("succeeded", 700, "store")]
    refunds.send_unknown()
    assert states() == [("succeeded", 700, "store")]
    assert Mail.objects.filter(kind="refunded").count() == 1


def test_pending_then_succeeded_then_failed_is_followed_and_staff_are_told(order, payment, fake):
    seen = set()
    (refund,) = give_back(order, amount=700)
    for status in ("pending", "requires_action", "succeeded", "failed"):
        fake.move_refund(refund.stripe_id, status)
        assert set(ring_all(fake, "refund", seen=seen)) == {200}
        refund.refresh_from_db()
        assert refund.state == status
    assert refunds.refundable_minor(payment) == payment.amount_minor
    alert = StaffAlert.objects.get()
    assert order.number in alert.text
    assert "£7.00 failed" in alert.text
    assert Mail.objects.filter(kind="alert").count() == Mail.objects.filter(kind="refunded").count() == 1


def test_events_of_a_refund_in_any_order_and_number_end_alike(order, fake):
    (refund,) = give_back(order, amount=700)
    for status in ("pending", "failed"):
        fake.move_refund(refund.stripe_id, status)
    events = [event for event in fake.events() if event["type"].startswith(("refund", "charge"))] * 3
    random.shuffle(events)
    assert {ring(event).status_code for event in events} == {200}
    assert states() == [("failed", 700, "store")]
    assert Mail.objects.filter(kind="alert").count() == 1


def test_what_stripe_refuses_is_a_failed_row_with_words_and_no_error(order, payment, fake):
    in_dashboard(fake, payment)
    (refund,) = give_back(order, amount=700)
    assert (refund.state, refund.error) == ("failed", "The whole payment has been refunded already.")
    assert len(at_stripe(fake)) == 1
    assert StaffAlert.objects.count() == 1
    assert not Mail.objects.filter(kind="refunded").exists()


def test_a_refusal_of_the_second_try_does_not_hide_that_the_first_was_made(order, payment, fake):
    fake.fault(method="POST", path="/v1/refunds", cut="after")
    fake.fault(method="POST", path="/v1/refunds", cut="before", count=9)
    give_back(order)
    fake.clear_faults()
    fake.fault(method="POST", path="/v1/refunds", status=400)
    refunds.send_unknown()
    assert states() == [("succeeded", payment.amount_minor, "store")]


def test_a_disputed_payment_cannot_be_refunded_and_says_why(order, payment, fake):
    fake.control("POST", f"payments/{payment.session_id}/dispute")
    (refund,) = give_back(order, amount=700)
    assert refund.state == "failed"
    assert "disputed" in refund.error
    assert at_stripe(fake) == []


def test_a_refund_of_another_shop_at_the_same_account_is_ignored(payment, fake, settings):
    in_dashboard(fake, payment, amount=1)
    Payment.objects.update(intent_id="pi_other", charge_id="ch_other")
    settings.SITE_HOST = "other.example"
    assert ring_all(fake, "refund.created") == [200]
    assert WebhookEvent.objects.get().state == "ignored"
    assert not Refund.objects.exists()


def test_stripe_silent_at_the_event_answers_500_and_the_sweep_does_the_rest(order, payment, fake):
    from shop.payments import inbox

    in_dashboard(fake, payment, amount=300)
    fake.fault(method="GET", path="/v1/refunds", status=500, count=9)
    assert ring_all(fake, "refund.created") == [500]
    assert states() == []
    fake.clear_faults()
    assert inbox.retry_failed() == 1
    assert states() == [("succeeded", 300, "dashboard")]


def test_an_older_look_up_never_overwrites_a_newer_one(order, payment, fake, monkeypatch):
    from shop.payments import mirror

    (refund,) = give_back(order, amount=700)
    fake.move_refund(refund.stripe_id, "pending")
    real, looked = gateway.retrieve_refund, []

    def slow(refund_id):
        answer = real(refund_id)
        looked.append(answer.status)
        if len(looked) == 1:  # while this answer is on its way, another process writes a newer one
            fake.move_refund(refund.stripe_id, "failed")
            mirror.refund(refund_id)
        return answer

    monkeypatch.setattr(gateway, "retrieve_refund", slow)
    mirror.refund(refund.stripe_id)
    assert looked[0] == "pending"
    assert states() == [("failed", 700, "store")]
