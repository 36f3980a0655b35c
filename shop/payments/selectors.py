"""Money and Stripe's events as pages and monitors read them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, QuerySet, Sum

from shop.payments.models import Dispute, Payment, Refund, WebhookEvent


class CannotApply(Exception):
    """What Stripe tells is about something of ours that is not there (yet)."""


def by_own_id(text: str) -> Payment | None:
    """Return the payment whose id Stripe's metadata names; None for whatever else it may say."""
    try:
        return Payment.objects.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        return None


@dataclass(frozen=True)
class MoneyState:
    """How the money of one thing stands, over all its payments, in minor units."""

    captured: int = 0
    refunded: int = 0
    on_its_way_back: int = 0
    charged_back: int = 0
    is_disputed: bool = False
    needs_a_look: bool = False
    is_paid: bool = False

    @property
    def name(self) -> str:
        """In one word: not_paid, review, disputed, charged_back, refunded, part_refunded, paid."""
        given = self.refunded + self.on_its_way_back
        told = {
            "review": self.needs_a_look and not (0 < self.captured <= given),
            "disputed": self.is_disputed,
            "charged_back": self.charged_back > 0,
            "not_paid": not self.captured and not self.is_paid,
            "refunded": 0 < self.captured <= given,
            "part_refunded": given > 0,
        }
        return next((name for name, is_true in told.items() if is_true), "paid")


def payments_for(kind: str, reference: str) -> QuerySet[Payment]:
    """Return the payments of one thing, oldest first."""
    return Payment.objects.filter(kind=kind, reference=reference).order_by("created_at", "pk")


def money_state(kind: str, reference: str) -> MoneyState:
    """Return how the money of one thing stands."""
    payments = list(payments_for(kind, reference))
    refunds = Refund.objects.filter(payment__in=payments)
    disputes = Dispute.objects.filter(payment__in=payments)
    waiting = (Refund.State.UNKNOWN, Refund.State.PENDING, Refund.State.REQUIRES_ACTION)
    return MoneyState(
        captured=sum(captured_minor(payment) for payment in payments),
        refunded=_sum(refunds.filter(state=Refund.State.SUCCEEDED)),
        on_its_way_back=_sum(refunds.filter(state__in=waiting)),
        charged_back=_sum(disputes.filter(status=Dispute.LOST)),
        is_disputed=disputes.filter(is_open=True).exists(),
        needs_a_look=any(payment.state == Payment.State.REVIEW for payment in payments),
        is_paid=any(payment.is_paid for payment in payments),
    )


def captured_minor(payment: Payment) -> int:
    """Return what Stripe took for a payment, in minor units; nothing while it has taken nothing."""
    if payment.captured_minor is not None:
        return payment.captured_minor
    return payment.amount_minor if payment.is_paid else 0


def charged_back_minor(payment: Payment) -> int:
    """Return what banks took back for good."""
    return _sum(payment.disputes.filter(status=Dispute.LOST))


def _sum(rows: QuerySet[Refund] | QuerySet[Dispute]) -> int:
    return rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0


@dataclass(frozen=True)
class WebhookHealth:
    """Whether Stripe's events arrive and can be applied."""

    last_accepted_at: datetime | None
    failed: int
    oldest_failed_at: datetime | None


def webhook_health() -> WebhookHealth:
    """Return when the last event was accepted and how many wait to be applied."""
    accepted = WebhookEvent.objects.filter(state__in=(WebhookEvent.State.DONE, WebhookEvent.State.IGNORED))
    failed = WebhookEvent.objects.filter(state=WebhookEvent.State.FAILED)
    return WebhookHealth(
        last_accepted_at=accepted.aggregate(last=Max("processed_at"))["last"],
        failed=failed.count(),
        oldest_failed_at=failed.aggregate(oldest=Min("received_at"))["oldest"],
    )
