"""An order without its buyer: the figures stay, everything that tells who it was is gone."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shop.donations.models import Donation
from shop.emails.models import Mail, StaffAlert
from shop.order import services
from shop.order.erasing import anonymise, lock_with_payments, orders_of_address
from shop.order.models import Order
from shop.payments import settlement
from shop.payments.models import Payment, Refund
from tests.factories import a_basket_with, a_product, a_staff_user, a_user
from tests.paying import BUYER, order_of, pay_for, press_pay

pytestmark = [pytest.mark.django_db, pytest.mark.both]

PERSONAL = ["robin", "Robin", "Reader", "Paper Street", "LS1 1AA", "For my friend Bo"]


@pytest.fixture
def order(fake) -> Order:
    """A shipped order with everything somebody could have said in it."""
    basket = a_basket_with(
        (a_product().first, 2),
        gift_note="For my friend Bo",
        gift_amount=Decimal("4.00"),
        owner=a_user("robin@example.org"),
    )
    order = pay_for(basket, fake, phone="+44 113 496 0000")
    services.hold(number=order.number, reason="Robin called", by="Sam")
    services.release_hold(number=order.number, by="Sam")
    services.ship(
        number=order.number, by="Sam", parcels_before=0, tracking="RM123", tracking_url="https://t.example/1"
    )
    order.refresh_from_db()
    order.notes.create(user=a_staff_user(), message="Robin is nice")
    return order


def erase(order: Order) -> Order:
    with transaction.atomic():
        anonymise(lock_with_payments(order.number), now=timezone.now())
    return Order.objects.get(pk=order.pk)


def everything_said(order: Order) -> str:
    """All that the database says about the order, as text."""
    rows = [
        *Order.objects.filter(pk=order.pk).values(),
        *order.status_changes.values(),
        *order.parcels.values(),
        *order.notes.values(),
        *Donation.objects.values(),
        *Payment.objects.filter(reference=order.number).values(),
        *Mail.objects.values(),
        *type(order.basket)._default_manager.values(),
    ]
    address = order.shipping_address
    return str(rows) + (str(address.summary) if address else "")


def test_everything_personal_goes_and_the_figures_stay(order):
    before = everything_said(order)
    assert [word for word in PERSONAL if word not in before] == []
    figures = (order.total_incl_tax, order.total_tax, order.country, order.paid_at, order.status)
    after = erase(order)
    assert [word for word in [*PERSONAL, "RM123"] if word in everything_said(after)] == []
    assert (after.total_incl_tax, after.total_tax, after.country, after.paid_at, after.status) == figures
    assert after.user is None
    assert after.shipping_address is None
    assert [line.quantity for line in after.lines.all()] == [2]
    assert after.anonymised_at is not None


def test_the_donation_that_came_with_it_stays_without_its_giver(order):
    Donation.objects.update(email="an.older@example.org")  # the account has another address by now
    erase(order)
    gift = Donation.objects.get()
    assert (gift.email, gift.name, gift.amount, gift.state) == ("", "", Decimal("4.00"), "received")


def test_a_second_time_changes_nothing(order):
    first = erase(order)
    assert erase(order).anonymised_at == first.anonymised_at


def test_an_open_order_is_refused_and_keeps_all(fake):
    order = pay_for(a_basket_with((a_product().first, 1)), fake)
    with pytest.raises(services.NotPossible, match=order.number), transaction.atomic():
        anonymise(lock_with_payments(order.number), now=timezone.now())
    order.refresh_from_db()
    assert (order.guest_email, order.customer_name) == ("robin@example.org", "Robin Reader")
    assert Mail.objects.filter(subject=f"order:{order.number}").exists()


def test_stripe_saying_it_again_brings_nothing_back(order):
    erase(order)
    settlement.settle(Payment.objects.get(reference=order.number).pk)
    order.refresh_from_db()
    assert (order.guest_email, order.customer_name, order.shipping_address) == ("", "", None)
    assert not Mail.objects.exists()


def test_money_that_comes_after_that_is_held_for_staff(fake):
    payment = press_pay(a_basket_with((a_product().first, 1)))
    number = payment.reference
    with transaction.atomic():
        services.cancel_locked(services.lock(number), by="Stripe", reason="")
    erase(order_of(payment))
    fake.pay(payment.session_id, **BUYER)
    settlement.settle(payment.pk)
    late = order_of(payment)
    assert (late.status, late.guest_email) == ("on_hold", "")
    assert "erased" in late.hold_reason
    assert StaffAlert.objects.filter(subject=f"unfilled:{number}").count() == 1
    assert not Mail.objects.exclude(kind="alert").exists()


def test_what_staff_wrote_about_a_refund_goes_and_its_amount_stays(order):
    payment = Payment.objects.get(reference=order.number)
    Refund.objects.create(
        payment=payment, amount_minor=500, reason="Robin's had a hole", step="form:1", state="succeeded"
    )
    erase(order)
    assert Refund.objects.values_list("amount_minor", "reason").get() == (500, "")


def test_orders_of_an_address_are_found_whatever_its_case(order):
    assert list(orders_of_address("ROBIN@example.org ")) == [order]
    assert not orders_of_address("robin").exists()
    Order.objects.update(guest_email="")
    assert not orders_of_address("").exists()


def test_staff_still_read_the_order(order, client):
    erase(order)
    client.force_login(a_staff_user())
    page = client.get(reverse("admin:order_order_change", args=[order.pk])).content.decode()
    assert order.number in page
    assert "Paper Street" not in page


def test_an_old_link_opens_it_without_the_person(order, client):
    link = order.link
    erase(order)
    page = client.get(link).content.decode()
    assert order.number in page
    assert [word for word in PERSONAL if word in page] == []
