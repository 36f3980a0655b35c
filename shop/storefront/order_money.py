"""Where the money of a paid order went: the same parts as on a product's page, by the costs of its day."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.money import ZERO
from shop.order.models import Order
from shop.order.selectors import payments_of
from shop.order.statuses import UNPLACED, Status
from shop.partner.costs import Costs, Part, Share, costs_of_all, split
from shop.payments.models import Refund


def parts_of_order(order: Order) -> tuple[Part, ...]:
    """Return where an order's total went (three queries).

    Nothing when it was not paid, when some of it was given back, or when a cost of it is not known.
    """
    if order.paid_at is None or order.status in (*UNPLACED, Status.CANCELLED) or _is_refunded(order):
        return ()
    pieces = [(_garment_of(line), line.quantity) for line in order.lines.all()]
    known = costs_of_all({garment for garment, _ in pieces}, on=timezone.localdate(order.paid_at))
    if any(garment not in known for garment, _ in pieces):
        return ()
    return split(order.total_incl_tax, _known(order, [(known[garment], n) for garment, n in pieces]))


def _known(order: Order, pieces: Iterable[tuple[Costs, int]]) -> dict[Share, Decimal]:
    priced = list(pieces)
    fee = priced[0][0].fee(order.total_incl_tax) if priced and order.total_incl_tax else ZERO
    return {
        Share.CLOTH: sum((costs.cloth * n for costs, n in priced), ZERO),
        Share.PRINTING: sum((costs.printing * n for costs, n in priced), ZERO),
        Share.PACKING: sum((costs.packing * n for costs, n in priced), order.shipping_excl_tax),
        Share.FEE: fee,
        Share.VAT: order.total_incl_tax - order.total_excl_tax,
        Share.GIFT: order.gift_amount,
    }


def _garment_of(line: Any) -> int:
    """Return the garment's key; 0, which is nobody's, when the product is gone."""
    product = line.product
    return (product.parent.garment_id or 0) if product and product.parent else 0


def _is_refunded(order: Order) -> bool:
    return any(
        refund.state != Refund.State.FAILED
        for payment in payments_of(order)
        for refund in payment.refunds.all()
    )
