"""Steps of an order. Each locks it, checks again, writes who and when, and is safe to repeat.

Steps that money causes (`mark_paid` …) run inside settle's transaction; what staff do (`ship`, `cancel` …) opens its
own. Lock order: payment, order, voucher and offer, stock.
"""

import logging
import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shop.order import mails
from shop.order.models import Line, Order, Parcel, ParcelLine
from shop.order.statuses import HOLDS_STOCK, PACKABLE, Status
from shop.order.uses import give_back_uses
from shop.payments import gateway, refunds, settlement
from shop.payments import services as payments
from shop.payments.models import Payment
from shop.stock import services as stock
from shop.testpoints import reach
from shop.transactions import durably, require_transaction

logger = logging.getLogger(__name__)

#: The step of the refund that cancelling makes.
CANCEL_STEP = "cancel"


class NotPossible(Exception):
    """The order is not in a state for this; its text tells staff why. Nothing was changed."""


def lock(number: str) -> Order:
    """Return the order locked for this transaction; Order.DoesNotExist."""
    require_transaction()
    return Order.objects.select_for_update(of=("self",)).get(number=number)


def step(order: Order, status: str, *, by: str, reason: str = "", now: datetime | None = None) -> None:
    """Move a locked order to `status` and note who and why; NotPossible when that step is not allowed."""
    require_transaction()
    if not order.may_become(status):
        raise NotPossible(
            _("An order that is %(old)s cannot become %(new)s.")
            % {"old": order.get_status_display(), "new": Status(status).label}
        )
    old, order.status = order.status, Status(status)
    if order.status != Status.ON_HOLD:
        order.held_from = order.hold_reason = order.hold_cause = ""
    order.save()
    order.status_changes.create(old_status=old, new_status=status, by=by, reason=reason[:300])


# --- What money causes (inside settle's transaction) ------------------------------------------------


def mark_paid(order: Order, *, problem: str, now: datetime) -> None:
    """Count a locked order as sold; with a problem it is held for staff. The confirmation mail is queued once.

    An order somebody holds stays held: releasing it makes it *paid*.
    """
    order.paid_at = order.paid_at or now
    if order.status == Status.ON_HOLD:
        order.held_from = Status.PAID
        order.save(update_fields=["paid_at", "held_from"])
    else:
        step(order, Status.PAID, by=_("Stripe"))
    mails.confirmation(order)
    if problem:
        put_on_hold(order, reason=problem, by=_("Stripe"))


def put_on_hold(order: Order, *, reason: str, by: str, cause: str = "") -> None:
    """Hold a locked order, remembering once where it came from; a held order only gets the newer reason.

    A hold with a `cause` ends when its cause does, so it never takes over one without: that is a person's to end.
    """
    if order.status == Status.ON_HOLD:
        if order.hold_cause == cause or not cause:
            order.hold_reason, order.hold_cause = reason[:300], cause
            order.save(update_fields=["hold_reason", "hold_cause"])
        return
    order.held_from, order.hold_reason, order.hold_cause = order.status, reason[:300], cause
    step(order, Status.ON_HOLD, by=by, reason=reason)


def cancel_locked(order: Order, *, by: str, reason: str) -> None:
    """Cancel a locked order: release what it holds, give back vouchers and offers. A cancelled one is left alone."""
    if order.status == Status.CANCELLED:
        return
    held = order.status in HOLDS_STOCK
    step(order, Status.CANCELLED, by=by, reason=reason)
    if order.status_changes.filter(new_status=Status.CANCELLED).count() == 1:
        give_back_uses(order)  # money that comes late does not take them again
    if held:
        _release(order)


def _release(order: Order) -> None:
    lines = [line for line in order.lines.all() if line.num_allocated and line.stockrecord_id]
    count = order.status_changes.filter(new_status=Status.CANCELLED).count()
    stock.release(
        steps=[
            stock.Step(line.stockrecord_id, line.num_allocated, f"line:{line.pk}/cancel:{count}")
            for line in lines
        ]
    )
    order.lines.update(num_allocated=0, allocation_cancelled=True)


def allocate_again(order: Order, *, payment: Payment) -> bool:
    """Try to hold stock for a cancelled order whose money came late; return whether everything was still there."""
    require_transaction()
    lines = [line for line in order.lines.all() if line.unshipped]
    steps = [
        stock.Step(line.stockrecord_id, line.unshipped, f"line:{line.pk}/payment:{payment.pk}/late")
        for line in lines
        if line.stockrecord_id
    ]
    if len(steps) < len(lines):
        return False
    try:
        with transaction.atomic():
            stock.allocate(steps=steps)
    except stock.InsufficientStock:
        return False
    for line in lines:
        Line.objects.filter(pk=line.pk).update(num_allocated=line.unshipped, allocation_cancelled=False)
    return True


# --- What staff do (each opens its own transaction) -------------------------------------------------


def ship(
    *,
    number: str,
    by: str,
    parcels_before: int,
    quantities: Mapping[int, int] | None = None,
    carrier: str = "",
    tracking: str = "",
    tracking_url: str = "",
) -> Parcel:
    """Send a parcel: sell its pieces from stock, note the tracking, queue the shipped mail.

    `quantities` maps line id to pieces; None ships all that is left. `parcels_before` is how many parcels the person
    saw, so that a second click ships nothing twice. Raises NotPossible.
    """

    def action() -> Parcel:
        order = lock(number)
        if order.parcels.count() != parcels_before:
            raise NotPossible(_("This parcel has been sent already."))
        chosen = _chosen(order, quantities)
        parcel = Parcel.objects.create(
            order=order, carrier=carrier, tracking=tracking, tracking_url=tracking_url, by=by
        )
        _sell(parcel, chosen)
        reach("ship.sold")
        left = sum(line.unshipped for line in order.lines.all())
        if not (left and order.status == Status.PART_SHIPPED):
            step(order, Status.PART_SHIPPED if left else Status.SHIPPED, by=by)
        mails.shipped(parcel)
        return parcel

    parcel = durably(action)
    reach("ship.committed")
    return parcel


def _chosen(order: Order, quantities: Mapping[int, int] | None) -> dict[Line, int]:
    if order.status not in PACKABLE:
        raise NotPossible(
            _("An order that is %(status)s cannot be shipped.") % {"status": order.get_status_display()}
        )
    wanted = {
        line: line.unshipped if quantities is None else quantities.get(line.pk, 0)
        for line in order.lines.select_related("stockrecord")
    }
    if any(number < 0 or number > line.unshipped for line, number in wanted.items()):
        raise NotPossible(_("A line has fewer pieces left to ship than that."))
    chosen = {line: number for line, number in wanted.items() if number}
    if not chosen:
        raise NotPossible(_("Choose at least one piece to ship."))
    return chosen


def _sell(parcel: Parcel, chosen: Mapping[Line, int]) -> None:
    stock.sell(
        steps=[
            stock.Step(line.stockrecord_id, number, f"line:{line.pk}/parcel:{parcel.pk}")
            for line, number in chosen.items()
            if line.stockrecord_id
        ]
    )
    for line, number in chosen.items():
        ParcelLine.objects.create(parcel=parcel, line=line, quantity=number)
        line.shipped += number
        line.num_allocated -= min(number, line.num_allocated)
        line.save(update_fields=["shipped", "num_allocated"])


def hold(*, number: str, reason: str, by: str) -> None:
    """Hold an order until a person releases it. Raises NotPossible for one that is cancelled."""

    def action() -> None:
        order = lock(number)
        if order.status == Status.CANCELLED:
            raise NotPossible(_("This order is cancelled: there is nothing to hold."))
        put_on_hold(order, reason=reason, by=by)

    durably(action)


def release_hold(*, number: str, by: str) -> None:
    """Put a held order back to where it came from. Raises NotPossible when it is not held."""

    def action() -> None:
        order = lock(number)
        if order.status != Status.ON_HOLD:
            raise NotPossible(_("This order is not on hold."))
        if order.held_from == Status.CANCELLED:
            raise NotPossible(
                _("This order was paid too late and holds no stock: cancel it to refund the shopper.")
            )
        step(order, order.held_from or Status.PAID, by=by, reason=_("released"))

    durably(action)


def cancel(*, number: str, reason: str, by: str) -> None:
    """Cancel an order for staff: end an open payment first, refund a paid one in full, release its stock.

    Raises NotPossible (shipped; paid while we were cancelling) and gateway.Unavailable (Stripe does not
    answer, nothing changed). The refund is sent after the commit; when its outcome is unknown the sweep goes on.
    """
    _end_open_payments(number)
    for refund_id in durably(lambda: _cancel_and_refund(number, reason, by)):
        try:
            refunds.send(refund_id)
        except gateway.Unavailable:
            logger.warning("refund %s is not confirmed yet", refund_id)


def _end_open_payments(number: str) -> None:
    ours = Payment.objects.filter(kind="order", reference=number)
    for payment in ours.filter(state__in=Payment.UNFINISHED):
        if payments.close(payment).is_paid:
            raise NotPossible(_("The shopper has just paid. Look at the order again before you cancel it."))
    for payment in ours.filter(state=Payment.State.REVIEW, captured_minor=None).exclude(session_id=None):
        payments.close(payment)


def _cancel_and_refund(number: str, reason: str, by: str) -> list[uuid.UUID]:
    paid = list(
        Payment.objects.select_for_update(of=("self",))
        .filter(kind="order", reference=number, state__in=(Payment.State.PAID, Payment.State.REVIEW))
        .order_by("pk")
    )
    order = lock(number)
    if order.parcels.exists():
        raise NotPossible(_("A parcel of this order has left: it cannot be cancelled any more."))
    cancel_locked(order, by=by, reason=reason)
    asked = [refund for payment in paid if (refund := _refund_rest(payment, reason, by))]
    if order.guest_email:
        mails.cancelled(order, refunded_minor=sum(refund.amount_minor for refund in asked))
    return [refund.pk for refund in asked]


def _refund_rest(payment: Payment, reason: str, by: str) -> refunds.Refund | None:
    left = refunds.refundable_minor(payment)
    if not left:
        return None
    return refunds.request(payment=payment, amount_minor=left, reason=reason, step=CANCEL_STEP, by=by)


def recheck(*, number: str) -> None:
    """Settle every payment of an order anew. Raises gateway.Unavailable when Stripe does not answer."""
    for payment in Payment.objects.filter(kind="order", reference=number).order_by("created_at"):
        settlement.settle(payment.pk)
