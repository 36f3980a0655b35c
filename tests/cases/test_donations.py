"""Donations: monthly ones counted once an invoice, amounts that are none, and cards tried out on the form."""

import itertools
from collections import Counter
from decimal import Decimal

import pytest

from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.payments.models import Payment, Subscription, WebhookEvent
from tests.cases.walking import SESSIONS
from tests.giving import DAY, DECLINED, PAYS, begin, hear, monthly, next_month, pay, send

pytestmark = [pytest.mark.django_db, pytest.mark.both]

PAID, FAILED, COMPLETED = "invoice.paid", "invoice.payment_failed", "checkout.session.completed"
CHANGED, ENDED = "customer.subscription.updated", "customer.subscription.deleted"


def received():
    return Donation.objects.filter(state="received")


@pytest.mark.parametrize("order", list(itertools.permutations([PAID, COMPLETED, "payment_intent.succeeded"])))
def test_N01_the_first_invoice_and_the_session_come_in_any_order(fake, client, order):
    donation = begin(client, frequency="monthly", other="7.50")
    pay(fake, donation)
    for kind in order:
        assert set(hear(fake, kind)) == {200}
    assert Donation.objects.count() == 1
    donation.refresh_from_db()
    assert (donation.state, donation.way, donation.amount) == ("received", "monthly", Decimal("7.50"))
    assert (donation.name, donation.email) == ("Robin Reader", "robin@example.org")
    payment, subscription = Payment.objects.get(), Subscription.objects.get()
    assert (payment.state, payment.captured_minor, payment.subscription) == ("paid", 750, subscription)
    assert payment.invoice_id.startswith("in_")
    assert payment.intent_id.startswith("pi_")
    assert payment.charge_id.startswith("ch_")
    assert Mail.objects.filter(kind="donation").count() == 1


def test_N02_an_invoice_told_again_and_the_next_month(fake, client):
    first = monthly(fake, client)
    for _again in range(4):
        assert set(hear(fake, PAID)) == {200}
    assert Donation.objects.count() == 1
    next_month(fake)
    for _again in range(3):
        assert set(hear(fake, PAID)) == {200}
    second = Donation.objects.exclude(pk=first.pk).get()
    assert (second.state, second.way, second.first) == ("received", "monthly", first)
    assert (second.amount, second.email, second.number == first.number) == (
        first.amount,
        first.email,
        False,
    )
    invoices = list(Payment.objects.values_list("invoice_id", flat=True))
    assert len(set(invoices)) == len(invoices) == 2
    assert Payment.objects.filter(reference=first.number, state="paid").count() == 2
    assert Mail.objects.filter(kind="donation").count() == 2


def test_N03_a_month_that_is_declined_and_paid_after_all(fake, client):
    monthly(fake, client)
    subscription = Subscription.objects.get()
    fake.change_card(subscription.stripe_id, DECLINED)
    next_month(fake)
    assert set(hear(fake, FAILED, FAILED, CHANGED)) == {200}
    subscription.refresh_from_db()
    assert (subscription.status, subscription.is_behind, subscription.is_running) == ("past_due", True, True)
    assert received().count() == Payment.objects.count() == 1
    (mail,) = Mail.objects.filter(kind="donation_declined")
    assert "/donate/manage/" in mail.text
    fake.change_card(subscription.stripe_id, PAYS)
    fake.advance(3 * DAY)
    late = set(hear(fake, PAID, FAILED, CHANGED))
    subscription.refresh_from_db()
    assert late == {200}
    assert (subscription.status, subscription.is_behind) == ("active", False)
    assert received().count() == Payment.objects.filter(state="paid").count() == 2
    assert Mail.objects.filter(kind="donation_declined").count() == 1


def test_N03_a_card_that_stays_declined_ends_it_whatever_is_heard_last(fake, client):
    monthly(fake, client)
    subscription = Subscription.objects.get()
    fake.change_card(subscription.stripe_id, DECLINED)
    next_month(fake)
    fake.advance(20 * DAY)
    assert set(hear(fake, ENDED, CHANGED, FAILED)) == {200}
    subscription.refresh_from_db()
    assert (subscription.status, subscription.is_running) == ("canceled", False)
    assert received().count() == 1
    assert Mail.objects.filter(kind="donation_ended").count() == 1


@pytest.mark.parametrize(
    "amount",
    [
        *("0", "-1", "-0", "NaN", "Infinity", "1e9", "1e2", "1.234", "1,00", "1,000", "５", "٥", ""),
        *("0.49", "5000.01", "9" * 40, "5 0", "0x10", "five", "£", "1_000", "+5", ".5", "5.", "5\x00"),
    ],
)
@pytest.mark.parametrize("frequency", ["once", "monthly"])
def test_N05_amounts_that_are_none(fake, client, amount, frequency):
    answer = send(client, frequency=frequency, amount="", other=amount)
    assert answer.status_code == 422
    assert 'class="field__error" id="amount-error"' in answer.content.decode()
    assert fake.requests() == []
    assert Payment.objects.count() == Donation.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "minor"), [("5", 500), (" 7.50 ", 750), ("£20", 2000), ("0.50", 50), ("12.5", 1250)]
)
def test_N05_amounts_as_people_write_them(fake, client, typed, minor):
    assert begin(client, other=typed).payment.amount_minor == minor
    (request,) = fake.requests("POST", SESSIONS)
    assert request["params"]["line_items"][0]["price_data"]["unit_amount"] == str(minor)


def test_R07_a_donation_of_fifty_pence_again_and_again(fake, client):
    """One browser ends what it began before, so it may change its mind, but not for ever."""
    answers = [send(client, other="0.50", message=f"card {number}").status_code for number in range(100)]
    assert Counter(answers) == {303: 10, 429: 90}
    assert len([seen for seen in fake.requests("POST", SESSIONS) if seen["path"] == SESSIONS]) == 10
    assert Donation.objects.count() == Payment.objects.count() == 10
    assert Payment.objects.filter(state="open").count() == 1


def test_R07_a_hundred_donations_from_one_address(fake, client_maker):
    answers = Counter(
        send(client_maker(), amount="5", address="203.0.113.9").status_code for _browser in range(100)
    )
    assert answers == {303: 3, 429: 97}
    assert len(fake.requests("POST", SESSIONS)) == Donation.objects.count() == 3
    assert send(client_maker(), amount="5", address="203.0.113.10").status_code == 303


def test_R07_what_is_refused_says_so_and_keeps_no_event(fake, client_maker):
    for _browser in range(3):
        send(client_maker(), amount="5")
    answer = send(client_maker(), amount="5")
    assert "several payments open" in answer.content.decode()
    assert not WebhookEvent.objects.exists()


@pytest.fixture
def client_maker():
    from django.test import Client

    return Client
