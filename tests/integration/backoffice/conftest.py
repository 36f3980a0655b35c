"""Orders as they stand after checkout, and staff to handle them; made by the store's own services."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from django.utils import timezone

from catalogue.models import Product
from shop.order import services
from shop.order.models import Order
from shop.order.placing import NewLine, NewOrder, place
from shop.payments.models import Payment
from shop.payments.services import Payable, PayLine, prepare
from shop.users.models import User
from tests.factories import a_basket, a_product, record_of


@dataclass
class Placed:
    """An order, its payment and the variants in it."""

    order: Order
    payment: Payment
    variants: list[Product]

    @property
    def url(self) -> str:
        return f"/admin/order/order/{self.order.pk}/change/"

    def step(self, name: str) -> str:
        return f"/admin/order/order/{self.order.pk}/{name}/"

    def again(self) -> Order:
        return Order.objects.get(pk=self.order.pk)


def place_order(*, quantities: tuple[int, ...] = (2, 1), stock: int = 5) -> Placed:
    """Place a pending order of `quantities` pieces of as many variants, with its payment."""
    variants = list(a_product(stock=stock, price="25.00").variants.values())[: len(quantities)]
    basket = a_basket(status="Frozen")
    lines = [_line(*pair) for pair in zip(variants, quantities, strict=True)]
    goods = sum((line.total for line in lines), Decimal(0))
    payment_id, now = uuid.uuid4(), timezone.now()
    with transaction.atomic():
        order = place(_new(basket.pk, lines, goods), payment_id=payment_id, now=now)
        payment = prepare(_payable(order), payment_id=payment_id, now=now)
    return Placed(order, payment, variants)


def _line(variant: Product, quantity: int) -> NewLine:
    record = record_of(variant)
    total = record.price * quantity
    return NewLine(
        product_id=variant.pk,
        stockrecord_id=record.pk,
        sku=record.partner_sku,
        title=variant.parent.title,
        colour=variant.colour.name,
        size=variant.size.code,
        quantity=quantity,
        unit=record.price,
        before=total,
        total=total,
        net=(total / Decimal("1.2")).quantize(Decimal("0.01")),
        vat_code="standard",
    )


def _new(basket_id: int, lines: list[NewLine], goods: Decimal) -> NewOrder:
    return NewOrder(
        basket_id=basket_id,
        currency="GBP",
        lines=lines,
        total=goods + Decimal("3.95"),
        net=sum((line.net for line in lines), Decimal("3.29")),
        delivery=Decimal("3.95"),
        delivery_net=Decimal("3.29"),
        delivery_vat_code="standard",
        delivery_code="uk-tracked-48",
        delivery_name="Tracked 48",
        country="GB",
        vat_due=True,
        uses=(),
        gift_note="Happy birthday",
        plain_parcel=True,
    )


def _payable(order: Order) -> Payable:
    return Payable(
        kind="order",
        reference=order.number,
        subject=f"basket:{order.basket_id}",
        currency="GBP",
        lines=[PayLine("all of it", int(order.total_incl_tax * 100))],
        country="GB",
        contents="-",
        client="",
        return_path="/checkout/return/",
        cancelled_path="/checkout/cancelled/",
    )


def pay(placed: Placed, *, state: str = Payment.State.PAID, problem: str = "") -> Placed:
    """Bring the payment and its order to where settle brings them."""
    values = {"state": state, "intent_id": f"pi_{placed.payment.pk.hex}", "problem": problem}
    paid_at = timezone.now() if state == Payment.State.PAID else None
    Payment.objects.filter(pk=placed.payment.pk).update(paid_at=paid_at, **values)
    Order.objects.filter(pk=placed.order.pk).update(
        guest_email="reader@example.org", customer_name="Ada Reader"
    )
    with transaction.atomic():
        order = services.lock(placed.order.number)
        if state == Payment.State.PAID:
            services.mark_paid(order, problem=problem, now=timezone.now())
        else:
            services.put_on_hold(order, reason=problem, by="Stripe")
    return placed


def a_person(email: str, **values: bool) -> User:
    """Return a new account; `values` say whether it is staff or an owner."""
    user = User.objects.create_user(email, "a long test password")
    User.objects.filter(pk=user.pk).update(**values)
    user.refresh_from_db()
    return user


@pytest.fixture
def paid(db: None) -> Placed:
    """A paid order of two pieces of one variant and one of another."""
    return pay(place_order())


@pytest.fixture
def staff(client: Client, db: None) -> Client:
    """A browser of somebody who may do everything."""
    client.force_login(a_person("owner@example.org", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def helper(db: None) -> Callable[..., Client]:
    """Make a browser of a staff user who has just these permissions (`order.view_order`)."""

    def made(*permissions: str) -> Client:
        user = a_person(f"helper{User.objects.count()}@example.org", is_staff=True)
        for permission in permissions:
            app, codename = permission.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        browser = Client()
        browser.force_login(user)
        return browser

    return made
