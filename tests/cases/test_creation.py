"""Pressing *Pay* while the way to Stripe is bad, and what Stripe is asked for."""

import os
import subprocess
import sys
import time
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as rounds
from hypothesis import strategies as st
from oscar.apps.offer.models import Benefit

from shop import money
from shop.basket.models import Basket
from shop.basket.selectors import COOKIE, sign
from shop.checks import SERVING
from shop.emails.models import Mail, StaffAlert
from shop.order.models import Order
from shop.payments.models import Payment
from shop.payments.services import Payable, PayLine, open_session, prepare
from shop.shipping.models import DeliveryMethod
from tests.cases.walking import SESSIONS, come_back, keys_used, press, sales, sessions_at
from tests.databases import ROOT
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, stock_of
from tests.stripe_types import check_request
from tests.unit.checkout.makers import a_voucher, an_offer

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_C01_the_answer_is_lost_after_stripe_made_the_session(fake, shopper, basket):
    fake.fault(method="POST", path=SESSIONS, delay=0.1, cut="after")
    assert press(shopper, basket).status_code == 303
    payment = Payment.objects.get()
    assert keys_used(fake) == [payment.idempotency_key] * 2
    assert [session.id for session in sessions_at(fake)] == [payment.session_id]
    assert payment.state == "open"


def test_C02_no_call_is_ever_answered(fake, shopper, basket, product):
    fake.fault(path="/v1/", hang="before", count=9)
    began = time.monotonic()
    answer = press(shopper, basket)
    assert time.monotonic() - began < 20
    assert answer.status_code == 200
    assert "not charged" in answer.content.decode()
    assert Payment.objects.get().state == "creating"
    assert sales() == []
    fake.clear_faults()
    fake.fault(path="/v1/", cut="before", count=9)
    shopper.post("/checkout/change/")
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
    assert stock_of(product.first) == (5, 2)  # held until Stripe has answered
    fake.clear_faults()
    assert sessions_at(fake) == []


@pytest.mark.parametrize("first", [{"status": 500, "stored": False}, {"cut": "after"}, {"cut": "before"}])
def test_C03_pay_again_five_minutes_later_sends_the_same_key_and_the_same_bytes(fake, shopper, basket, first):
    fake.fault(method="POST", path=SESSIONS, **first)
    fake.fault(method="POST", path=SESSIONS, cut="before", count=2)
    assert "not charged" in press(shopper, basket).content.decode()
    assert Payment.objects.get().state == "creating"
    Payment.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    fake.clear_faults()
    assert press(shopper, basket).status_code == 303
    payment = Payment.objects.get()
    assert payment.state == "open"
    assert set(keys_used(fake)) == {payment.idempotency_key}
    first_params, *others = [seen["params"] for seen in fake.requests("POST", SESSIONS)]
    assert all(params == first_params for params in others)
    assert len(sessions_at(fake)) == Order.objects.count() == 1


def test_C06_what_stripe_says_of_a_refusal_is_not_for_shoppers(fake, shopper, basket, caplog):
    fake.fault(method="POST", path=SESSIONS, status=400, message="secret detail")
    answer = press(shopper, basket)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "not charged" in page
    assert "secret detail" not in page
    assert "req_" not in page
    assert "req_" in caplog.text
    assert "secret detail" not in caplog.text
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
    assert press(shopper, basket).status_code == 303


@pytest.mark.parametrize("status", [401, 403, 429])
def test_C07_stripe_turns_the_store_away_and_staff_hear_of_it_once(fake, shopper, basket, status):
    fake.fault(path="/v1/", status=status, count=99)
    for presses in (1, 2):
        answer = press(shopper, basket)
        assert answer.status_code == 200
        assert "not charged" in answer.content.decode()
        assert len(fake.requests()) == presses  # one call a press: trying harder makes it worse
    assert StaffAlert.objects.count() == Mail.objects.filter(kind="alert").count() == 1
    assert sales() == []
    fake.clear_faults()
    assert press(shopper, basket).status_code == 303


def test_C09_the_lines_sum_to_the_total_although_the_discount_does_not_divide(fake, client):
    basket = a_basket_with((a_product(price="9.99").first, 3))
    basket.vouchers.add(a_voucher("TENOFF", an_offer(Benefit.FIXED, "10.00")))
    client.cookies[COOKIE] = sign(basket)
    assert press(client, basket).status_code == 303
    order = Order.objects.get()
    (request,) = fake.requests("POST", SESSIONS)
    asked = [int(item["price_data"]["unit_amount"]) for item in request["params"]["line_items"]]
    assert asked == [1997, money.to_minor(order.shipping_incl_tax, "GBP")]
    assert sum(asked) == money.to_minor(order.total_incl_tax, "GBP") == Payment.objects.get().amount_minor
    assert order.shipping_incl_tax > 0


STEPS = {"GBP": Decimal("0.01"), "JPY": Decimal(1), "KWD": Decimal("0.010"), "UGX": Decimal(1)}
POWERS = {"GBP": 100, "JPY": 1, "KWD": 1000, "UGX": 100}


@given(
    currency=st.sampled_from(sorted(STEPS)),
    steps=st.lists(st.integers(0, 90_000), min_size=1, max_size=120),
    names=st.text(max_size=400),
)
@rounds(deadline=None)
def test_C10_what_stripe_is_asked_for_is_whole_minor_units_in_every_currency(currency, steps, names):
    amounts = [number * STEPS[currency] for number in steps]
    lines = [PayLine(names, money.to_minor(amount, currency)) for amount in amounts]
    payment = a_payment(lines, currency)
    items = payment.params["line_items"]
    asked = [item["price_data"]["unit_amount"] for item in items]
    assert all(type(amount) is int for amount in asked)
    assert sum(asked) == payment.amount_minor == sum(amounts) * POWERS[currency]
    assert currency != "KWD" or all(amount % 10 == 0 for amount in asked)
    assert currency != "UGX" or all(amount % 100 == 0 for amount in asked)
    assert check_request("POST", SESSIONS, payment.params) == []


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.005", "GBP"), ("1.5", "JPY"), ("1.234", "KWD"), ("1.50", "UGX"), ("1", "XXX")],
)
def test_C10_an_amount_stripe_would_not_take_is_never_rounded_in_silence(amount, currency):
    with pytest.raises(ValueError, match=currency):
        money.to_minor(Decimal(amount), currency)


def a_payment(lines: list[PayLine], currency: str = "GBP") -> Payment:
    """Return a payment for lines of any kind, prepared and not yet sent."""
    payment_id = uuid.uuid4()
    payable = Payable(
        kind="order",
        reference="A" * 10,
        subject=f"test:{payment_id}",
        currency=currency,
        lines=lines,
        country="GB",
        contents="",
        client="",
        return_path="/checkout/return/",
        cancelled_path="/checkout/cancelled/",
    )
    with transaction.atomic():
        return prepare(payable, payment_id=payment_id, now=timezone.now())


def test_C11_a_total_of_nothing_is_a_session_of_nothing_and_no_charge(fake, client):
    DeliveryMethod.objects.update(price=0)
    basket = a_basket_with((a_product().first, 1))
    basket.vouchers.add(a_voucher("FREE", an_offer(Benefit.PERCENTAGE, "100")))
    client.cookies[COOKIE] = sign(basket)
    assert press(client, basket).status_code == 303
    payment = Payment.objects.get()
    assert fake.pay(payment.session_id, **BUYER)["outcome"] == "no_payment_required"
    assert "/orders/" in come_back(client).redirect_chain[-1][0]
    (session,) = sessions_at(fake)
    assert (session.amount_total, session.payment_status) == (0, "no_payment_required")
    assert (order_of(payment).status, order_of(payment).total_incl_tax) == ("paid", Decimal("0.00"))
    assert fake.stripe_client().v1.charges.list().data == []
    assert Mail.objects.filter(kind="confirmation").count() == 1


def test_C12_a_total_below_stripes_minimum_is_said_before_any_call(fake, client):
    DeliveryMethod.objects.update(price=0)
    basket = a_basket_with((a_product(price="0.20").first, 1))
    client.cookies[COOKIE] = sign(basket)
    answer = client.post("/checkout/pay/", {"total": "0.20"}, follow=True)
    assert answer.redirect_chain == [("/basket/", 302)]
    assert "The smallest payment is £0.30" in answer.content.decode()
    assert fake.requests() == []
    assert not Order.objects.exists()


def test_C13_stripe_takes_any_number_of_lines_with_any_names(fake):
    names = ["x" * 5000, "🧥" * 300, "", "   ", "\n\t", "Größe “M” <b>&amp;</b>", "\x00"]
    lines = [PayLine(names[number % len(names)], number) for number in range(101)]
    payment = a_payment(lines)
    assert open_session(payment).startswith(fake.url)
    (session,) = sessions_at(fake)
    assert session.amount_total == payment.amount_minor == sum(range(101))
    items = payment.params["line_items"]
    assert len(items) == 100
    assert all(0 < len(item["price_data"]["product_data"]["name"].strip()) <= 250 for item in items)


def test_C15_a_retired_or_unknown_parameter_fails_the_build(fake, shopper, basket):
    press(shopper, basket)
    params = Payment.objects.get().params
    assert check_request("POST", SESSIONS, params) == []
    for retired in ({"payment_method_types": ["card"]}, {"ui_mode": "hosted"}, {"no_such_thing": "1"}):
        assert len(check_request("POST", SESSIONS, params | retired)) == 1


def test_C16_without_a_webhook_secret_the_store_does_not_serve(settings):
    settings.STRIPE_WEBHOOK_SECRETS = []
    assert [problem.id for problem in serving_problems()] == ["shop.E003"]
    said = started({"STRIPE_WEBHOOK_SECRET": "", "STRIPE_API_BASE": ""}, "import shop.wsgi")
    assert said.returncode != 0
    assert "no payment would be confirmed" in said.stderr


def test_C16_without_a_key_pay_says_that_nothing_was_charged(shopper, basket, settings):
    settings.STRIPE_SECRET_KEY = ""
    answer = press(shopper, basket)
    assert answer.status_code == 200
    assert "not charged" in answer.content.decode()
    assert sales() == []


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({"STRIPE_LIVEMODE": True, "STRIPE_API_BASE": "http://127.0.0.1:9", "IS_HTTPS": True}, ["shop.E001"]),
        ({"STRIPE_LIVEMODE": True, "STRIPE_API_BASE": "", "DEBUG": True, "IS_HTTPS": True}, ["shop.E002"]),
        ({"STRIPE_LIVEMODE": True, "STRIPE_API_BASE": "", "IS_HTTPS": False}, ["shop.E004"]),
        ({"STRIPE_LIVEMODE": True, "STRIPE_API_BASE": "", "IS_HTTPS": True}, []),
        ({"STRIPE_LIVEMODE": False}, []),
    ],
)
def test_C17_a_live_key_is_refused_where_money_could_go_astray(settings, values, ids):
    for name, value in values.items():
        setattr(settings, name, value)
    assert [problem.id for problem in serving_problems()] == ids


@pytest.mark.parametrize(
    ("key", "is_live"), [("sk_test_x", "False"), ("sk_live_x", "True"), ("rk_live_x", "True")]
)
def test_C17_the_mode_is_the_keys_and_nobody_can_say_otherwise(key, is_live):
    script = "import shop.settings; print(shop.settings.STRIPE_LIVEMODE)"
    said = started({"STRIPE_SECRET_KEY": key, "STRIPE_LIVEMODE": "True"}, script)
    assert said.stdout.split() == [is_live]


def serving_problems():
    return run_checks(tags=[SERVING], include_deployment_checks=True)


def started(environment: dict[str, str], script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own with a store's environment."""
    base = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "DATABASE_URL": "sqlite://:memory:",
        "SECRET_KEY": "a key of no worth for a process that serves nobody at all",
        "STRIPE_SECRET_KEY": "sk_test_store",
        "STRIPE_WEBHOOK_SECRET": "whsec_x",
    }
    command = [sys.executable, "-W", "ignore", "-c", script]
    return subprocess.run(
        command, cwd=ROOT, env=base | environment, capture_output=True, text=True, timeout=60, check=False
    )


NOBODY = """
import os, pwd
os.environ.pop("HOME", None)
def nobody(uid): raise KeyError(uid)
import django; django.setup()
pwd.getpwuid = nobody
from shop.payments import gateway
try:
    gateway.retrieve_session("cs_test_unknown")
except gateway.Refused as error:
    print("missing", error.missing)
"""


def test_C18_a_user_without_a_home_can_call_stripe(fake):
    said = started({"STRIPE_API_BASE": fake.url}, NOBODY)
    assert said.stdout == "missing True\n", said.stderr


# --- Several at once ------------------------------------------------------------------------------
