"""Orders as the back office lists them, with the figures of their lines and payments in the same query."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils.translation import gettext as _

from shop.order.models import Line, Order
from shop.order.statuses import Status
from shop.payments.models import Dispute, Payment, Refund
from shop.payments.selectors import MoneyState

#: Placed, but never paid: abandoned on the payment page, expired or declined.
NEVER_PLACED = Q(status=Status.PENDING_PAYMENT) | Q(status=Status.CANCELLED, paid_at=None)


def with_figures(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Add pieces, is_paid, in_review, is_disputed, and paid_, refunded_ and charged_back_minor to each order."""
    payments = Payment.objects.filter(kind="order", reference=OuterRef("number"))
    taken = Case(
        When(captured_minor__isnull=False, then="captured_minor"),
        When(state=Payment.State.PAID, then="amount_minor"),
        default=0,
    )
    of_order = {"payment__kind": "order", "payment__reference": OuterRef("number")}
    refunds = Refund.objects.filter(state__in=Refund.NOT_FAILED, **of_order)
    disputes = Dispute.objects.filter(**of_order)
    return orders.annotate(
        pieces=_sum(Line.objects.filter(order=OuterRef("pk")), "order", "quantity"),
        is_paid=Exists(payments.filter(state=Payment.State.PAID)),
        in_review=Exists(payments.filter(state=Payment.State.REVIEW)),
        is_disputed=Exists(disputes.filter(is_open=True)),
        paid_minor=_sum(payments.annotate(taken=taken), "reference", "taken"),
        refunded_minor=_sum(refunds, "payment__reference", "amount_minor"),
        charged_back_minor=_sum(disputes.filter(status=Dispute.LOST), "payment__reference", "amount_minor"),
    )


def _sum(rows: QuerySet[Any], by: str, figure: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(sum=Sum(figure)).values("sum"))


def money_state(order: Any) -> tuple[str, str]:
    """Return how the money of an order (from `with_figures`) stands, in words, and its tone."""
    state = MoneyState(
        captured=order.paid_minor or 0,
        refunded=order.refunded_minor or 0,
        charged_back=order.charged_back_minor or 0,
        is_disputed=order.is_disputed,
        needs_a_look=order.in_review,
        is_paid=order.is_paid,
    )
    return {
        "review": (_("payment needs a look"), "bad"),
        "disputed": (_("disputed"), "bad"),
        "charged_back": (_("charged back"), "bad"),
        "not_paid": (_("not paid"), ""),
        "refunded": (_("refunded"), "warn"),
        "part_refunded": (_("part refunded"), "warn"),
        "paid": (_("paid"), "good"),
    }[state.name]
