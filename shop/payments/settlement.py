"""settle: the one way to any outcome of a payment.

Called by the webhook, the return page, the sweep and a button in admin, in any order, any number of times, at once.
Events are a bell, the API is the truth: the session is looked up at Stripe (outside any transaction), then the
payment is locked, moved forward only, and the handler of its kind is told, all in one transaction.
"""

import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation

from shop.payments import disputes, gateway, subscriptions
from shop.payments.lookups import Concern
from shop.payments.models import Dispute, Payment
from shop.payments.outcomes import Buyer, handler_for
from shop.testpoints import is_on, reach
from shop.transactions import durably

logger = logging.getLogger(__name__)

State = Payment.State
_CLOCKS_DIFFER = timedelta(minutes=5)
UNKNOWN_TO_STRIPE = "Stripe does not know this payment"


def settle(payment_id: uuid.UUID) -> Payment:
    """Look the payment up at Stripe and bring it and its order to where Stripe says; return it.

    A payment already paid is returned without asking. Raises gateway.Unavailable when Stripe cannot be reached
    (nothing changed), Payment.DoesNotExist.
    """
    payment = Payment.objects.get(pk=payment_id)
    if payment.is_paid:
        return payment
    if not payment.session_id:
        return settle_without_session(payment) if payment.expires_at <= timezone.now() else payment
    try:
        session = gateway.retrieve_session(payment.session_id)
    except gateway.Refused as error:
        if not error.missing:
            raise gateway.Unavailable("Stripe refused the look-up") from error
        return _move(payment_id, lambda locked: _to_review(locked, UNKNOWN_TO_STRIPE))
    return record(payment_id, session)


def settle_without_session(payment: Payment) -> Payment:
    """Find out whether a session was made for a payment that knows none, end it, and settle."""
    session = _session_of(payment)
    if session is None:
        return nothing_was_made(payment.pk)
    Payment.objects.filter(pk=payment.pk, session_id=None).update(
        session_id=session.id, session_url=session.url
    )
    with suppress(gateway.Refused):  # not open any more: what it became is looked up next
        gateway.expire_session(session.id)
    return record(payment.pk, gateway.retrieve_session(session.id))


def _session_of(payment: Payment) -> gateway.Session | None:
    """Return the session made with the payment's key, or None when none exists.

    Creating with the same key returns the session of old, or makes one that is ended at once; a refusal means that
    none exists. A stored error is replayed whatever happened, so then the list tells.
    """
    try:
        return gateway.create_session(payment.params, idempotency_key=payment.idempotency_key)
    except gateway.Refused:
        return None
    except gateway.Unavailable as error:
        if not error.stored:
            raise
        return gateway.find_session(str(payment.pk), since=payment.created_at - _CLOCKS_DIFFER)


def nothing_was_made(payment_id: uuid.UUID) -> Payment:
    """Close a payment of which Stripe has no session."""
    return _move(payment_id, lambda locked: _to(locked, State.EXPIRED))


def record(payment_id: uuid.UUID, session: gateway.Session) -> Payment:
    """Write down what a session, just fetched from Stripe, says about the payment."""
    reach("settle.looked_up")
    return _move(payment_id, lambda locked: _apply(locked, session))


def _move(payment_id: uuid.UUID, change: Callable[[Payment], None]) -> Payment:
    def locked_change() -> Payment:
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        reach("settle.locked")
        if not payment.is_paid or not is_on("forward"):
            change(payment)
        payment.checked_at = timezone.now()
        payment.save()
        reach("settle.told")
        return payment

    # Also on a French page: what is written down is for staff, and mails know their own language.
    with translation.override(settings.LANGUAGE_CODE):
        settled = durably(locked_change)
    reach("settle.committed")
    return settled


def _apply(payment: Payment, session: gateway.Session) -> None:
    difference = _difference(payment, session)
    is_new_money = _keep_references(payment, session)
    if session.status == "complete":
        handler_for(payment).completed(payment, _buyer(session))
    if difference:
        logger.error("payment %s differs at Stripe: %s", payment.pk, difference)
        _to_review(payment, difference, again=is_new_money)
        return
    _to(payment, _target(payment, session), _problem(payment, session))
    _keep_what_hangs_on_it(payment, session)


def _target(payment: Payment, session: gateway.Session) -> str:
    """Read the two fields of a session that together say how it stands (stripe.com/docs/payments/checkout)."""
    if session.status == "open":
        return State.OPEN
    if session.status == "expired":
        return State.EXPIRED
    if session.payment_status == "paid":
        return State.PAID
    if session.payment_status == "no_payment_required":
        return State.PAID if payment.amount_minor == 0 else State.REVIEW
    return State.FAILED if session.delayed_payment_failed else State.PROCESSING


def _difference(payment: Payment, session: gateway.Session) -> str:
    """Name the first thing in which Stripe's session is not the one that was asked for, or return nothing."""
    facts = {
        "mode": (session.mode, payment.params["mode"]),
        "live mode": (session.livemode, settings.STRIPE_LIVEMODE),
        "currency": (session.currency, payment.currency),
        "amount": (session.amount_total, payment.amount_minor),
        "reference": (session.client_reference_id, str(payment.pk)),
        "payment": (session.metadata.get("payment"), str(payment.pk)),
    }
    if session.payment_status == "paid":
        facts["captured"] = (session.captured, payment.amount_minor)
    for name, (theirs, ours) in facts.items():
        if theirs != ours:
            return f"{name}: {theirs!r} at Stripe, {ours!r} here"
    return ""


def _problem(payment: Payment, session: gateway.Session) -> str:
    """Return why a paid order must be looked at before it ships, or nothing."""
    chosen = payment.params.get("shipping_address_collection", {}).get("allowed_countries")
    country = session.address.get("country", "")
    if chosen and session.status == "complete" and country not in chosen:
        return (
            f"The delivery address is in {country or 'no country'}, but delivery to {chosen[0]} was paid for."
        )
    return ""


def _to(payment: Payment, state: str, problem: str = "") -> None:
    if is_on("forward") and (state == payment.state or not payment.may_become(state)):
        return
    payment.state = state
    if state == State.PAID:
        payment.paid_at = timezone.now()
        payment.problem = problem
    _tell(payment, problem)


def _to_review(payment: Payment, problem: str, *, again: bool = False) -> None:
    if payment.may_become(State.REVIEW) or (again and payment.state == State.REVIEW):
        payment.state, payment.problem = State.REVIEW, problem[:300]
        handler_for(payment).review(payment, problem)


def _tell(payment: Payment, problem: str) -> None:
    handler = handler_for(payment)
    match payment.state:
        case State.PAID:
            handler.paid(payment, problem)
        case State.PROCESSING:
            handler.processing(payment)
        case State.FAILED:
            handler.failed(payment)
        case State.EXPIRED:
            handler.expired(payment)
        case State.REVIEW:
            handler.review(payment, "Stripe took no payment, but one was due.")


def _keep_references(payment: Payment, session: gateway.Session) -> bool:
    """Keep what a refund needs, also of a payment that must be looked at; return whether money is new here."""
    if session.status != "complete" or session.livemode != settings.STRIPE_LIVEMODE:
        return False
    payment.intent_id = session.intent_id
    payment.charge_id = session.charge_id
    payment.invoice_id = session.invoice_id or None
    before = payment.captured_minor
    if session.payment_status == "paid":
        payment.captured_minor = session.captured
        payment.captured_currency = session.currency if session.currency != payment.currency else ""
    return bool(payment.captured_minor) and not before


def _keep_what_hangs_on_it(payment: Payment, session: gateway.Session) -> None:
    """Write the rows that point to the payment: what repeats it, and a review of Stripe's that holds it."""
    under_review = payment.is_paid and session.under_review
    if session.subscription or under_review:
        payment.save()  # rows are to point to it, and who is told may read it
    if session.subscription:
        subscriptions.record(payment, session.subscription)
    if under_review:
        disputes.record(payment, _review(session))


def _review(session: gateway.Session) -> Concern:
    return Concern(
        id=session.review_id,
        kind=Dispute.Kind.REVIEW,
        status="open",
        is_open=True,
        reason="",
        intent_id=session.intent_id,
        charge_id=session.charge_id,
    )


def _buyer(session: gateway.Session) -> Buyer:
    return Buyer(
        email=session.email,
        name=session.name,
        phone=session.phone,
        address=session.address,
        recipient=session.recipient,
    )


def accept(payment_id: uuid.UUID, *, now: datetime) -> Payment:
    """Count a payment in review as paid, because a person has decided so."""

    def change(payment: Payment) -> None:
        if payment.state == State.REVIEW:
            payment.state, payment.paid_at = State.PAID, now
            payment.captured_minor = payment.captured_minor or 0  # what Stripe never took cannot be refunded
            handler_for(payment).paid(payment, "")

    return _move(payment_id, change)
