"""From the donation page to Stripe and back: what is asked for, what becomes of it, what the donor is told."""

from decimal import Decimal

import pytest
from django.test import Client

from shop.donations.models import Donation
from shop.emails.models import Mail, StaffAlert
from shop.payments import settlement
from shop.payments.models import Payment
from shop.worker.services import run_once
from tests.cases.walking import SESSIONS
from tests.fake_stripe_client import API_KEY
from tests.giving import begin, given, hear, pay, send
from tests.passing import let_pass
from tests.paying import BUYER

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def thanks(browser, session_id):
    return browser.get("/donate/thanks/", {"session_id": session_id})


def test_stripe_is_asked_for_the_donation_and_nothing_else(fake, client):
    donation = begin(client, other="12.34", message="Keep going")
    (request,) = fake.requests("POST", SESSIONS)
    sent = request["params"]
    assert (sent["mode"], sent["submit_type"]) == ("payment", "donate")
    assert "shipping_address_collection" not in sent
    assert sent["payment_intent_data"]["metadata"] == sent["metadata"]
    assert (sent["metadata"]["kind"], sent["metadata"]["reference"]) == ("donation", donation.number)
    (line,) = sent["line_items"]
    assert line["price_data"]["unit_amount"] == "1234"
    assert (donation.state, donation.amount, donation.message) == ("waiting", Decimal("12.34"), "Keep going")


def test_a_monthly_one_asks_for_the_same_every_month(fake, client):
    begin(client, frequency="monthly", amount="25")
    sent = fake.requests("POST", SESSIONS)[0]["params"]
    assert (sent["mode"], sent["line_items"][0]["price_data"]["recurring"]) == (
        "subscription",
        {"interval": "month"},
    )
    assert sent["subscription_data"]["metadata"] == sent["metadata"]
    assert not {"submit_type", "payment_intent_data", "customer_creation"} & set(sent)


def test_the_giver_is_thanked_with_amount_and_address_and_a_stranger_without(fake, client):
    session_id = pay(fake, begin(client))
    page = thanks(client, session_id).content.decode()
    assert "£10.00" in page
    assert "robin@example.org" in page
    stranger = thanks(Client(), session_id).content.decode()
    assert "Thank you" in stranger
    assert "robin@example.org" not in stranger
    assert "£10.00" not in stranger
    assert Donation.objects.get().state == "received"
    assert Mail.objects.filter(kind="donation").count() == 1


def test_the_receipt_says_what_was_given_and_monthly_ones_how_to_stop(fake, client):
    once = given(fake, client)
    mail = Mail.objects.get(kind="donation")
    assert (mail.to, mail.headline) == ("robin@example.org", "Thank you – your donation of £10.00")
    assert once.number in mail.text
    assert "/donate/manage/" not in mail.text
    given(fake, client, frequency="monthly")
    monthly = Mail.objects.filter(kind="donation").latest("pk")
    assert "http://testserver/donate/manage/" in monthly.text
    assert "/donate/manage/" in monthly.html


@pytest.mark.parametrize("session_id", ["", "cs_test_nobody", "x", "{CHECKOUT_SESSION_ID}"])
def test_a_return_that_is_nobodys_is_not_found(fake, client, session_id):
    begin(client)
    asked = len(fake.requests())
    assert thanks(client, session_id).status_code == 404
    assert len(fake.requests()) == asked


def test_an_orders_and_a_donations_way_back_do_not_mix(fake, client):
    donation = begin(client)
    session_id = pay(fake, donation)
    assert client.get("/checkout/return/", {"session_id": session_id}).status_code == 404
    assert client.get(f"/checkout/cancelled/{donation.payment_id}/").status_code == 404


def test_coming_back_unpaid_says_that_nothing_was_charged(fake, client):
    donation = begin(client)
    assert "not charged" in thanks(client, donation.payment.session_id).content.decode()
    page = client.get(f"/donate/cancelled/{donation.payment_id}/").content.decode()
    assert "not charged" in page
    donation.refresh_from_db()
    assert donation.state == "not_given"
    assert Payment.objects.get().state == "expired"
    assert not Mail.objects.exists()


def test_a_stranger_at_the_cancel_link_ends_nothing(fake, client):
    donation = begin(client)
    asked = len(fake.requests())
    assert Client().get(f"/donate/cancelled/{donation.payment_id}/").status_code == 404
    assert (Payment.objects.get().state, len(fake.requests())) == ("open", asked)


def test_going_back_after_paying_leads_to_the_thanks(fake, client):
    donation = begin(client)
    pay(fake, donation)
    assert "Thank you" in client.get(f"/donate/cancelled/{donation.payment_id}/").content.decode()
    assert Donation.objects.get().state == "received"


def test_going_back_while_the_bank_works_does_not_say_that_nothing_is_taken(fake, client):
    donation = begin(client)
    pay(fake, donation, method="bacs_debit", sort_code="108800", account_number="00012345")
    for _again in range(2):
        page = client.get(f"/donate/cancelled/{donation.payment_id}/").content.decode()
        assert "Your bank is working on the payment" in page
        assert "not charged" not in page
    assert Donation.objects.get().state == "processing"


def test_going_back_while_stripe_cannot_be_asked_does_not_claim_that_nothing_is_taken(fake, client):
    donation = begin(client)
    pay(fake, donation)
    fake.fault(path="/v1/checkout/sessions", status=500, count=20)
    page = client.get(f"/donate/cancelled/{donation.payment_id}/").content.decode()
    assert "not charged" not in page
    assert "We are asking Stripe whether your payment went through" in page
    fake.clear_faults()
    assert "Thank you" in client.get(f"/donate/cancelled/{donation.payment_id}/").content.decode()


def test_the_same_wish_again_leads_to_the_same_page(fake, client):
    first, second = send(client), send(client)
    assert first["Location"] == second["Location"]
    assert Donation.objects.count() == 1
    other = send(client, amount="25")
    assert other["Location"] != first["Location"]
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["expired", "open"]


def test_a_donation_that_turned_out_paid_is_thanked_for_and_not_asked_for_again(fake, client):
    pay(fake, begin(client))
    answer = send(client, amount="25")
    assert answer.status_code == 200
    assert "Thank you" in answer.content.decode()
    assert (Donation.objects.count(), Donation.objects.get().state) == (1, "received")


def test_when_stripe_fails_nothing_is_charged_and_trying_again_uses_the_same_key(fake, client, settings):
    fake.fault(method="POST", path=SESSIONS, cut="before", count=9)
    answer = send(client)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "You were not charged" in page
    assert 'name="amount" value="10"' in page
    assert Donation.objects.get().state == "waiting"
    fake.clear_faults()
    assert send(client).status_code == 303
    assert Donation.objects.count() == Payment.objects.count() == 1
    keys = {seen["idempotency_key"] for seen in fake.requests("POST", SESSIONS)}
    assert len(keys) == 1


def test_without_a_key_of_stripes_the_page_says_so_and_keeps_nothing_open(fake, client, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert "You were not charged" in send(client).content.decode()
    settings.STRIPE_SECRET_KEY = API_KEY


def test_nobody_pays_and_nobody_comes_back(fake, client):
    donation = begin(client)
    let_pass(fake)
    run_once()
    donation.refresh_from_db()
    assert donation.state == "not_given"


def test_no_webhook_and_nobody_comes_back(fake, client):
    donation = begin(client)
    pay(fake, donation)
    let_pass(fake, 6 * 60)
    run_once()
    donation.refresh_from_db()
    assert donation.state == "received"


def test_a_delayed_method_is_thanked_for_when_it_comes(fake, client):
    donation = begin(client)
    bank = {"method": "bacs_debit", "sort_code": "108800", "account_number": "00012345"}
    session_id = pay(fake, donation, **bank)
    page = thanks(client, session_id).content.decode()
    assert "Your bank is working on the payment" in page
    assert Donation.objects.get().state == "processing"
    assert not Mail.objects.exists()
    fake.settle(session_id)
    hear(fake, "checkout.session.async_payment_succeeded")
    assert Donation.objects.get().state == "received"
    assert Mail.objects.get().kind == "donation"


def test_a_delayed_method_that_fails_is_told(fake, client):
    donation = begin(client)
    bank = {"method": "bacs_debit", "sort_code": "108800", "account_number": "33333335"}
    session_id = pay(fake, donation, **bank)
    hear(fake, "checkout.session.completed")
    fake.settle(session_id, good=False)
    hear(fake, "checkout.session.async_payment_failed")
    assert Donation.objects.get().state == "not_given"
    assert Mail.objects.get().kind == "donation_not_paid"


def test_a_difference_is_for_staff_to_look_at_and_to_accept(fake, client):
    donation = begin(client)
    pay(fake, donation)
    Payment.objects.update(amount_minor=999)
    hear(fake, "checkout.session.completed")
    donation.refresh_from_db()
    assert donation.state == "review"
    assert StaffAlert.objects.get().subject == f"review:{donation.number}"
    assert not Mail.objects.filter(kind="donation").exists()
    from django.utils import timezone

    settlement.accept(donation.payment_id, now=timezone.now())
    donation.refresh_from_db()
    assert donation.state == "received"


def test_money_for_a_donation_that_was_cleared_away_is_a_donation_all_the_same(fake, client):
    donation = begin(client)
    payment = donation.payment
    donation.delete()
    fake.pay(payment.session_id, **BUYER)
    hear(fake, "checkout.session.completed")
    written = Donation.objects.get()
    assert (written.state, written.amount, written.way, written.payment) == (
        "received",
        Decimal("10.00"),
        "once",
        payment,
    )
    assert written.email == "robin@example.org"


def test_what_was_never_given_is_cleared_away_after_a_month(fake, client):
    from datetime import timedelta

    from django.utils import timezone

    from shop.worker.housekeeping import clear_away

    donation = begin(client)
    client.get(f"/donate/cancelled/{donation.payment_id}/")
    clear_away()
    assert Donation.objects.count() == 1
    Donation.objects.update(created_at=timezone.now() - timedelta(days=31))
    clear_away()
    assert (Donation.objects.count(), Payment.objects.count()) == (0, 1)
