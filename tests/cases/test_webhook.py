"""What may come to the webhook, and how it gets there."""

import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from shop.emails.models import Mail, StaffAlert
from shop.payments.models import Payment, WebhookEvent
from tests.cases.walking import completed
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, press_pay
from tests.till import an_event, deliver, digest, ring, signature

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def payment(fake) -> Payment:
    """A payment the shopper has paid at Stripe, of which the store has not heard."""
    payment = press_pay(a_basket_with((a_product().first, 1)))
    fake.pay(payment.session_id, **BUYER, wait=False)
    return payment


def assert_untouched(payment: Payment) -> None:
    payment.refresh_from_db()
    assert (payment.state, order_of(payment).status) == ("open", "pending_payment")
    assert not WebhookEvent.objects.exists()


BAD_HEADERS = ["", "t=", "v1=abc", "t=1,v1=", "nonsense", "t=abc,v1=def", "é=1", "x" * 64_000, "t=1,v0=abc"]


@pytest.mark.parametrize("header", BAD_HEADERS)
def test_W01_a_header_that_signs_nothing(fake, payment, header):
    asked = len(fake.requests())
    assert deliver(json.dumps(completed(payment)).encode(), header).status_code == 400
    assert_untouched(payment)
    assert len(fake.requests()) == asked


def test_W01_no_header_at_all(payment):
    body = json.dumps(completed(payment))
    assert Client().post("/webhooks/stripe/", body, content_type="application/json").status_code == 400
    assert_untouched(payment)


@pytest.mark.parametrize(("age", "status"), [(301, 400), (299, 200), (-299, 200), (-302, 400)])
def test_W04_a_signature_counts_for_five_minutes(payment, age, status):
    at = time.time() - age if status == 400 else math.ceil(time.time()) - age
    assert ring(completed(payment), at=at).status_code == status
    assert (order_of(payment).status == "paid") == (status == 200)


def test_W05_signed_with_another_endpoints_secret(payment):
    assert ring(completed(payment), secret="whsec_another").status_code == 400
    assert_untouched(payment)


@pytest.mark.parametrize("name", ["X-Djstripe-Webhook-Secret", "Stripe-Webhook-Secret", "X-Webhook-Secret"])
def test_W05_a_caller_cannot_bring_a_secret(payment, name):
    body = json.dumps(completed(payment)).encode()
    headers = {"Stripe-Signature": signature(body, secret="whsec_mine"), name: "whsec_mine"}
    answer = Client().post("/webhooks/stripe/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert_untouched(payment)


@pytest.mark.parametrize("known", [["whsec_old"], ["whsec_new"], ["whsec_old", "whsec_new"]])
def test_W06_while_the_secret_rotates_any_of_the_two_will_do(payment, settings, known):
    settings.STRIPE_WEBHOOK_SECRETS = known
    body = json.dumps(completed(payment)).encode()
    stamp = int(time.time())
    signed = [f"v1={digest(body, secret, stamp)}" for secret in ("whsec_old", "whsec_new")]
    assert deliver(body, f"t={stamp},{','.join(signed)},v0=x").status_code == 200
    assert order_of(payment).status == "paid"


@pytest.mark.parametrize("is_live_here", [False, True])
def test_W08_an_event_of_the_other_mode_is_kept_told_to_staff_and_ignored(payment, settings, is_live_here):
    settings.STRIPE_LIVEMODE = is_live_here
    assert ring(completed(payment, livemode=not is_live_here)).status_code == 200
    event = WebhookEvent.objects.get()
    assert (event.state, event.livemode) == ("ignored", not is_live_here)
    assert order_of(payment).status == "pending_payment"
    assert StaffAlert.objects.filter(subject="stripe:mode").count() == 1
    assert Mail.objects.filter(kind="alert").count() == 1


@pytest.mark.parametrize("missing", ["payment_status", "metadata"])
def test_W10_an_event_in_another_version_is_looked_up(payment, caplog, missing):
    event = completed(payment, api_version="2020-03-02")
    del event["data"]["object"][missing]
    assert ring(event).status_code == 200
    assert order_of(payment).status == "paid"
    assert "version 2020-03-02" in caplog.text


@pytest.mark.parametrize("method", ["get", "put", "head", "delete", "patch"])
def test_W11_only_post_is_answered_and_nobody_is_led_elsewhere(method):
    answer = getattr(Client(enforce_csrf_checks=True), method)("/webhooks/stripe/")
    assert answer.status_code == 405
    assert "Location" not in answer


def test_W11_no_token_and_no_https_redirect_stand_in_stripes_way(payment, settings):
    settings.SECURE_SSL_REDIRECT = True
    body = json.dumps(completed(payment)).encode()
    answer = Client(enforce_csrf_checks=True).post(
        "/webhooks/stripe/",
        body,
        content_type="application/json",
        headers={"Stripe-Signature": signature(body)},
    )
    assert (answer.status_code, answer.cookies) == (200, {})
    assert order_of(payment).status == "paid"


def test_W12_five_megabytes_are_refused_at_once(payment):
    event = completed(payment) | {"padding": "x" * 5_000_000}
    body = json.dumps(event).encode()
    header = signature(body)
    began = time.monotonic()
    assert deliver(body, header).status_code in (400, 413)
    assert time.monotonic() - began < 0.5
    assert_untouched(payment)


@pytest.mark.django_db(transaction=True)
def test_W13_the_database_is_away_when_the_event_comes(payment):
    event = completed(payment)
    with database_away():
        assert ring(event).status_code == 500
    assert_untouched(payment)
    assert ring(event).status_code == 200
    assert order_of(payment).status == "paid"


@contextmanager
def database_away() -> Iterator[None]:
    """Let no connection to the database succeed meanwhile."""
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict |= {"NAME": "/nowhere/at/all", "HOST": "/nowhere"}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict |= kept


def test_W14_what_our_own_failure_leaves_is_applied_by_the_next_delivery(payment, settings):
    def fail(point: str) -> None:
        if point == "settle.told":
            raise RuntimeError("made to fail")

    settings.TEST_HOOK = fail
    assert ring(completed(payment)).status_code == 500
    event = WebhookEvent.objects.get()
    assert (event.state, event.error, event.tries) == ("failed", "RuntimeError: made to fail", 1)
    assert order_of(payment).status == "pending_payment"
    assert not Mail.objects.exists()
    settings.TEST_HOOK = None
    assert ring(completed(payment)).status_code == 200
    event.refresh_from_db()
    assert (event.state, event.error, event.tries) == ("done", "", 2)
    assert order_of(payment).status == "paid"
    assert Mail.objects.filter(kind="confirmation").count() == 1


def test_W16_an_event_of_a_kind_nobody_knows_is_kept_and_ignored(fake):
    assert ring(an_event("moon.rose", {"id": "moon_1", "object": "moon"})).status_code == 200
    event = WebhookEvent.objects.get()
    assert (event.state, event.tries, event.error) == ("ignored", 1, "")
    assert event.processed_at is not None
    assert fake.requests() == []
