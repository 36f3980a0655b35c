"""The webhook: what is Stripe's is stored once and applied; what is not is refused and leaves no trace."""

import json

import pytest

from shop.emails.models import Mail
from shop.payments.models import WebhookEvent
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, press_pay
from tests.till import an_event, deliver, ring, signature

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def payment(fake):
    """A payment the shopper has paid at Stripe, of which the store has not heard."""
    payment = press_pay(a_basket_with((a_product().first, 1)))
    fake.pay(payment.session_id, **BUYER, wait=False)
    return payment


def completed(payment, **values):
    """Return the event Stripe sends when the payment's session is complete."""
    session = {
        "id": payment.session_id,
        "object": "checkout.session",
        "payment_status": "paid",
        "metadata": {"payment": str(payment.pk), "site": "testserver"},
    }
    return an_event("checkout.session.completed", session, **values)


def test_two_events_for_one_thing_pay_once(payment):
    ring(completed(payment, id="evt_one"))
    ring(completed(payment, id="evt_two"))
    assert WebhookEvent.objects.count() == 2
    assert Mail.objects.count() == 1


def test_an_event_that_comes_before_the_session_id_is_saved_still_pays(payment):
    session_id = payment.session_id
    type(payment).objects.filter(pk=payment.pk).update(session_id=None, session_url="", state="creating")
    event = completed(payment)
    event["data"]["object"]["id"] = session_id
    assert ring(event).status_code == 200
    assert order_of(payment).status == "paid"


@pytest.mark.parametrize("body", [b"[]", b"{}", b"\xff\xfe", b"null", b'{"id":1}', b"", b'"text"', b"{"])
def test_a_signed_body_that_is_no_event_is_refused(fake, body):
    assert deliver(body, signature(body)).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_without_a_secret_nothing_is_believed(payment, settings):
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert ring(completed(payment), secret="").status_code == 400


def test_a_body_over_256_kb_is_refused(payment):
    event = completed(payment)
    event["padding"] = "x" * 300_000
    assert ring(event).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_an_event_of_another_site_is_kept_and_ignored(payment):
    event = completed(payment)
    event["data"]["object"] |= {
        "id": "cs_test_elsewhere",
        "metadata": {"payment": "0" * 36, "site": "another.example"},
    }
    assert ring(event).status_code == 200
    assert WebhookEvent.objects.get().state == "ignored"


def test_our_own_failure_answers_500_and_the_next_delivery_applies_it(payment, fake):
    fake.fault(method="GET", path="/v1/checkout/sessions", status=500, count=2)
    assert ring(completed(payment)).status_code == 500
    assert WebhookEvent.objects.get().state == "failed"
    assert order_of(payment).status == "pending_payment"
    assert ring(completed(payment)).status_code == 200
    assert WebhookEvent.objects.get().state == "done"
    assert order_of(payment).status == "paid"


def test_nothing_personal_of_an_event_is_stored(payment):
    event = completed(payment)
    event["data"]["object"]["customer_details"] = {"email": "secret@example.org", "name": "Secret Name"}
    ring(event)
    assert "secret" not in json.dumps(WebhookEvent.objects.get().payload).lower()
