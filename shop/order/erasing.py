"""Taking the person out of an order: what was sold for how much and to which country stays, for the tax office."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from shop.basket.models import Basket
from shop.donations.erasing import forget_giver_with_order
from shop.emails import services as emails
from shop.order.models import Order
from shop.order.services import NotPossible, lock
from shop.order.statuses import HOLDS_STOCK
from shop.payments.erasing import forget_buyer
from shop.payments.models import Payment, Refund
from shop.transactions import require_transaction

#: Who writes the reasons that are the store's own fixed words.
_FIXED_WORDS = ("Stripe",)


def orders_of_address(email: str) -> QuerySet[Order]:
    """Return the orders made with an address, whatever its letter case (by its index); none for no address."""
    orders: QuerySet[Order] = Order.objects.alias(address=Lower("guest_email"))
    return orders.filter(address=Lower(Value(email.strip()))).exclude(guest_email="")


def is_open(order: Order) -> bool:
    """Whether something is still to be done for its buyer, so that their name and address are needed."""
    return order.status in HOLDS_STOCK


def lock_with_payments(number: str) -> Order:
    """Return the order locked, its payments before it, as settle locks them."""
    mine = Payment.objects.filter(kind="order", reference=number)
    list(mine.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    return lock(number)


def anonymise(order: Order, *, now: datetime) -> None:
    """Take everything personal off a locked order, its mails, payments and donation; one without is left alone.

    Number, lines, figures, country and dates stay. Raises NotPossible while the order is open.
    """
    require_transaction()
    if order.anonymised_at:
        return
    if is_open(order):
        raise NotPossible(_("Order %(number)s is not finished yet.") % {"number": order.number})
    emails.forget(about=[f"order:{order.number}", *_subjects(order)])
    _take_off(order, user=None, guest_email="", customer_name="", phone="", gift_note="", anonymised_at=now)
    forget_address(order)
    order.notes.all().delete()
    order.status_changes.exclude(by__in=_FIXED_WORDS).update(reason="")
    order.parcels.update(tracking="", tracking_url="")
    Basket.objects.filter(pk=order.basket_id).update(gift_note="", owner=None)
    forget_giver_with_order(order.number)
    forget_buyer(order.number)


def forget_address(order: Order) -> None:
    """Take the delivery address off a locked order, the copy Stripe gave too."""
    require_transaction()
    for address in (order.shipping_address, order.billing_address):
        if address is not None:
            address.delete()
    _take_off(order, shipping_address=None, billing_address=None, raw_address=None, address_cut=False)


def _subjects(order: Order) -> list[str]:
    parcels = [f"parcel:{pk}" for pk in order.parcels.values_list("pk", flat=True)]
    return parcels + [f"refund:{pk}" for pk in _refunds(order)]


def _refunds(order: Order) -> list[Any]:
    mine = Refund.objects.filter(payment__kind="order", payment__reference=order.number)
    return list(mine.values_list("pk", flat=True))


def _take_off(order: Order, **values: Any) -> None:
    for name, value in values.items():
        setattr(order, name, value)
    order.save(update_fields=list(values))
