"""Money given back: a row first, then Stripe with that row's own key, then whatever Stripe says of it."""

import logging
import uuid

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.payments import gateway
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.transactions import durably, require_transaction

logger = logging.getLogger(__name__)

State = Refund.State
_STATES = {
    "pending": State.PENDING,
    "requires_action": State.PENDING,
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}


class TooMuch(Exception):
    """The refund would give back more than was captured; its text is for staff."""


def refundable_minor(payment: Payment) -> int:
    """Return how many minor units of a paid payment have not been refunded (failed refunds do not count)."""
    if not payment.is_paid:
        return 0
    given = payment.refunds.filter(state__in=Refund.NOT_FAILED).aggregate(sum=Sum("amount_minor"))["sum"]
    return payment.amount_minor - (given or 0)


def request(*, payment: Payment, amount_minor: int, reason: str, step: str, by: str = "") -> Refund:
    """Write a refund to be sent; inside a transaction that has locked `payment`. The same step returns the first.

    Raises TooMuch when not so much is left to refund.
    """
    require_transaction()
    earlier = Refund.objects.filter(payment=payment, step=step).first()
    if earlier is not None:
        return earlier
    left = refundable_minor(payment)
    if not 0 < amount_minor <= left:
        raise TooMuch(_("Only %(left)s can still be refunded.") % {"left": left / 100})
    return Refund.objects.create(payment=payment, amount_minor=amount_minor, reason=reason, step=step, by=by)


def send(refund_id: uuid.UUID) -> Refund:
    """Send a refund to Stripe and record the answer; outside any transaction, safe to repeat.

    Raises gateway.Unavailable when what happened is unknown: the row stays `unknown`, and the sweep tries again
    with the same key. A refusal marks it failed.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state != State.UNKNOWN:
        return refund
    try:
        answer = gateway.create_refund(
            intent_id=refund.payment.intent_id,
            amount=refund.amount_minor,
            metadata={"refund": str(refund.pk), "payment": str(refund.payment_id)},
            idempotency_key=f"refund:{refund.pk}",
        )
    except gateway.Refused as error:
        return _write(refund.pk, None, State.FAILED, error.code)
    return _write(refund.pk, answer.id, _STATES.get(answer.status, State.PENDING), "")


def send_unknown(*, limit: int = 50) -> int:
    """Send again the refunds whose outcome is unknown (the sweep); return how many are known now."""
    known = 0
    for pk in Refund.objects.filter(state=State.UNKNOWN).values_list("pk", flat=True)[:limit]:
        try:
            send(pk)
            known += 1
        except gateway.Unavailable:
            logger.warning("refund %s still unknown", pk)
    return known


def mirror(event: WebhookEvent) -> bool:
    """Bring the refund an event is about to where Stripe says; return whether it is one of ours."""
    own = event.payload["metadata"].get("refund")
    refund = Refund.objects.filter(stripe_id=event.object_id).first()
    if refund is None and own:
        refund = Refund.objects.filter(pk=own).first()
    if refund is None or not event.object_id.startswith("re_"):
        return False
    answer = gateway.retrieve_refund(event.object_id)
    _write(refund.pk, answer.id, _STATES.get(answer.status, State.PENDING), "")
    return True


def _write(refund_id: uuid.UUID, stripe_id: str | None, state: str, error: str) -> Refund:
    def change() -> Refund:
        refund = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
        refund.stripe_id = stripe_id or refund.stripe_id
        refund.state, refund.error, refund.updated_at = State(state), error[:300], timezone.now()
        refund.save()
        return refund

    return durably(change)
