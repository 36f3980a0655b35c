"""Stripe's books beside ours: every difference named in a line, and what can be settled safely is settled.

Compared is what Stripe made since a moment (sessions, charges, refunds; disputes, warnings and reviews; subscriptions
and invoices) with ours of the same time. Only what carries this site's name in its metadata, or belongs to a payment
of ours, counts: one account at Stripe may serve several shops. Nothing here guesses: a fix is always "look it up by
id and write down what Stripe says".
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Q

from shop.payments import (
    gateway,
    lookups,
    mirror,
    reconcile_concerns,
    reconcile_subscriptions,
    refunds,
    settlement,
)
from shop.payments.differences import Difference, amount_of, exists, is_ours, name_of
from shop.payments.models import Payment, Refund
from shop.payments.selectors import CannotApply, by_own_id, captured_minor

Paid = Payment.State.PAID


def differences(since: datetime) -> list[Difference]:
    """Return every difference since then, in a stable order; gateway.GatewayError when Stripe cannot be asked."""
    sessions = [fact for fact in lookups.sessions_since(since) if is_ours(fact.metadata)]
    found = [
        *_sessions(sessions),
        *_payments(since, {fact.id for fact in sessions}),
        *_charges(since, {fact.intent_id for fact in sessions}),
        *_refunds(since),
        *reconcile_concerns.differences(since),
        *reconcile_subscriptions.differences(since),
    ]
    return sorted(found, key=lambda difference: (difference.kind, difference.about))


def settle_safely(found: list[Difference]) -> int:
    """Settle what can be; return how many were tried. What Stripe refuses or the store cannot do stays a difference."""
    fixable = [difference for difference in found if difference.fix]
    for difference in fixable:
        try:
            difference.fix()  # type: ignore[misc]
        except (gateway.Refused, CannotApply):
            continue
    return len(fixable)


# --- Sessions and payments ------------------------------------------------------------------------


def _sessions(facts: list[lookups.SessionFact]) -> Iterator[Difference]:
    known = {
        payment.session_id: payment
        for payment in Payment.objects.filter(session_id__in=[f.id for f in facts])
    }
    for fact in facts:
        payment = known.get(fact.id) or by_own_id(fact.metadata.get("payment", ""))
        difference = _session(fact, payment) if payment else _orphan(fact)
        if difference:
            yield difference


def _orphan(fact: lookups.SessionFact) -> Difference | None:
    """Name a session of a payment that is not here; one that has expired can do no harm any more."""
    if fact.status == "expired":
        return None
    text = f"Stripe has a session ({_standing(fact)}) of payment {fact.metadata.get('payment', '?')}, which is not here"
    if fact.is_paid:
        return Difference("paid at Stripe, not here", fact.id, text)
    fix = (lambda: gateway.expire_session(fact.id)) if fact.status == "open" else None
    return Difference("session without payment", fact.id, text, fix)


def _session(fact: lookups.SessionFact, payment: Payment) -> Difference | None:
    if payment.session_id not in (None, fact.id):
        return Difference(
            "second session", fact.id, f"payment {name_of(payment)} knows {payment.session_id} instead"
        )
    fix = _settling(payment)
    if fact.is_paid and payment.state not in (Paid, Payment.State.REVIEW):
        kind = "paid at Stripe, not here"
        return Difference(
            kind, name_of(payment), f"Stripe says {_standing(fact)}, here it is {payment.state}", fix
        )
    if payment.state == Paid and not fact.is_paid:
        return Difference("paid here, not at Stripe", name_of(payment), f"Stripe says {_standing(fact)}")
    if payment.is_paid and (fact.amount_total, fact.currency) != (payment.amount_minor, payment.currency):
        there = f"{fact.amount_total} {fact.currency}"
        text = f"{there} at Stripe, {payment.amount_minor} {payment.currency} here (minor units)"
        return Difference("amount differs", name_of(payment), text)
    if fact.status == "expired" and payment.is_unfinished:
        return Difference(
            "expired at Stripe, open here", name_of(payment), f"here it is {payment.state}", fix
        )
    return None


def _payments(since: datetime, listed: set[str]) -> Iterator[Difference]:
    """Payments of ours whose session was not in the list: older, or not there at all."""
    ours = Payment.objects.filter(created_at__gte=since, state=Paid).exclude(session_id__in=listed)
    later_months = Q(session_id=None, invoice_id__isnull=False)
    for payment in ours.exclude(later_months | Q(subject__startswith="sample:")).order_by("created_at"):
        try:
            session = gateway.retrieve_session(payment.session_id or "")
        except gateway.Refused:
            yield Difference("paid here, not at Stripe", name_of(payment), f"no session {payment.session_id}")
            continue
        if session.status != "complete":
            yield Difference("paid here, not at Stripe", name_of(payment), f"Stripe says {session.status}")


def _charges(since: datetime, listed: set[str]) -> Iterator[Difference]:
    """Charges whose session was compared already are not named twice; what was captured is compared for all."""
    for charge in lookups.charges_since(since):
        payment = Payment.objects.filter(intent_id=charge.intent_id).first() if charge.intent_id else None
        if charge.status != "succeeded" or not (payment or is_ours(charge.metadata)):
            continue
        if payment is None:
            if charge.intent_id not in listed:
                named = by_own_id(charge.metadata.get("payment", ""))
                text = f"Stripe took {amount_of(charge.captured, charge.currency)}, here there is no such payment"
                fix = _settling(named) if named else None
                yield Difference("paid at Stripe, not here", charge.id, text, fix)
        elif payment.is_paid and payment.amount_minor and charge.captured != captured_minor(payment):
            text = f"{charge.captured} at Stripe, {captured_minor(payment)} here (minor units)"
            yield Difference("captured amount differs", name_of(payment), text)


def _settling(payment: Payment) -> Callable[[], object]:
    return lambda: settlement.settle(payment.pk)


def _standing(fact: lookups.SessionFact) -> str:
    return f"{fact.status}, {fact.payment_status}, {fact.amount_total} {fact.currency}"


# --- Refunds --------------------------------------------------------------------------------------


def _refunds(since: datetime) -> Iterator[Difference]:
    listed = lookups.refunds_since(since)
    for answer in listed:
        difference = _refund(answer)
        if difference:
            yield difference
    ours = Refund.objects.filter(created_at__gte=since).select_related("payment")
    seen = {answer.id for answer in listed} | {answer.metadata.get("refund", "") for answer in listed}
    for refund in ours:
        if refund.stripe_id not in seen and str(refund.pk) not in seen:
            yield from _missing_at_stripe(refund)


def _refund(answer: gateway.RefundAnswer) -> Difference | None:
    row = Refund.objects.filter(stripe_id=answer.id).first()
    fix: Callable[[], object] = lambda: mirror.refund(answer.id)  # noqa: E731
    if row is None:
        named = _by_id(answer.metadata.get("refund", ""))
        if named is None and _payment_behind(answer) is None:
            return None
        return Difference("refund missing here", answer.id, f"{answer.amount} {answer.status} at Stripe", fix)
    if row.amount_minor != answer.amount:
        text = f"{answer.amount} at Stripe, {row.amount_minor} here (minor units)"
        return Difference("refund amount differs", answer.id, text, fix)
    if row.state != refunds.state_of(answer.status):
        return Difference(
            "refund status differs", answer.id, f"{answer.status} at Stripe, {row.state} here", fix
        )
    return None


def _by_id(text: str) -> Refund | None:
    try:
        return Refund.objects.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        return None


def _payment_behind(answer: gateway.RefundAnswer) -> Payment | None:
    try:
        return mirror.known(answer.intent_id, answer.charge_id) or mirror.named_at_stripe(
            answer.intent_id, answer.charge_id
        )
    except CannotApply:
        return None


def _missing_at_stripe(refund: Refund) -> Iterator[Difference]:
    if refund.state == Refund.State.UNKNOWN:
        fix: Callable[[], object] = lambda: refunds.send(refund.pk)  # noqa: E731
        yield Difference(
            "refund not sent", str(refund.pk), f"{refund.amount_minor} for {name_of(refund.payment)}", fix
        )
    elif _missing(refund):
        yield Difference("refund missing at Stripe", str(refund.stripe_id), f"here it is {refund.state}")


def _missing(refund: Refund) -> bool:
    return bool(refund.stripe_id) and not exists(gateway.retrieve_refund, refund.stripe_id or "")
