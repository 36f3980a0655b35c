"""Monthly donations: the link in the mails, what happens between two payments, and who is told what."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from shop.donations.models import Donation
from shop.donations.selectors import LINK_LIVES
from shop.emails.models import Mail
from shop.payments import mirror
from shop.payments.models import Payment, Refund, Subscription, WebhookEvent
from shop.worker.services import run_once
from tests.giving import DECLINED, begin, hear, monthly, next_month, pay
from tests.till import ring

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def first(fake, client):
    return monthly(fake, client)


def changed(fake):
    """What Stripe tells when a subscription is changed or ended."""
    return hear(fake, "customer.subscription.updated", "customer.subscription.deleted")


def test_the_link_shows_what_was_given_to_whoever_holds_it(first):
    answer = Client().get(first.manage_path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "£10.00" in page
    assert "in 1 payment" in page
    assert "It goes on until you stop it." in page
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"
    assert "robin@example.org" not in page


def test_looking_at_the_link_asks_stripe_nothing(fake, first):
    asked = len(fake.requests())
    Client().get(first.manage_path)
    assert len(fake.requests()) == asked


@pytest.mark.parametrize("token", ["x", "ABCDEFGHJK", "ABCDEFGHJK.1vM.wrong", "a.b.c.d"])
def test_a_wrong_link_leads_nowhere(first, token):
    answer = Client().get(f"/donate/manage/{token}/")
    assert answer.status_code == 404
    assert "no longer good" in answer.content.decode()
    assert Client().post(f"/donate/manage/{token}/stripe/").status_code == 404


def test_a_link_lives_half_a_year_and_each_month_brings_another(first):
    path = first.manage_path
    with time_machine.travel(timezone.now() + LINK_LIVES + timedelta(minutes=1)):
        assert Client().get(path).status_code == 404
        assert Client().get(Donation.objects.get().manage_path).status_code == 200


def test_the_link_of_a_single_donation_is_none(fake, client):
    once = begin(client)
    pay(fake, once)
    hear(fake, "checkout.session.completed")
    assert Client().get(once.manage_path).status_code == 404


def test_the_card_is_changed_and_the_donation_stopped_on_stripes_pages(fake, first):
    link = first.manage_path
    for typed, flow in (({}, None), ({"stop": "1"}, "subscription_cancel")):
        answer = Client().post(f"{link}stripe/", typed)
        assert answer.status_code == 303
        assert answer["Location"].startswith(f"{fake.url}/p/session/")
        sent = fake.requests("POST", "/v1/billing_portal")[-1]["params"]
        assert sent["return_url"] == f"http://testserver{link}?back=1"
        assert sent.get("flow_data", {}).get("type") == flow


def test_a_stopped_one_is_shown_so_on_the_way_back_even_before_the_event(fake, first):
    subscription = Subscription.objects.get()
    ends = fake.stripe_client().v1.subscriptions.update(
        subscription.stripe_id, {"cancel_at_period_end": True}
    )
    page = Client().get(f"{first.manage_path}?back=1").content.decode()
    assert "nothing more is taken" in page
    assert "Stop the donation" not in page
    subscription.refresh_from_db()
    assert subscription.ends_at.timestamp() == ends.cancel_at
    assert set(changed(fake)) == {200}
    (mail,) = Mail.objects.filter(kind="donation_stops")
    assert mail.to == "robin@example.org"
    next_month(fake)
    assert set(changed(fake)) == {200}
    subscription.refresh_from_db()
    assert (subscription.is_running, Donation.objects.count()) == (False, 1)
    assert not Mail.objects.filter(kind="donation_ended").exists()
    assert "It has ended" in Client().get(first.manage_path).content.decode()


def test_when_stripe_is_silent_the_link_says_so_and_changes_nothing(fake, first):
    fake.fault(path="/v1/", status=500, count=20)
    answer = Client().post(f"{first.manage_path}stripe/", {"stop": "1"})
    assert answer.status_code == 503
    assert "nothing has changed" in answer.content.decode()
    assert Client().get(f"{first.manage_path}?back=1").status_code == 200
    fake.clear_faults()
    assert Subscription.objects.get().is_running


def test_a_link_of_an_ended_one_offers_nothing_to_press(fake, first):
    fake.stripe_client().v1.subscriptions.cancel(Subscription.objects.get().stripe_id)
    changed(fake)
    page = Client().get(first.manage_path).content.decode()
    assert "It has ended." in page
    assert "stripe/" not in page
    answer = Client().post(f"{first.manage_path}stripe/")
    assert answer.status_code == 503 or answer["Location"].startswith(fake.url)
    (mail,) = Mail.objects.filter(kind="donation_ended")
    assert "/donate/" in mail.text


def test_a_late_event_never_brings_an_ended_one_back(fake, first):
    subscription = Subscription.objects.get()
    fake.change_card(subscription.stripe_id, DECLINED)
    next_month(fake)
    updated = fake.events("customer.subscription.updated")
    fake.stripe_client().v1.subscriptions.cancel(subscription.stripe_id)
    hear(fake, "customer.subscription.deleted")
    for event in updated:
        assert ring(event).status_code == 200
    subscription.refresh_from_db()
    assert (subscription.status, subscription.is_running) == ("canceled", False)


def test_months_nobody_told_of_are_found_by_the_daily_sweep(fake, first):
    next_month(fake)
    assert Donation.objects.count() == 1
    assert run_once()["subscriptions looked up"] == 1
    assert Donation.objects.filter(state="received").count() == 2
    assert mirror.look_at_running_subscriptions() == 0
    fake.stripe_client().v1.subscriptions.cancel(Subscription.objects.get().stripe_id)
    assert mirror.look_at_running_subscriptions() == 1
    assert not Subscription.objects.get().is_running


def test_the_sweep_asks_stripe_nothing_when_nobody_gives_monthly(fake):
    assert mirror.look_at_running_subscriptions() == 0
    assert fake.requests() == []


def test_a_later_month_is_refunded_at_stripe_before_anybody_heard_of_its_invoice(fake, first):
    next_month(fake)
    intent = fake.stripe_client().v1.payment_intents.list({"limit": 1}).data[0]
    fake.refund(intent.id)
    assert set(hear(fake, "refund.created", "charge.refunded")) == {200}
    second = Donation.objects.exclude(pk=first.pk).get()
    assert (second.state, second.given_back, second.amount) == ("refunded", second.amount, first.amount)
    assert Refund.objects.get().payment == second.payment
    assert Donation.objects.get(pk=first.pk).state == "received"


def test_another_shops_subscriptions_are_left_alone(fake):
    line = {
        "quantity": 1,
        "price_data": {
            "currency": "gbp",
            "unit_amount": 900,
            "product_data": {"name": "Tea"},
            "recurring": {"interval": "month"},
        },
    }
    made = fake.stripe_client().v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "success_url": "https://other.example/",
            "metadata": {"site": "other.example"},
            "subscription_data": {"metadata": {"site": "other.example"}},
            "line_items": [line],
        }
    )
    session = fake.pay(made.id)["session"]
    fake.refund(made.id)
    fake.stripe_client().v1.subscriptions.cancel(session["subscription"])
    kinds = ["invoice.paid", "customer.subscription.deleted", "refund.created", "checkout.session.completed"]
    assert set(hear(fake, *kinds)) == {200}
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"ignored"}
    assert not Payment.objects.exists()


def test_money_of_ours_whose_first_payment_is_not_here_waits_as_a_failed_event(fake, first):
    next_month(fake)
    Donation.objects.all().delete()
    Subscription.objects.all().delete()
    Payment.objects.all().delete()
    assert hear(fake, "invoice.paid") == [200, 500]  # the first was done before
    assert WebhookEvent.objects.filter(state="failed").count() >= 1
