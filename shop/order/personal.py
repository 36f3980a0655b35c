"""What orders tell about a person, for the export and for erasure."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.money import from_minor
from shop.order.erasing import anonymise, is_open, lock_with_payments, orders_of_address
from shop.order.models import Line, Order
from shop.order.selectors import payments_of, shoppers_timeline
from shop.payments.models import Payment
from shop.personal import Facts, Keeper, Person


class OrderKeeper(Keeper):
    """Orders of the account, and guest orders made with its addresses."""

    name = "orders"
    title = gettext_lazy("Orders")
    models = ("order.Order", "order.OrderNote")
    goes_last = True

    def export(self, person: Person) -> list[Facts]:
        found = orders_of(person).select_related("shipping_address__country")
        related = ("lines", "parcels__lines__line", "status_changes")
        return [_facts(order) for order in found.prefetch_related(*related).order_by("pk")]

    def refusals(self, person: Person) -> list[str]:
        said = _("Order %(number)s is not finished yet. Wait until it has left us, or ask us to cancel it.")
        return [
            said % {"number": order.number} for order in orders_of(person).order_by("pk") if is_open(order)
        ]

    def payments(self, person: Person) -> Iterable[uuid.UUID]:
        numbers = orders_of(person).values("number")
        return Payment.objects.filter(kind="order", reference__in=numbers).values_list("pk", flat=True)

    def erase(self, person: Person) -> None:
        for number in orders_of(person).order_by("pk").values_list("number", flat=True):
            anonymise(lock_with_payments(number), now=timezone.now())


def orders_of(person: Person) -> QuerySet[Order]:
    """Return the account's orders, and guest orders made with its addresses while they were its own."""
    mine = Q(user=person.user_id)
    for held in person.addresses:
        as_guest = orders_of_address(held.email).filter(held.span("date_placed"), user=None)
        mine |= Q(pk__in=as_guest.values("pk"))
    return Order.objects.filter(mine)


def _facts(order: Order) -> Facts:
    address = order.shipping_address
    return {
        "number": order.number,
        "ordered": order.date_placed,
        "paid": order.paid_at,
        "status": str(order.get_status_display()),
        "e-mail": order.guest_email,
        "name": order.customer_name,
        "phone": order.phone,
        "delivery address": list(address.active_address_fields()) if address else [],
        "delivery country": order.country,
        "currency": order.currency,
        "pieces": [_piece(line) for line in order.lines.all()],
        "delivery": {"method": order.shipping_method, "price": order.shipping_incl_tax},
        "donation": order.gift_amount,
        "total": order.total_incl_tax,
        "VAT in it": order.total_tax,
        "gift note": order.gift_note,
        "parcels": [_parcel(parcel) for parcel in order.parcels.all()],
        "payments": [_payment(payment) for payment in payments_of(order)],
        "what happened": [{"at": step.at, "what": step.text} for step in shoppers_timeline(order)],
    }


def _piece(line: Line) -> Facts:
    return {
        "what": line.name,
        "SKU": line.partner_sku,
        "pieces": line.quantity,
        "price": line.line_price_incl_tax,
    }


def _parcel(parcel: Any) -> Facts:
    return {"sent": parcel.shipped_at, "carrier": parcel.carrier, "tracking number": parcel.tracking}


def _payment(payment: Any) -> Facts:
    return {
        "asked for": payment.created_at,
        "amount": from_minor(payment.amount_minor, payment.currency),
        "state": str(payment.get_state_display()),
        "refunds": [
            {
                "at": refund.created_at,
                "amount": from_minor(refund.amount_minor, payment.taken_currency),
                "state": str(refund.get_state_display()),
            }
            for refund in payment.refunds.all()
        ],
    }
