"""Taking everything along, and being forgotten."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.core.loading import get_model

from shop.basket.models import Basket
from shop.customer import accounts, erasing, exporting
from shop.customer import accounts_mails as mails
from shop.customer.addresses import person_of
from shop.customer.models import FormerAddress, ProductAlert
from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.emails.services import queue
from shop.order import services
from shop.order.models import Order
from shop.order.personal import orders_of
from shop.payments.models import Payment
from shop.personal import keepers
from shop.reviews.models import ProductReview
from shop.users.models import User
from tests.factories import PASSWORD, a_basket_with, a_product, a_staff_user, a_user
from tests.giving import given, hear, monthly, next_month
from tests.integration.customer.conftest import headlines, is_in, path_in_mail
from tests.paying import pay_for

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=9)


@pytest.fixture
def order(ada, fake, product) -> Order:
    """A shipped order of Ada's."""
    order = pay_for(a_basket_with((product.first, 2), owner=ada, gift_note="For Bo"), fake, name="Ada Byron")
    services.ship(number=order.number, by="Sam", parcels_before=0, tracking="RM1")
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def life(ada, order, product):
    """Everything else an account can have."""
    a_basket_with((product.first, 1), owner=ada)
    ProductAlert.objects.create(product=product.first, email="ada@example.org")
    ProductAlert.objects.update(status="Active")
    get_model("wishlists", "WishList").objects.create(owner=ada).add(product.parent)
    ProductReview.objects.create(
        product=product.parent,
        score=5,
        title="Warm",
        body="Fits.",
        name="Ada B",
        line=order.lines.get(),
        by_buyer=True,
    )
    Donation.objects.create(
        way="once",
        state="received",
        amount="5.00",
        currency="GBP",
        received_at=timezone.now(),
        email="Ada@example.org",
        name="Ada B",
        message="Keep on",
    )


def erase(member) -> object:
    step = member.post("/account/erase/", {"password": PASSWORD})
    assert step.status_code == 200
    proof = step.context["proof"]
    return member.post("/account/erase/now/", {"proof": proof})


# --- The export -----------------------------------------------------------------------------------


def test_the_file_holds_everything(member, life, order):
    answer = member.get("/account/data/my-data.json")
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.json"'
    kept = json.loads(answer.content)
    parts = {part["what"]: part["entries"] for part in kept["kept"]}
    assert kept["account"]["e-mail"] == "ada@example.org"
    (exported,) = parts["orders"]
    assert (exported["number"], exported["name"], exported["total"]) == (order.number, "Ada Byron", "50.00")
    assert "1 Paper Street" in exported["delivery address"]
    assert exported["payments"][0]["amount"] == "50.00"
    assert parts["baskets"][0]["pieces"][0]["pieces"] == 1
    assert parts["back-in-stock requests"][0]["state"] == "Active"
    assert len(parts["wish lists"][0]["products"]) == 1
    assert parts["reviews"][0]["text"] == "Fits."
    assert parts["donations"][0]["message"] == "Keep on"
    assert {mail["subject"] for mail in parts["mails"]} == set(headlines("ada@example.org"))


def test_the_readable_file_says_the_same_and_needs_nothing_else(member, life, order):
    answer = member.get("/account/data/my-data.html")
    page = answer.content.decode()
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.html"'
    for words in (order.number, "Ada Byron", "1 Paper Street", "For Bo", "Fits.", "RM1"):
        assert words in page
    assert "<script" not in page
    assert "<link" not in page


def test_nothing_of_anybody_else_is_in_the_file(member, order, fake, product):
    other = pay_for(a_basket_with((product.first, 1), owner=a_user("bo@example.org")), fake)
    text = member.get("/account/data/my-data.json").content.decode()
    assert other.number not in text
    assert "bo@example.org" not in text


# --- Erasure --------------------------------------------------------------------------------------


def test_everything_personal_goes_and_the_order_stays_as_figures(member, ada, life, order, mailoutbox):
    answer = erase(member)
    assert "Everything is erased" in answer.content.decode()
    assert answer.cookies["signed_in"].value == ""
    assert not User.objects.filter(pk=ada.pk).exists()
    left = Order.objects.get()
    assert (left.number, left.total_incl_tax, left.country) == (order.number, order.total_incl_tax, "GB")
    assert (left.user, left.guest_email, left.customer_name, left.shipping_address) == (None, "", "", None)
    assert not Basket.objects.filter(status=Basket.OPEN).exists()
    assert not ProductAlert.objects.exists()
    assert not get_model("wishlists", "WishList").objects.exists()
    review = ProductReview.objects.get()
    assert (review.line, review.name, review.body, review.by_buyer) == (None, "", "Fits.", True)
    gift = Donation.objects.get()
    assert (gift.email, gift.name, gift.message, str(gift.amount)) == ("", "", "", "5.00")
    assert headlines("ada@example.org") == ["Your account is erased"]


def test_after_that_nothing_opens(member, ada, order):
    elsewhere = Client()
    elsewhere.force_login(ada)
    erase(member)
    assert not is_in(member)
    assert not is_in(elsewhere)
    assert elsewhere.get(f"/orders/{order.number}/").status_code == 404


def test_erasing_again_does_nothing(member, ada, order):
    erase(member)
    before = Mail.objects.count()
    erasing.erase(ada.pk)
    assert Mail.objects.count() == before


def test_an_open_order_is_named_and_nothing_is_erased(member, ada, fake, product):
    order = pay_for(a_basket_with((product.first, 1), owner=ada), fake)
    page = member.get("/account/erase/").content.decode()
    assert f"Order {order.number} is not finished yet" in page
    assert 'type="password"' not in page
    with pytest.raises(erasing.Refused):
        erasing.erase(ada.pk)
    order.refresh_from_db()
    assert (order.user, order.customer_name) == (ada, "Robin Reader")


def test_an_order_made_between_the_two_steps_stops_the_second(member, ada, fake, product):
    proof = member.post("/account/erase/", {"password": PASSWORD}).context["proof"]
    pay_for(a_basket_with((product.first, 1), owner=ada), fake)
    assert member.post("/account/erase/now/", {"proof": proof})["Location"] == "/account/erase/"
    assert User.objects.filter(pk=ada.pk).exists()


@pytest.mark.parametrize("proof", ["", "x", "1:2:3"])
def test_without_the_password_nothing_is_erased(member, ada, proof):
    assert member.post("/account/erase/", {"password": "wrong"}).status_code == 422
    assert member.post("/account/erase/now/", {"proof": proof})["Location"] == "/account/erase/"
    assert User.objects.filter(pk=ada.pk).exists()


def test_the_second_step_takes_a_quarter_of_an_hour_at_most_and_is_the_persons_own(member, ada):
    proof = erasing.first_step(ada)
    assert not erasing.is_second_step(a_user(), proof)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert not erasing.is_second_step(ada, proof)
    assert erasing.is_second_step(ada, proof)


def test_a_guests_order_of_the_address_is_erased_too_and_no_others(member, ada, fake, product):
    mine = pay_for(a_basket_with((product.first, 1)), fake, email="Ada@example.org")
    other = pay_for(a_basket_with((product.first, 1)), fake, email="bo@example.org")
    for order in (mine, other):
        services.ship(number=order.number, by="Sam", parcels_before=0)
    erase(member)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.guest_email, other.guest_email) == ("", "bo@example.org")
    assert Mail.objects.filter(to="bo@example.org").exists()


# --- Addresses change hands -----------------------------------------------------------------------


def moves(user: User, email: str) -> None:
    """Let an account take another address, as its mailed link does."""
    mails.confirm_email(user, email)
    accounts.change_email(token=path_in_mail(email).rstrip("/").rpartition("/")[2])
    user.refresh_from_db()


def a_trace(email: str, product) -> None:
    """Let whoever has an address now give, wait for a shirt, write a review and get a mail."""
    now = timezone.now()
    Donation.objects.create(
        way="once", state="received", amount=5, currency="GBP", received_at=now, email=email, message="Hello"
    )
    ProductAlert.objects.create(product=product.variants["white", "M"], email=email)
    ProductReview.objects.create(product=product.parent, score=5, title="Warm", body="Fits.", email=email)
    words = {"shop_name": "Shop", "donate_url": "/donate/"}
    queue(kind="donation", subject=f"of:{email}:{now}", to=email, template="donation_not_paid", context=words)


TRACES = ("donations", "back-in-stock requests", "reviews", "mails")


def traces_of(user: User) -> dict[str, int]:
    kept = {part["what"]: part["entries"] for part in exporting.everything_about(user)["kept"]}
    return {what: len(kept[what]) for what in TRACES}


def test_what_was_done_with_a_former_address_is_in_the_file_and_is_erased(ada, product):
    a_trace("ada@example.org", product)
    before = traces_of(ada)
    moves(ada, "lovelace@example.org")
    after = traces_of(ada)
    assert {what: after[what] - before[what] for what in TRACES} == dict.fromkeys(TRACES, 0) | {"mails": 2}
    assert exporting.everything_about(ada)["kept"][1]["entries"][0]["e-mail"] == "ada@example.org"
    erasing.erase(ada.pk)
    assert Donation.objects.get().email == Donation.objects.get().message == ""
    assert not ProductAlert.objects.exists()
    assert ProductReview.objects.get().email == ""
    assert headlines("ada@example.org") == []
    assert headlines("lovelace@example.org") == ["Your account is erased"]
    assert not FormerAddress.objects.exists()


def test_an_address_that_somebody_else_has_now_is_theirs_from_then_on(ada, product):
    a_trace("ada@example.org", product)
    moves(ada, "lovelace@example.org")
    bo = a_user("ADA@example.org")
    a_trace("ada@example.org", a_product())
    assert (traces_of(ada)["donations"], traces_of(bo)["donations"]) == (1, 1)
    assert traces_of(bo) == dict.fromkeys(TRACES, 1)
    erasing.erase(bo.pk)
    assert sorted(Donation.objects.values_list("email", flat=True)) == ["", "ada@example.org"]
    assert traces_of(ada)["donations"] == traces_of(ada)["back-in-stock requests"] == 1
    erasing.erase(ada.pk)
    assert list(Donation.objects.values_list("email", flat=True)) == ["", ""]


def test_guest_orders_of_an_address_go_to_whoever_had_it_when_they_were_made(ada, fake, product):
    hers = pay_for(a_basket_with((product.first, 1)), fake, email="ada@example.org")
    Order.objects.filter(pk=hers.pk).update(user=None)
    FormerAddress.objects.create(user=ada, email="ada@example.org", until=timezone.now())
    User.objects.filter(pk=ada.pk).update(email="lovelace@example.org")
    bo = a_user("ada@example.org")
    his = pay_for(a_basket_with((product.first, 1)), fake, email="ada@example.org")
    assert accounts.claim(bo) == 1
    assert list(Order.objects.filter(user=bo)) == [his]
    assert list(orders_of(person_of(User.objects.get(pk=ada.pk)))) == [hers]
    assert list(orders_of(person_of(bo))) == [his]


def test_months_that_came_after_a_change_of_address_belong_to_who_began_them(fake, ada):
    first = monthly(fake, Client(), message="Every month")
    Donation.objects.update(email="ada@example.org")
    moves(ada, "lovelace@example.org")
    with pytest.raises(erasing.Refused, match="every month"):
        erasing.erase(ada.pk)
    next_month(fake)
    hear(fake, "invoice.paid")
    assert traces_of(ada)["donations"] == 2
    fake.stripe_client().v1.subscriptions.cancel(first.payment.subscription.stripe_id)
    hear(fake, "customer.subscription.deleted")
    erasing.erase(ada.pk)
    assert list(Donation.objects.values_list("email", "name", "message")) == [("", "", "")] * 2
    assert not Mail.objects.filter(subject__startswith="donation:").exists()


def test_payments_are_locked_before_anything_is_erased(ada, fake, product, order):
    """As settle does, so that the two never wait for each other."""
    given(fake, Client())
    Donation.objects.update(email="ada@example.org")
    with CaptureQueriesContext(connection) as said:
        erasing.erase(ada.pk)
    statements = [query["sql"] for query in said.captured_queries]
    held = [pk.hex for pk in Payment.objects.values_list("pk", flat=True)]
    assert len(held) == 2
    locks = next(n for n, sql in enumerate(statements) if all(pk in sql.replace("-", "") for pk in held))
    writes = next(n for n, sql in enumerate(statements) if sql.startswith(("UPDATE", "DELETE")))
    assert locks < writes
    assert statements[locks].startswith('SELECT "payments_payment"."id"')
    assert ("FOR UPDATE" in statements[locks]) is (connection.vendor == "postgresql")


# --- Staff ----------------------------------------------------------------------------------------


def test_staff_are_told_who_can_help(client):
    boss = a_staff_user("boss@example.org")
    client.force_login(boss)
    assert "back office" in client.get("/account/erase/").content.decode()
    with pytest.raises(erasing.Refused):
        erasing.erase(boss.pk)


# --- Nothing is forgotten -------------------------------------------------------------------------

#: Tables with a personal column that hold nothing of shoppers: staff's own, and what Oscar has and we do not use.
NOT_SHOPPERS = {
    "admin.LogEntry",
    "analytics.UserProductView",
    "analytics.UserRecord",
    "analytics.UserSearch",
    "communication.Email",
    "communication.Notification",
    "offer.RangeProductFileUpload",
    "partner.Partner",
    "payment.Bankcard",
    "stock.StockMovement",
    "studio.RangeDraft",
    "users.User",  # the account itself: exported and deleted with it
    "address.UserAddress",  # never written; deleted with the account
    "voucher.VoucherApplication",  # names the order, never the person
}


def test_every_table_with_a_personal_column_has_a_keeper():
    """A new table with an address or an account: give its room a `Keeper` (see `shop.personal`) that names it."""
    kept = {label for keeper in keepers() for label in keeper.models}
    found = {
        model._meta.label for model in apps.get_models() if not model._meta.proxy and _is_personal(model)
    }
    assert sorted(found - kept - NOT_SHOPPERS) == []


def _is_personal(model) -> bool:
    person = get_user_model()
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return any(
        isinstance(f, models.EmailField) or getattr(f, "related_model", None) is person for f in fields
    )
