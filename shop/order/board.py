"""Orders as the back office lists them, with the figures of their lines and payments in the same query."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from shop.order.models import Line, Order
from shop.order.statuses import Status
from shop.payments.models import Payment, Refund

#: Placed, but never paid: abandoned on the payment page, expired or declined.
NEVER_PLACED = Q(status=Status.PENDING_PAYMENT) | Q(status=Status.CANCELLED, paid_at=None)


def with_figures(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Add pieces, is_paid, in_review, paid_minor and refunded_minor to each order."""
    payments = Payment.objects.filter(kind="order", reference=OuterRef("number"))
    refunds = Refund.objects.filter(
        payment__kind="order", payment__reference=OuterRef("number"), state__in=Refund.NOT_FAILED
    )
    return orders.annotate(
        pieces=_sum(Line.objects.filter(order=OuterRef("pk")), "order", "quantity"),
        is_paid=Exists(payments.filter(state=Payment.State.PAID)),
        in_review=Exists(payments.filter(state=Payment.State.REVIEW)),
        paid_minor=_sum(payments.filter(state=Payment.State.PAID), "reference", "amount_minor"),
        refunded_minor=_sum(refunds, "payment__reference", "amount_minor"),
    )


def _sum(rows: QuerySet[Any], by: str, figure: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(sum=Sum(figure)).values("sum"))


def money_state(order: Any) -> tuple[str, str]:
    """Return how the money of an order (from `with_figures`) stands, in words, and its tone."""
    paid, refunded = order.paid_minor or 0, order.refunded_minor or 0
    if order.in_review:
        return _("payment needs a look"), "bad"
    if refunded and refunded >= paid:
        return _("refunded"), "warn"
    if refunded:
        return _("part refunded"), "warn"
    return (_("paid"), "good") if order.is_paid else (_("not paid"), "")
