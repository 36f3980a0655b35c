"""The worker's rounds: one failing part stops no other, and what is past its time goes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from shop.basket.models import Basket
from shop.checkout import services as checkout
from shop.customer.accounts import ask_for_account
from shop.donations import services as donations
from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.emails.services import queue
from shop.limits.models import Tally
from shop.limits.services import Limit, take
from shop.order.models import Order
from shop.order.services import ship
from shop.payments.models import Payment, Subscription
from shop.stock.models import StockMovement
from shop.worker import housekeeping, services
from shop.worker.models import Heartbeat
from tests.factories import a_basket_with, a_product
from tests.giving import given, hear, monthly, next_month
from tests.paying import pay_for, press_pay

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_a_round_sends_the_confirmation_once(fake, mailoutbox):
    order = pay_for(a_basket_with((a_product().first, 1)), fake)
    services.run_once()
    services.run_once()
    (mail,) = mailoutbox
    assert order.number in mail.subject
    assert mail.extra_headers["Message-ID"] == Mail.objects.get().message_id
    assert Mail.objects.get().state == "sent"


def test_a_mail_server_that_is_down_delays_the_mail_and_nothing_else(fake, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    order = pay_for(a_basket_with((a_product().first, 1)), fake)
    services.run_once()
    mail = Mail.objects.get()
    assert (mail.state, mail.tries, mail.error) == ("queued", 1, "ConnectionRefusedError")
    assert mail.next_try_at > timezone.now()
    assert Order.objects.get(pk=order.pk).status == "paid"


def test_when_stripe_is_down_the_sweep_gives_up_after_three_and_mail_still_goes(fake, mailoutbox):
    product = a_product(stock=9)
    pay_for(a_basket_with((product.first, 1)), fake)
    for number in range(4):
        press_pay(a_basket_with((product.first, 1)), client=str(number))
    Payment.objects.filter(state="open").update(expires_at=timezone.now())
    fake.fault(path="/v1/", status=500, stored=False, count=99)
    assert services.run_once()["payments settled"] == 0
    assert Payment.objects.filter(retry_at__isnull=False).count() == 3
    assert len(mailoutbox) == 1


def test_without_a_key_a_round_works_on_the_database_alone(settings, mailoutbox):
    settings.STRIPE_SECRET_KEY = ""
    assert services.run_once()["payments settled"] == 0
    assert Heartbeat.objects.filter(name="worker").exists()


def test_orders_never_paid_go_after_thirty_days_and_paid_ones_stay(fake):
    product = a_product(stock=9)
    paid = pay_for(a_basket_with((product.first, 1)), fake)
    basket = a_basket_with((product.first, 1))
    press_pay(basket)
    checkout.change_order(basket_id=basket.pk, now=timezone.now())
    movements = StockMovement.objects.count()
    assert housekeeping.clear_away() == 0
    Order.objects.update(date_placed=timezone.now() - timedelta(days=31))
    assert housekeeping.clear_away() == 1
    assert list(Order.objects.all()) == [paid]
    assert StockMovement.objects.count() == movements
    call_command("check_ledger")


def test_old_sessions_and_stale_baskets_go(db):
    Session.objects.create(
        session_key="old", session_data="x", expire_date=timezone.now() - timedelta(days=1)
    )
    stale, fresh = a_basket_with((a_product().first, 1)), a_basket_with((a_product().first, 1))
    long_ago = timezone.now() - timedelta(days=91)
    Basket.objects.filter(pk=stale.pk).update(date_created=long_ago)
    stale.lines.update(date_updated=long_ago)
    assert housekeeping.clear_away() == 2
    assert list(Basket.objects.all()) == [fresh]


def test_counts_of_tries_go_after_a_day(db):
    assert take(Limit("a door", most=1, within=timedelta(days=1)), "ada")
    Tally.objects.update(since=timezone.now() - timedelta(hours=23))
    assert housekeeping.clear_away() == 0
    Tally.objects.update(since=timezone.now() - timedelta(hours=25))
    assert housekeeping.clear_away() == 1


def test_mails_with_links_go_after_a_week_and_the_others_after_two_years(db):
    ask_for_account(email="ada@example.org", client="here")
    ask_for_account(email="bo@example.org", client="here")
    Mail.objects.filter(to="ada@example.org").update(state="sent")
    order_mail = queue(
        kind="alert", subject="x", to="bo@example.org", template="alert", context={"text": "x"}
    )
    Mail.objects.filter(pk=order_mail.pk).update(state="sent")
    Mail.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert housekeeping.clear_away() == 1
    assert set(Mail.objects.values_list("kind", "state")) == {("account", "queued"), ("alert", "sent")}
    Mail.objects.update(created_at=timezone.now() - timedelta(days=731))
    assert housekeeping.clear_away() == 1
    assert Mail.objects.get().state == "queued"


def test_the_address_somebody_paid_from_is_forgotten_after_thirty_days(fake):
    payment = press_pay(a_basket_with((a_product().first, 1)))
    assert housekeeping.clear_away() == 0
    Payment.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert housekeeping.clear_away() == 1
    payment.refresh_from_db()
    assert payment.client == ""


def test_buyers_are_forgotten_after_seven_years_but_for_open_orders(fake):
    product = a_product(stock=9)
    done, still_open = (pay_for(a_basket_with((product.first, 1)), fake) for _ in range(2))
    ship(number=done.number, by="Sam", parcels_before=0)
    Order.objects.update(date_placed=timezone.now() - timedelta(days=7 * 365 + 1))
    assert housekeeping.clear_away() == 1
    assert list(Order.objects.order_by("pk").values_list("guest_email", flat=True)) == [
        "",
        "robin@example.org",
    ]
    assert housekeeping.clear_away() == 0
    assert still_open.guest_email


def test_givers_are_forgotten_after_seven_years_but_for_monthly_donations_that_go_on(fake):
    once = given(fake, Client(), message="Keep on")
    young = given(fake, Client(), address="203.0.113.6")
    first = monthly(fake, Client(), address="203.0.113.5")
    next_month(fake)
    hear(fake, "invoice.paid")
    donations.refund(donation_id=once.pk, amount_minor=100, reason="Robin asked", step="form:1", by="Sam")
    old = Donation.objects.exclude(pk=young.pk)
    old.update(created_at=timezone.now() - timedelta(days=7 * 365 + 1))
    assert housekeeping.clear_away() == 1
    assert housekeeping.clear_away() == 0
    once.refresh_from_db()
    assert (once.email, once.name, once.message) == ("", "", "")
    assert (once.amount, once.given_back, once.state) == (Decimal("10.00"), Decimal("1.00"), "received")
    assert once.payment.refunds.get().reason == ""
    running = Donation.objects.filter(payment__reference=first.number)
    assert set(running.values_list("email", flat=True)) == {"robin@example.org"}
    assert running.count() == 2
    fake.stripe_client().v1.subscriptions.cancel(Subscription.objects.get().stripe_id)
    hear(fake, "customer.subscription.deleted")
    assert housekeeping.clear_away() == 2
    assert set(running.values_list("email", "name")) == {("", "")}
    young.refresh_from_db()
    assert young.email == "robin@example.org"


def test_what_was_given_with_an_order_keeps_its_giver_as_long_as_the_order_its_buyer(fake):
    pay_for(a_basket_with((a_product().first, 1), gift_amount=Decimal("4.00")), fake)
    Donation.objects.update(created_at=timezone.now() - timedelta(days=7 * 365 + 1))
    Order.objects.update(date_placed=timezone.now() - timedelta(days=7 * 365 + 1))
    assert housekeeping.clear_away() == 0
    assert Donation.objects.get().email == "robin@example.org"
    ship(number=Order.objects.get().number, by="Sam", parcels_before=0)
    assert housekeeping.clear_away() == 1
    assert Donation.objects.get().email == ""


def test_the_worker_command_does_one_round(fake, capsys):
    call_command("worker", "--once")
    assert "payments settled: 0" in capsys.readouterr().out


def test_readyz_tells_the_ages_and_is_ready(client, db):
    services.run_once()
    report = client.get("/readyz")
    assert report.status_code == 200
    assert report.json() == {
        "ready": True,
        "database": "ok",
        "unapplied_migrations": 0,
        "worker_heartbeat_age": 0,
        "oldest_queued_mail_age": None,
        "failed_mails": 0,
        "last_webhook_age": None,
        "failed_events": 0,
    }
    assert client.get("/healthz").content == b"ok"


@pytest.mark.parametrize("pause", ["-1", "0", "nan", "inf", "1e309", "x"])
def test_a_pause_that_is_none_is_refused_in_a_line(pause):
    with pytest.raises(CommandError, match="argument --every: "):
        call_command("worker", f"--every={pause}")
    assert not Heartbeat.objects.exists()
