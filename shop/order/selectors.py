"""Orders as pages and staff read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shop.emails.models import Mail
from shop.money import from_minor, shown
from shop.order.models import Order, OrderStatusChange
from shop.order.statuses import Status
from shop.payments.models import Payment, Refund

#: How long a link in a mail opens its order; a newer one can be sent to the order's own address.
LINK_LIVES = timedelta(days=90)


@dataclass(frozen=True)
class Happening:
    """One line of an order's timeline."""

    at: datetime
    text: str
    by: str = ""


def order_for_link(number: str, token: str) -> Order | None:
    """Return the order its signed token opens; None alike for a wrong, an expired token and an unknown order."""
    try:
        TimestampSigner(salt="order-page").unsign(f"{number}:{token}", max_age=LINK_LIVES)
    except BadSignature:
        return None
    return order_page(number)


def order_page(number: str) -> Order | None:
    """Return the order with what its page reads, in a fixed number of queries."""
    orders: QuerySet[Order] = Order.objects.select_related("shipping_address__country").prefetch_related(
        "lines__product__parent", "surcharges", "discounts", "parcels__lines__line", "status_changes"
    )
    return orders.filter(number=number).first()


def payments_of(order: Order) -> QuerySet[Payment]:
    """Return every payment asked for an order, newest first, with its refunds."""
    return Payment.objects.filter(kind="order", reference=order.number).prefetch_related("refunds")


def timeline(order: Order) -> list[Happening]:
    """Return everything that happened to an order, oldest first: steps, payments, refunds, parcels, mails."""
    steps = [Happening(c.date_created, _step_text(c), c.by) for c in order.status_changes.all()]
    parcels = [
        Happening(p.shipped_at, _("Parcel sent %(tracking)s") % {"tracking": p.tracking}, p.by)
        for p in order.parcels.all()
    ]
    return sorted([*steps, *parcels, *_money(order), *_mails(order)], key=lambda h: h.at)


def shoppers_timeline(order: Order) -> list[Happening]:
    """Return what a shopper is told of their order, oldest first: no names of staff, no reasons meant for them."""
    words = {
        Status.PENDING_PAYMENT: _("Ordered"),
        Status.PROCESSING_PAYMENT: _("Your bank is working on the payment"),
        Status.PAID: _("Paid"),
        Status.CANCELLED: _("Cancelled"),
    }
    steps = [
        Happening(change.date_created, words[Status(change.new_status)])
        for change in order.status_changes.all()
        if change.new_status in words and change.old_status != Status.ON_HOLD
    ]
    parcels = [Happening(parcel.shipped_at, _("Parcel sent")) for parcel in order.parcels.all()]
    return sorted([*steps, *parcels], key=lambda happening: happening.at)


def _step_text(change: OrderStatusChange) -> str:
    label = str(Status(change.new_status).label)
    return f"{label}: {change.reason}" if change.reason else label


def _money(order: Order) -> list[Happening]:
    found = []
    for payment in payments_of(order):
        amount = shown(from_minor(payment.amount_minor, payment.currency), payment.currency)
        found.append(Happening(payment.created_at, _("Payment of %(amount)s asked for") % {"amount": amount}))
        if payment.paid_at:
            found.append(Happening(payment.paid_at, _("%(amount)s paid") % {"amount": amount}, "Stripe"))
        found += [_refund(refund, payment) for refund in payment.refunds.all()]
    return found


def _refund(refund: Refund, payment: Payment) -> Happening:
    amount = shown(from_minor(refund.amount_minor, payment.taken_currency), payment.taken_currency)
    text = _("Refund of %(amount)s: %(state)s") % {"amount": amount, "state": refund.get_state_display()}
    return Happening(refund.created_at, text, refund.by)


def _mails(order: Order) -> list[Happening]:
    about = [f"order:{order.number}", *(f"parcel:{parcel.pk}" for parcel in order.parcels.all())]
    return [
        Happening(
            mail.sent_at or mail.created_at,
            _("Mail “%(mail)s”: %(state)s") % {"mail": mail.headline, "state": mail.get_state_display()},
        )
        for mail in Mail.objects.filter(subject__in=about)
    ]
