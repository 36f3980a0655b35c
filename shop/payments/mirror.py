"""What happens at Stripe after a payment, copied here: found by id, looked up, then written under the payment's lock.

Events are never believed: they only name the thing. A copy is written only when nobody else has written one since
before the look-up, so a slow look-up never puts an older state over a newer one.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings

from shop.payments import disputes, gateway, invoices, lookups, refunds, settlement, subscriptions
from shop.payments.answers import SubscriptionAnswer
from shop.payments.models import Dispute, Payment, Subscription
from shop.payments.selectors import CannotApply, by_own_id, captured_minor
from shop.transactions import durably

_TRIES = 5


def refund(stripe_id: str) -> bool:
    """Copy a refund; return whether it is of a payment of ours. Raises gateway.Unavailable, CannotApply."""
    return _mirror(
        lambda: refunds.version_of(stripe_id),
        lambda: gateway.retrieve_refund(stripe_id),
        refunds.record,
    )


def refunds_of(*, intent_id: str, charge_id: str) -> bool:
    """Copy every refund of a payment; return whether the payment is ours."""
    payment = find_payment(intent_id, charge_id)
    if payment is None:
        return False
    return all(refund(answer.id) for answer in lookups.refunds_of(payment.intent_id))


def concern(stripe_id: str) -> bool:
    """Copy a dispute, warning or review; return whether it is of a payment of ours."""
    return _mirror(
        lambda: disputes.version_of(stripe_id),
        lambda: lookups.concern(stripe_id),
        disputes.record,
    )


def subscription(stripe_id: str) -> bool:
    """Copy a subscription, and its latest invoice if that is not known; return whether a payment of ours began it."""
    seen: list[SubscriptionAnswer] = []

    def look() -> SubscriptionAnswer:
        seen.append(lookups.subscription(stripe_id))
        return seen[-1]

    is_ours = _mirror(lambda: subscriptions.version_of(stripe_id), look, subscriptions.record, find=_begun_by)
    if is_ours and _is_unknown(seen[-1].latest_invoice_id):
        invoices.apply(seen[-1].latest_invoice_id)
    return is_ours


def _begun_by(answer: SubscriptionAnswer) -> Payment | None:
    """Return the payment that began a subscription, settled, so that it is known to whom its news goes."""
    first = invoices.begun_by(answer)
    return settlement.settle(first.pk) if first else None


def _is_unknown(invoice_id: str) -> bool:
    return bool(invoice_id) and not Payment.objects.filter(invoice_id=invoice_id).exists()


def look_at_running_subscriptions() -> int:
    """Compare every running subscription with Stripe's list and look up what differs (the sweep); return how many."""
    ours = {row.stripe_id: row.status for row in Subscription.objects.filter(is_running=True)}
    if not ours:
        return 0
    theirs = {answer.id: answer for answer in lookups.running_subscriptions()}
    differs = [
        stripe_id
        for stripe_id, status in ours.items()
        if stripe_id not in theirs
        or theirs[stripe_id].status != status
        or _is_unknown(theirs[stripe_id].latest_invoice_id)
    ]
    return sum(_look_again(stripe_id) for stripe_id in differs)


def _look_again(stripe_id: str) -> bool:
    try:
        return subscription(stripe_id)
    except (gateway.Refused, CannotApply):  # Stripe does not know it: reconcile names it
        return False


def look_at_open_disputes(*, limit: int = 200) -> int:
    """Look up every open dispute again (the sweep: an event may have been lost); return how many have ended."""
    ended = 0
    for stripe_id in Dispute.objects.filter(is_open=True).values_list("stripe_id", flat=True)[:limit]:
        try:
            concern(stripe_id)
        except gateway.Refused:  # Stripe does not know it: reconcile names it
            continue
        ended += not Dispute.objects.get(stripe_id=stripe_id).is_open
    return ended


def _mirror(
    version: Callable[[], datetime | None],
    look: Callable[[], Any],
    record: Callable[[Payment, Any], Any],
    *,
    find: Callable[[Any], Payment | None] | None = None,
) -> bool:
    for _try in range(_TRIES):
        before = version()
        fact = look()
        payment = find(fact) if find else find_payment(fact.intent_id, fact.charge_id)
        if payment is None:
            return False

        def write(payment: Payment = payment, fact: Any = fact, before: datetime | None = before) -> bool:
            locked = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
            if version() != before:
                return False
            record(locked, fact)
            return True

        if durably(write):
            return True
    raise gateway.Unavailable("it changed whenever it was looked up")


def find_payment(intent_id: str, charge_id: str = "") -> Payment | None:
    """Return our payment behind an intent or charge, settled; None when it is somebody else's.

    What happened before the payment was heard of is found through Stripe. Raises CannotApply when Stripe says that it
    is ours, but it is not here.
    """
    payment = known(intent_id, charge_id) or named_at_stripe(intent_id, charge_id)
    if payment is None and intent_id:
        payment = invoices.of_intent(intent_id)
    if payment is not None and not captured_minor(payment):
        payment = settlement.settle(payment.pk)
    return payment


def known(intent_id: str, charge_id: str) -> Payment | None:
    """Return the payment that has this intent or charge already."""
    for field, value in (("intent_id", intent_id), ("charge_id", charge_id)):
        found = Payment.objects.filter(**{field: value}).first() if value else None
        if found:
            return found
    return None


def named_at_stripe(intent_id: str, charge_id: str) -> Payment | None:
    """Return the payment that Stripe's metadata of an intent or charge names; CannotApply when it is not here."""
    if not (intent_id or charge_id):
        return None
    metadata = lookups.metadata_of(intent_id=intent_id, charge_id=charge_id)
    if metadata.get("site") != settings.SITE_HOST:
        return None
    payment = by_own_id(metadata.get("payment", ""))
    if payment is None:
        raise CannotApply("Stripe says it is of a payment of ours, but there is none")
    return payment
