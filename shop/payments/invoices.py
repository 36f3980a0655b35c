"""Invoices of subscriptions: each paid one is a payment of its own, once, however often and late it is heard of.

The first invoice belongs to the session that began the subscription, so it is settled with that; the events of both
may come in any order. Every later one has the reference of the first payment.
"""

import logging
import uuid

from django.conf import settings
from django.utils import timezone

from shop.payments import gateway, lookups, reading, settlement
from shop.payments.answers import InvoiceAnswer, SubscriptionAnswer
from shop.payments.models import Payment
from shop.payments.outcomes import handler_for
from shop.payments.selectors import CannotApply, by_own_id
from shop.testpoints import is_on
from shop.transactions import durably

logger = logging.getLogger(__name__)


def apply(invoice_id: str) -> bool:
    """Look an invoice up and write down what it means; return whether it is of a payment of ours.

    Safe to repeat. Raises gateway.Unavailable, CannotApply (its payment is not here, or its session not complete).
    """
    return apply_answer(lookups.invoice(invoice_id))


def apply_answer(answer: InvoiceAnswer) -> bool:
    """Write down what an invoice, just fetched from Stripe, means; as `apply`."""
    first = begun_by(answer)
    if first is None:
        return False
    if answer.is_first:
        _settle_first(first, answer)
    elif answer.is_paid and answer.amount_paid:
        _renewed(first, answer)
    elif answer.is_tried and not answer.is_paid:
        durably(lambda: _tell_declined(first.pk, answer))
    return True


def of_intent(intent_id: str) -> Payment | None:
    """Return the payment of the invoice that an intent paid, written now if need be; None when it is not ours.

    Stripe copies no metadata of a subscription to the intents of its invoices.
    """
    invoice_id = lookups.invoice_of(intent_id)
    if not invoice_id or not apply(invoice_id):
        return None
    return Payment.objects.filter(invoice_id=invoice_id).first()


def begun_by(answer: InvoiceAnswer | SubscriptionAnswer) -> Payment | None:
    """Return the payment that began a subscription; None when it is not ours, CannotApply when it is, but not here."""
    if answer.metadata.get("site") != settings.SITE_HOST or answer.livemode != settings.STRIPE_LIVEMODE:
        return None
    first = by_own_id(answer.metadata.get("payment", ""))
    if first is None:
        raise CannotApply("Stripe says a payment of ours began it, but there is none")
    return first


def _settle_first(first: Payment, answer: InvoiceAnswer) -> None:
    settled = settlement.settle(first.pk)
    if answer.is_paid and settled.state in (Payment.State.CREATING, Payment.State.OPEN):
        raise CannotApply("the invoice is paid, but its session is not complete yet")


def _renewed(first: Payment, answer: InvoiceAnswer) -> None:
    if Payment.objects.filter(invoice_id=answer.id).exists():
        return
    facts = reading.money_facts(gateway.retrieve_intent(answer.intent_id)) if answer.intent_id else {}
    charge_id = str(facts.get("charge_id", ""))
    durably(lambda: _write(first.pk, answer, charge_id))


def _write(first_id: uuid.UUID, answer: InvoiceAnswer, charge_id: str) -> None:
    """Write the payment of an invoice under the lock of the first, and tell who owns it."""
    first = Payment.objects.select_for_update(of=("self",)).get(pk=first_id)
    own_id = answer.id if is_on("invoice") else f"{answer.id}:{uuid.uuid4()}"
    payment, is_new = Payment.objects.get_or_create(
        invoice_id=own_id,
        defaults={
            "kind": first.kind,
            "reference": first.reference,
            "subject": f"invoice:{answer.id}"[:60],
            "state": Payment.State.PAID,
            "amount_minor": answer.amount_paid,
            "captured_minor": answer.amount_paid,
            "currency": answer.currency,
            "params": {},
            "idempotency_key": f"invoice:{own_id}"[:60],
            "intent_id": answer.intent_id,
            "charge_id": charge_id,
            "expires_at": answer.paid_at or timezone.now(),
            "paid_at": answer.paid_at or timezone.now(),
        },
    )
    if is_new:
        handler_for(payment).paid(payment, "")


def _tell_declined(first_id: uuid.UUID, answer: InvoiceAnswer) -> None:
    first = Payment.objects.select_for_update(of=("self",)).get(pk=first_id)
    handler_for(first).renewal_declined(first, answer)
