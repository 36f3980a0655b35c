"""Refunds of an order for staff: all that is left, by line (pieces, delivery, donation), or an amount; and the stock.

Pieces that have not left are cancelled with their refund and become available; pieces that came back go on the shelf
only when staff tick that. Lock order: payment, order, stock.
"""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from shop.money import ZERO, from_minor, spread, to_minor
from shop.order import services
from shop.order.models import Line, Order, RefundedExtra, RefundedLine
from shop.order.services import NotPossible
from shop.order.statuses import Status
from shop.payments import refunds
from shop.payments.models import Payment, Refund
from shop.payments.selectors import captured_minor
from shop.stock import services as stock
from shop.transactions import durably, require_transaction


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
    """What staff ask for: by line (`pieces` by line id, whole `extras`), or `amount_minor`, else all that is left."""

    pieces: Mapping[int, int] | None = None
    extras: Collection[str] = ()
    amount_minor: int | None = None

    @property
    def is_by_line(self) -> bool:
        return self.pieces is not None or bool(self.extras)


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


def left_of_extras(order: Order) -> dict[str, int]:
    """Return what of delivery and donation can still be refunded, in minor units; refunds that failed do not count."""
    live = RefundedExtra.objects.filter(order=order, refund__state__in=Refund.NOT_FAILED)
    given = dict(live.values_list("what").annotate(Sum("amount_minor")))
    whole = {
        RefundedExtra.What.DELIVERY.value: to_minor(order.shipping_incl_tax, order.currency),
        RefundedExtra.What.DONATION.value: to_minor(order.gift_amount, order.currency),
    }
    return {what: minor - given.get(what, 0) for what, minor in whole.items() if minor > given.get(what, 0)}


def refund(
    *, number: str, asked: Asked, reason: str, step: str, by: str, restock: bool = False
) -> list[Refund]:
    """Refund an order and return the refunds as they stand; the same `step` (a form's token) refunds once.

    With `restock`, shipped pieces of the lines go back on the shelf. Raises NotPossible or refunds.TooMuch (nothing
    changed). What Stripe refuses ends as a failed refund with words; when it does not answer the sweep goes on.
    """
    made = durably(lambda: _request(number, asked, reason=reason, step=step, by=by, restock=restock))
    return [refunds.send_or_leave(refund_id) for refund_id in made]


def _request(number: str, asked: Asked, *, reason: str, step: str, by: str, restock: bool) -> list[uuid.UUID]:
    locked = list(_payments(number).select_for_update(of=("self",)).order_by("pk"))
    known = Refund.objects.filter(payment__in=locked, step=step)
    if known.exists():
        return [refund.pk for refund in known]
    order = services.lock(number)

    def ask(payment: Payment, minor: int) -> Refund:
        return refunds.request(payment=payment, amount_minor=minor, reason=reason, step=step, by=by)

    if asked.is_by_line:
        made = [_by_line(order, locked, asked, ask, restock=restock, by=by)]
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
    asked: Asked,
    ask: Callable[[Payment, int], Refund],
    *,
    restock: bool,
    by: str,
) -> Refund:
    chosen, extras = _chosen(order, asked.pieces or {}), _chosen_extras(order, asked.extras)
    if not chosen and not extras:
        raise NotPossible(_("Choose at least one piece, delivery or the donation to refund."))
    minor = {left.line.pk: left.minor_for(number) for left, number in chosen}
    payment = _with_most_left(payments)
    if _is_the_end(order, chosen):
        extras = _with_delivery(order, extras, refunds.refundable_minor(payment) - sum(minor.values()))
    total = sum(minor.values()) + sum(extras.values())
    if not total:
        raise NotPossible(_("These pieces cost nothing, so there is nothing to refund."))
    refund = ask(payment, total)
    RefundedLine.objects.bulk_create(
        RefundedLine(refund=refund, line=left.line, quantity=number, amount_minor=minor[left.line.pk])
        for left, number in chosen
    )
    RefundedExtra.objects.bulk_create(
        RefundedExtra(refund=refund, order=order, what=what, amount_minor=extra)
        for what, extra in extras.items()
    )
    if chosen:
        _move_stock(refund, chosen, restock=restock)
        _finish(order, by)
    return refund


def _chosen_extras(order: Order, extras: Collection[str]) -> dict[str, int]:
    left = left_of_extras(order)
    if set(extras) - set(left):
        raise NotPossible(_("Delivery or donation has been refunded already, or cost nothing."))
    return {what: left[what] for what in sorted(extras)}


def _is_the_end(order: Order, chosen: list[tuple[Left, int]]) -> bool:
    """Whether these are the last pieces of an order of which none has left: it is cancelled with them."""
    left = sum(row.pieces for row in left_of_lines(order)) - sum(number for _left_of, number in chosen)
    return bool(chosen) and not left and not order.parcels.exists()


def _with_delivery(order: Order, extras: dict[str, int], most: int) -> dict[str, int]:
    """Add delivery, because nothing is delivered, as far as `most` minor units leave money for it."""
    what = RefundedExtra.What.DELIVERY.value
    minor = min(left_of_extras(order).get(what, 0), most - sum(extras.values()))
    return {what: minor} | extras if minor > 0 else extras


def _chosen(order: Order, pieces: Mapping[int, int]) -> list[tuple[Left, int]]:
    left = {row.line.pk: row for row in left_of_lines(order)}
    if set(pieces) - set(left):
        raise NotPossible(_("A line is not of this order."))
    if any(not 0 <= number <= left[pk].pieces for pk, number in pieces.items()):
        raise NotPossible(_("A line has fewer pieces left to refund than that."))
    return [(left[pk], number) for pk, number in sorted(pieces.items()) if number]


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
    return " ".join(refunds.said(refund) for refund in made)
