"""Disputes, inquiries, early fraud warnings and reviews: kept as Stripe tells them; what they concern is held."""

from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from shop.emails.alerts import alert
from shop.money import from_minor, shown
from shop.payments.lookups import Concern
from shop.payments.models import Dispute, Payment
from shop.payments.outcomes import handler_for
from shop.transactions import require_transaction

Kind = Dispute.Kind
#: How a review ends when a person has found the payment good.
_APPROVED = ("approved", "acknowledged")


def version_of(stripe_id: str) -> datetime | None:
    """Return when the row of a dispute last changed, to see whether somebody was faster."""
    return Dispute.objects.filter(stripe_id=stripe_id).values_list("updated_at", flat=True).first()


def record(payment: Payment, concern: Concern) -> Dispute:
    """Write down what Stripe says of a dispute of a locked payment and tell who owns it; repeats change nothing.

    One that opens holds the order and alerts staff; one that ends well lets it go when no other is open.
    """
    require_transaction()
    row = Dispute.objects.select_for_update(of=("self",)).filter(stripe_id=concern.id).first()
    is_new = row is None
    row = row or Dispute(stripe_id=concern.id, payment=payment)
    before = None if is_new else (row.status, row.is_open)
    if not _copy(row, concern) and not is_new:
        return row
    row.save()
    if before != (row.status, row.is_open):
        _tell(row, was_open=bool(before and before[1]))
    return row


def _copy(row: Dispute, concern: Concern) -> bool:
    """Copy Stripe's words into the row; return whether anything is new."""
    words = {
        "kind": concern.kind,
        "status": concern.status[:60],
        "is_open": concern.is_open,
        "reason": concern.reason[:80],
        "amount_minor": concern.amount,
        "due_by": concern.due_by,
    }
    is_news = any(getattr(row, name) != value for name, value in words.items())
    for name, value in words.items():
        setattr(row, name, value)
    return is_news


def _tell(row: Dispute, *, was_open: bool) -> None:
    handler = handler_for(row.payment)
    if row.is_open and not was_open:
        handler.disputed(row.payment, row)
    elif not row.is_open:
        handler.dispute_closed(row.payment, row)
    alert(
        subject=f"dispute:{row.stripe_id}",
        text=f"{row.payment.reference}: {words(row)}",
        path=reverse("admin:payments_payment_change", args=[row.payment_id]),
    )


def ended_well(row: Dispute) -> bool:
    """Whether a closed dispute leaves nothing to be done: then what it held may go on."""
    if row.kind == Kind.REVIEW:
        return row.status in _APPROVED
    return row.status in Dispute.ENDED and not row.is_lost


def words(row: Dispute) -> str:
    """Say what the dispute is and what is to be done, for staff."""
    amount = shown(from_minor(row.amount_minor, row.payment.taken_currency), row.payment.taken_currency)
    facts = {"amount": amount, "status": row.status.replace("_", " "), "reason": row.reason.replace("_", " ")}
    match row.kind:
        case Kind.WARNING:
            text = _(
                "The bank warns of fraud (%(reason)s; %(status)s). Refund it, or release it if you know better."
            )
        case Kind.REVIEW if row.is_open:
            text = _("Stripe is reviewing this payment (%(reason)s). Nothing ships until that has ended.")
        case Kind.REVIEW:
            text = _("Stripe's review of this payment has ended: %(status)s.")
        case Kind.INQUIRY:
            text = _("The bank asks about %(amount)s (%(reason)s): %(status)s.")
        case _ if row.is_lost:
            text = _("Charged back: the bank has taken %(amount)s back (%(reason)s).")
        case _:
            text = _("A dispute of %(amount)s (%(reason)s): %(status)s.")
    return text % facts + _due(row)


def _due(row: Dispute) -> str:
    if not (row.is_open and row.due_by):
        return ""
    return " " + _("Answer at Stripe by %(day)s.") % {"day": formats.date_format(row.due_by, "j M Y, H:i")}
