"""The mails about an order: one function each, queued in the transaction of its cause."""

from secrets import token_hex

from django.conf import settings
from django.utils import translation

from shop.emails.models import Mail
from shop.emails.services import queue
from shop.money import from_minor, shown
from shop.order.models import Order, Parcel, RefundedExtra, RefundedLine
from shop.payments.models import Refund


def confirmation(order: Order) -> Mail:
    """Queue "we have your order"; once an order."""
    return _queue("confirmation", f"order:{order.number}", order)


def shipped(parcel: Parcel) -> Mail:
    """Queue "your parcel is on its way", with its tracking; once a parcel."""
    return _queue("shipped", f"parcel:{parcel.pk}", parcel.order, parcel=parcel)


def cancelled(order: Order, *, refunded_minor: int) -> Mail:
    """Queue "your order is cancelled", with what goes back to the shopper in minor units; once an order."""
    amount = _shown(order, refunded_minor, order.currency) if refunded_minor else ""
    return _queue("cancelled", f"order:{order.number}", order, refunded=amount)


def refunded(order: Order, refund: Refund) -> Mail:
    """Queue "we have refunded you", with the amount and the pieces it is for; once a refund."""
    amount = _shown(order, refund.amount_minor, refund.payment.taken_currency)
    lines = RefundedLine.objects.filter(refund=refund).select_related("line").order_by("line")
    extras = RefundedExtra.objects.filter(refund=refund).order_by("what")
    return _queue(
        "refunded", f"refund:{refund.pk}", order, amount=amount, refunded_lines=lines, refunded_extras=extras
    )


def payment_failed(order: Order) -> Mail:
    """Queue "your bank said no", with a link to try again; once an order."""
    return _queue("payment_failed", f"order:{order.number}", order)


def link(order: Order) -> Mail:
    """Queue the order's link once more, to its own address and no other; each call is another mail."""
    return _queue("order_link", f"order:{order.number}/link:{token_hex(6)}", order)


def _shown(order: Order, minor: int, currency: str) -> str:
    with translation.override(order.language):
        return shown(from_minor(minor, currency), currency)


def _queue(kind: str, subject: str, order: Order, **more: object) -> Mail:
    with translation.override(order.language):
        context = {
            "order": order,
            "lines": order.lines.all(),
            "address": order.shipping_address,
            "order_url": settings.SITE_URL + order.link,
            **more,
        }
        return queue(kind=kind, subject=subject, to=order.guest_email, template=kind, context=context)
