"""A buyer is asked once, some days after the parcel left, and never a second time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.emails.models import Mail
from shop.order import services as orders
from shop.order.models import Order, Parcel
from shop.order.refunding import Asked, refund
from shop.reviews.asking import KIND, ask_buyers
from tests.factories import a_basket_with, a_product, a_review
from tests.paying import pay_for

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product()


def shipped(fake, product, *, days_ago: int = 14, **typed):
    order = pay_for(a_basket_with((product.first, 1)), fake, **typed)
    orders.ship(number=order.number, by="Sam", parcels_before=0)
    Parcel.objects.filter(order=order).update(shipped_at=timezone.now() - timedelta(days=days_ago))
    return Order.objects.get(pk=order.pk)


def asked() -> list[Mail]:
    return list(Mail.objects.filter(kind=KIND).order_by("pk"))


def test_two_weeks_after_it_left_the_buyer_is_asked_once(fake, product):
    order = shipped(fake, product)
    assert ask_buyers() == 1
    (mail,) = asked()
    assert mail.to == "robin@example.org"
    assert f"http://testserver/reviews/write/{product.parent.pk}/?order={order.number}&token=" in mail.text
    assert "We ask once and never again" in mail.text
    assert "We ask once and never again" in mail.html
    assert ask_buyers() == 0
    assert len(asked()) == 1


def test_the_link_in_the_mail_proves_the_buyer(fake, product, client):
    shipped(fake, product)
    ask_buyers()
    link = next(line for line in asked()[0].text.splitlines() if "/reviews/write/" in line)
    assert "You bought it here" in client.get(link.removeprefix("http://testserver")).content.decode()


@pytest.mark.parametrize("days_ago", [0, 11, 31, 400])
def test_not_before_it_was_worn_and_not_when_it_is_long_forgotten(fake, product, days_ago):
    shipped(fake, product, days_ago=days_ago)
    assert ask_buyers() == 0


def test_the_same_person_is_not_asked_again_for_another_order(fake, product):
    shipped(fake, product)
    ask_buyers()
    shipped(fake, product, email="Robin@Example.org")
    assert ask_buyers() == 0
    shipped(fake, product, email="kim@example.org")
    assert ask_buyers() == 1


def test_whoever_has_written_or_sent_something_back_is_not_asked(fake, product):
    order = shipped(fake, product)
    a_review(product.parent, line=order.lines.get(), by_buyer=True)
    assert ask_buyers() == 0
    other = shipped(fake, product, email="kim@example.org")
    pieces = {other.lines.get().pk: 1}
    refund(number=other.number, asked=Asked(pieces=pieces), reason="", step="token", by="Sam")
    assert ask_buyers() == 0
