"""Taking everything along, and being forgotten."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from shop.basket.models import Basket
from shop.customer import erasing
from shop.customer.models import ProductAlert
from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.order import services
from shop.order.models import Order
from shop.personal import keepers
from shop.reviews.models import ProductReview
from shop.users.models import User
from tests.factories import PASSWORD, a_basket_with, a_product, a_staff_user, a_user
from tests.integration.customer.conftest import headlines, is_in
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
