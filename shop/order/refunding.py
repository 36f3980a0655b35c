"""Refunds of an order for staff: all that is left, pieces of lines, or an amount; and what that does to the stock.

Pieces that have not left are cancelled with their refund and become available; pieces that came back go on the shelf
only when staff tick that. Lock order: payment, order, stock.
"""

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from shop.money import ZERO, from_minor, shown, spread, to_minor
from shop.order import services
from shop.order.models import Line, Order, RefundedLine
from shop.order.services import NotPossible
from shop.order.statuses import Status
from shop.payments import gateway, refunds
from shop.payments.models import Payment, Refund
from shop.payments.selectors import captured_minor
from shop.stock import services as stock
from shop.transactions import durably, require_transaction

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Left:
    """What of a line can still be refunded: pieces and minor units, and how many of the pieces have not left."""

    line: Line
    pieces: int
    amount_minor: int
    unshipped: int

    def minor_for(self, pieces: int) -> int:
        """Return what `pieces` of them cost, in minor units: all of them together cost what is left, to the penny."""
        if not self.pieces:
            return 0
        shares = spread(from_minor(self.amount_minor, "GBP"), [ZERO + 1] * self.pieces)
        return to_minor(sum(shares[:pieces], ZERO), "GBP")


@dataclass(frozen=True)
class Asked:
    """What staff ask for, one way of three: `pieces` by line id, `amount_minor`, or neither for all that is left."""

    pieces: Mapping[int, int] | None = None
    amount_minor: int | None = None


def refundable(order: Order) -> int:
    """Return how many minor units of the order can still be refunded, over all its payments."""
    return sum(refunds.refundable_minor(payment) for payment in _payments(order.number))


def left_of_lines(order: Order) -> list[Left]:
    """Return what of each line can still be refunded; refunds that failed do not count."""
    return [_left(order, line) for line in order.lines.order_by("pk")]


def _left(order: Order, line: Line) -> Left:
    live = RefundedLine.objects.filter(line=line, refund__state__in=Refund.NOT_FAILED)
    given = live.aggregate(pieces=Sum("quantity"), minor=Sum("amount_minor"))
    whole = to_minor(line.line_price_incl_tax, order.currency)
    return Left(line, line.quantity - (given["pieces"] or 0), whole - (given["minor"] or 0), line.unshipped)


def refund(
    *, number: str, asked: Asked, reason: str, step: str, by: str, restock: bool = False
) -> list[Refund]:
    """Refund an order and return the refunds as they stand; the same `step` (a form's token) refunds once.

    With `restock`, shipped pieces of the lines go back on the shelf. Raises NotPossible or refunds.TooMuch (nothing
    changed). What Stripe refuses ends as a failed refund with words; when it does not answer the sweep goes on.
    """
    made = durably(lambda: _request(number, asked, reason=reason, step=step, by=by, restock=restock))
    return [_send(refund_id) for refund_id in made]


def _send(refund_id: uuid.UUID) -> Refund:
    try:
        return refunds.send(refund_id)
    except gateway.Unavailable:
        logger.warning("refund %s is not confirmed yet", refund_id)
        return Refund.objects.get(pk=refund_id)


def _request(number: str, asked: Asked, *, reason: str, step: str, by: str, restock: bool) -> list[uuid.UUID]:
    locked = list(_payments(number).select_for_update(of=("self",)).order_by("pk"))
    known = Refund.objects.filter(payment__in=locked, step=step)
    if known.exists():
        return [refund.pk for refund in known]
    order = services.lock(number)

    def ask(payment: Payment, minor: int) -> Refund:
        return refunds.request(payment=payment, amount_minor=minor, reason=reason, step=step, by=by)

    if asked.pieces is not None:
        made = [_by_line(order, locked, asked.pieces, ask, restock=restock, by=by)]
    elif asked.amount_minor is not None:
        made = [ask(_with_most_left(locked), asked.amount_minor)]
    else:
        made = [ask(payment, left) for payment in locked if (left := refunds.refundable_minor(payment))]
    if not made:
        raise NotPossible(_("Nothing is left to refund."))
    return [refund.pk for refund in made]


def _payments(number: str) -> QuerySet[Payment]:
    return Payment.objects.filter(
        kind="order", reference=number, state__in=(Payment.State.PAID, Payment.State.REVIEW)
    )


def _with_most_left(payments: list[Payment]) -> Payment:
    paid = [payment for payment in payments if captured_minor(payment)]
    if not paid:
        raise NotPossible(_("Nothing has been paid for this order."))
    return max(paid, key=refunds.refundable_minor)


# --- By line --------------------------------------------------------------------------------------


def _by_line(
    order: Order,
    payments: list[Payment],
    pieces: Mapping[int, int],
    ask: Callable[[Payment, int], Refund],
    *,
    restock: bool,
    by: str,
) -> Refund:
    chosen = _chosen(order, pieces)
    minor = {left.line.pk: left.minor_for(number) for left, number in chosen}
    if not sum(minor.values()):
        raise NotPossible(_("These pieces cost nothing, so there is nothing to refund."))
    refund = ask(_with_most_left(payments), sum(minor.values()))
    for left, number in chosen:
        RefundedLine.objects.create(
            refund=refund, line=left.line, quantity=number, amount_minor=minor[left.line.pk]
        )
    _move_stock(refund, chosen, restock=restock)
    _finish(order, by)
    return refund


def _chosen(order: Order, pieces: Mapping[int, int]) -> list[tuple[Left, int]]:
    left = {row.line.pk: row for row in left_of_lines(order)}
    if set(pieces) - set(left):
        raise NotPossible(_("A line is not of this order."))
    if any(not 0 <= number <= left[pk].pieces for pk, number in pieces.items()):
        raise NotPossible(_("A line has fewer pieces left to refund than that."))
    chosen = [(left[pk], number) for pk, number in sorted(pieces.items()) if number]
    if not chosen:
        raise NotPossible(_("Choose at least one piece to refund."))
    return chosen


def _move_stock(refund: Refund, chosen: list[tuple[Left, int]], *, restock: bool) -> None:
    """Release pieces that will not leave now, and take shipped ones back when asked to."""
    require_transaction()
    released, returned = [], []
    for left, number in chosen:
        line, reference = left.line, f"line:{left.line.pk}/refund:{refund.pk}"
        cancelled = _to_cancel(left, number)
        back = min(number - cancelled, line.shipped - line.taken_back) if restock else 0
        freed = min(cancelled, line.num_allocated)
        line.cancelled += cancelled
        line.num_allocated -= freed
        line.taken_back += back
        line.save(update_fields=["cancelled", "num_allocated", "taken_back"])
        if line.stockrecord_id:
            released += [stock.Step(line.stockrecord_id, freed, reference)] if freed else []
            returned += [stock.Step(line.stockrecord_id, back, reference)] if back else []
    stock.release(steps=released)
    stock.take_back(steps=returned)


def _to_cancel(left: Left, number: int) -> int:
    """Return how many pieces this refund cancels: refunded ones are those that have not left, as far as they go.

    A refund that failed and is made again finds its pieces cancelled already.
    """
    line = left.line
    refunded = line.quantity - left.pieces + number
    return max(0, min(refunded, line.quantity - line.shipped) - line.cancelled)


def _finish(order: Order, by: str) -> None:
    """End an order of which nothing is left to ship."""
    if any(line.unshipped for line in order.lines.all()):
        return
    reason = _("every piece that had not left is refunded")
    if not order.parcels.exists():
        if order.may_become(Status.CANCELLED):
            services.cancel_locked(order, by=by, reason=reason)
    elif order.status == Status.PART_SHIPPED:
        services.step(order, Status.SHIPPED, by=by, reason=reason)
    elif order.status == Status.ON_HOLD:
        order.held_from = Status.SHIPPED
        order.save(update_fields=["held_from"])


def said(made: list[Refund]) -> str:
    """Say for staff what became of refunds just made."""
    return " ".join(_said(refund) for refund in made)


def _said(refund: Refund) -> str:
    amount = shown(from_minor(refund.amount_minor, refund.payment.currency), refund.payment.currency)
    words = {
        Refund.State.SUCCEEDED: _("%(amount)s is refunded."),
        Refund.State.FAILED: _("The refund of %(amount)s failed. %(why)s"),
        Refund.State.UNKNOWN: _(
            "Stripe does not answer. The refund of %(amount)s is sent by itself; do not repeat it."
        ),
    }
    text = words.get(Refund.State(refund.state), _("The refund of %(amount)s is on its way."))
    return text % {"amount": amount, "why": refund.error}
