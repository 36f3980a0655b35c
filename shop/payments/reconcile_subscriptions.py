"""Subscriptions and their invoices at Stripe beside ours; see `reconcile`."""

from collections.abc import Callable, Iterator
from datetime import datetime

from shop.payments import invoices, lookups, mirror
from shop.payments.answers import InvoiceAnswer, SubscriptionAnswer
from shop.payments.differences import Difference, amount_of, exists, is_ours, name_of
from shop.payments.models import Payment, Subscription
from shop.payments.selectors import by_own_id, captured_minor


def differences(since: datetime) -> Iterator[Difference]:
    """Yield what differs of what was made since then, at Stripe or here."""
    yield from _subscriptions(since)
    yield from _invoices(since)


def _subscriptions(since: datetime) -> Iterator[Difference]:
    listed = [answer for answer in lookups.subscriptions_since(since) if is_ours(answer.metadata)]
    rows = {row.stripe_id: row for row in Subscription.objects.filter(stripe_id__in=[a.id for a in listed])}
    for answer in listed:
        difference = _subscription(answer, rows.get(answer.id))
        if difference:
            yield difference
    for row in Subscription.objects.filter(created_at__gte=since).exclude(stripe_id__in=rows):
        if not exists(lookups.subscription, row.stripe_id):
            yield Difference("subscription missing at Stripe", row.stripe_id, f"here it is {row.status}")


def _subscription(answer: SubscriptionAnswer, row: Subscription | None) -> Difference | None:
    fix: Callable[[], object] = lambda: mirror.subscription(answer.id)  # noqa: E731
    if row is None:
        if _is_unsettled(answer):
            return None
        return Difference("subscription missing here", answer.id, f"{answer.status} at Stripe", fix)
    if row.status != answer.status:
        text = f"{answer.status} at Stripe, {row.status} here"
        return Difference("subscription status differs", answer.id, text, fix)
    return None


def _is_unsettled(answer: SubscriptionAnswer | InvoiceAnswer) -> bool:
    """Whether the session that began it is what differs, and is named there."""
    first = by_own_id(answer.metadata.get("payment", ""))
    return first is not None and not first.is_paid


def _invoices(since: datetime) -> Iterator[Difference]:
    listed = [answer for answer in lookups.invoices_since(since) if is_ours(answer.metadata)]
    paid = {answer.id: answer for answer in listed if answer.is_paid and answer.amount_paid}
    rows = {row.invoice_id: row for row in Payment.objects.filter(invoice_id__in=[a.id for a in listed])}
    for answer in paid.values():
        difference = _invoice(answer, rows.get(answer.id))
        if difference:
            yield difference
    ours = Payment.objects.filter(invoice_id__isnull=False, created_at__gte=since, state=Payment.State.PAID)
    for payment in ours.exclude(invoice_id__in=paid):
        if not _is_paid_at_stripe(payment.invoice_id or ""):
            text = f"invoice {payment.invoice_id} is not paid there"
            yield Difference("paid here, not at Stripe", name_of(payment), text)


def _invoice(answer: InvoiceAnswer, payment: Payment | None) -> Difference | None:
    amount = amount_of(answer.amount_paid, answer.currency)
    if payment is None:
        if answer.is_first and _is_unsettled(answer):
            return None
        text = f"Stripe took {amount} for it, here there is no such payment"
        return Difference("invoice missing here", answer.id, text, lambda: invoices.apply(answer.id))
    if payment.is_paid and (answer.amount_paid, answer.currency) != (
        captured_minor(payment),
        payment.currency,
    ):
        text = f"{answer.amount_paid} at Stripe, {captured_minor(payment)} here (minor units)"
        return Difference("invoice amount differs", answer.id, text)
    return None


def _is_paid_at_stripe(invoice_id: str) -> bool:
    return exists(lookups.invoice, invoice_id) and lookups.invoice(invoice_id).is_paid
