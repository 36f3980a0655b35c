"""What the account's pages read."""

import hashlib
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from shop.customer.models import ProductAlert
from shop.order.erasing import is_open
from shop.order.models import Order
from shop.order.statuses import UNPLACED, Status
from shop.users.models import User


@dataclass(frozen=True)
class UsedAddress:
    """An address orders went to; `key` names it in forms. While an order is open it is needed."""

    key: str
    lines: tuple[str, ...]
    numbers: tuple[str, ...]
    is_needed: bool


def orders_of(user: User) -> QuerySet[Order]:
    """Return the account's orders, newest first, without those that were never paid."""
    never_paid = Q(status=Status.CANCELLED, paid_at=None)
    mine = Order.objects.filter(user=user).exclude(status__in=UNPLACED).exclude(never_paid)
    return mine.prefetch_related("lines").order_by("-date_placed", "-pk")


def addresses_of(user: User) -> list[UsedAddress]:
    """Return the addresses the account's orders went to, each once, the newest first (one query)."""
    found: dict[tuple[str, ...], list[Order]] = {}
    for order in with_address(user):
        found.setdefault(lines_of(order), []).append(order)
    return [
        UsedAddress(
            key=key_of(lines),
            lines=lines,
            numbers=tuple(order.number for order in orders),
            is_needed=any(is_open(order) for order in orders),
        )
        for lines, orders in found.items()
    ]


def with_address(user: User) -> QuerySet[Order]:
    """Return the account's orders that know an address, newest first."""
    mine = Order.objects.filter(user=user, shipping_address__isnull=False)
    return mine.select_related("shipping_address__country").order_by("-pk")


def lines_of(order: Order) -> tuple[str, ...]:
    """Return the order's address, a line each."""
    return tuple(str(line) for line in order.shipping_address.active_address_fields())


def key_of(lines: tuple[str, ...]) -> str:
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=8).hexdigest()


def waiting_for(user: User) -> list[ProductAlert]:
    """Return what the account's address waits for, oldest first (one query)."""
    mine = ProductAlert.objects.filter(email=user.email.lower(), status__in=ProductAlert.OPEN)
    return list(mine.select_related("product__parent", "product__colour", "product__size").order_by("pk"))
