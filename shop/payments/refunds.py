"""Money given back: a row first, then Stripe with that row's own key, then whatever Stripe says of it."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.emails.alerts import alert
from shop.money import from_minor, shown
from shop.payments import gateway, lookups
from shop.payments.models import Payment, Refund
from shop.payments.outcomes import handler_for
from shop.payments.selectors import captured_minor, charged_back_minor
from shop.testpoints import is_on, reach
from shop.transactions import durably, require_transaction

logger = logging.getLogger(__name__)

State = Refund.State
_STATES = {
    "pending": State.PENDING,
    "requires_action": State.REQUIRES_ACTION,
    "succeeded": State.SUCCEEDED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}
#: Stripe keeps a key for 24 hours; an hour less, so that a clock or a slow call cannot make a second refund.
KEY_LIVES = timedelta(hours=23)
#: A stored error of Stripe's is replayed for its key: when no refund has appeared by then, none was made.
APPEARS_WITHIN = timedelta(hours=1)


class TooMuch(Exception):
    """The refund would give back more than was captured; its text is for staff."""


def refundable_minor(payment: Payment) -> int:
    """Return how many minor units of a payment can still be given back.

    That is what Stripe took, less refunds that have not failed and less what banks took back for good.
    """
    given = payment.refunds.filter(state__in=Refund.NOT_FAILED).aggregate(sum=Sum("amount_minor"))["sum"]
    return max(0, captured_minor(payment) - (given or 0) - charged_back_minor(payment))


def earlier(payment: Payment, step: str) -> Refund | None:
    """Return the refund this step has made already, if it has."""
    return Refund.objects.filter(payment=payment, step=step).first()


def request(*, payment: Payment, amount_minor: int, reason: str, step: str, by: str = "") -> Refund:
    """Write a refund to be sent; inside a transaction that has locked `payment`. The same step returns the first.

    Raises TooMuch when not so much is left to refund.
    """
    require_transaction()
    known = earlier(payment, step)
    if known is not None:
        return known
    left = refundable_minor(payment)
    if amount_minor < 1 or (amount_minor > left and is_on("refund")):
        raise TooMuch(
            _("Only %(left)s can still be refunded.")
            % {"left": shown(from_minor(left, payment.taken_currency), payment.taken_currency)}
        )
    refund = Refund.objects.create(
        payment=payment, amount_minor=amount_minor, reason=reason[:200], step=step, by=by[:200]
    )
    reach("refund.written")
    return refund


def send(refund_id: uuid.UUID) -> Refund:
    """Send a refund to Stripe and record the answer; outside any transaction, safe to repeat and to run twice.

    Within a day the row's own key makes a repeat harmless; later Stripe is asked whether it was made. Raises
    gateway.Unavailable when what happened is unknown: the row stays `unknown`, and the sweep goes on. A refusal marks
    it failed, in words for staff.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.state != State.UNKNOWN:
        return refund
    reach("refund.committed")
    if not refund.payment.intent_id:
        return _refused(refund, _("Stripe has taken no money for this payment."))
    if timezone.now() - refund.created_at > KEY_LIVES:
        return _found_or_failed(refund, _("Stripe never made this refund. Refund it again."))
    try:
        answer = _create(refund)
    except gateway.Refused as error:
        return _found_or_failed(refund, refusal_words(error.code))
    except gateway.Unavailable as error:
        if error.stored:
            return _after_stored_error(refund, error)
        raise
    reach("refund.sent")
    return _answered(refund, answer)


def send_or_leave(refund_id: uuid.UUID) -> Refund:
    """Send a refund; when Stripe does not answer, leave it to the sweep and return it as it is."""
    try:
        return send(refund_id)
    except gateway.Unavailable:
        logger.warning("refund %s is not confirmed yet", refund_id)
        return Refund.objects.select_related("payment").get(pk=refund_id)


def refund_rest(
    payment_id: uuid.UUID, *, reason: str, step: str, by: str, amount_minor: int | None = None
) -> Refund:
    """Refund an amount of one payment, or all that is left, and return the refund; the same `step` does it once.

    For what is paid by one payment and has nothing else to undo. Raises TooMuch (nothing changed).
    """

    def action() -> Refund:
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
        minor = refundable_minor(payment) if amount_minor is None else amount_minor
        return request(payment=payment, amount_minor=minor, reason=reason, step=step, by=by)

    return send_or_leave(durably(action).pk)


def said(refund: Refund) -> str:
    """Say for staff what became of a refund just made."""
    amount = shown(
        from_minor(refund.amount_minor, refund.payment.taken_currency), refund.payment.taken_currency
    )
    words = {
        State.SUCCEEDED: _("%(amount)s is refunded."),
        State.FAILED: _("The refund of %(amount)s failed. %(why)s"),
        State.UNKNOWN: _(
            "Stripe does not answer. The refund of %(amount)s is sent by itself; do not repeat it."
        ),
    }
    text = words.get(State(refund.state), _("The refund of %(amount)s is on its way."))
    return text % {"amount": amount, "why": refund.error}


def _create(refund: Refund) -> gateway.RefundAnswer:
    return gateway.create_refund(
        intent_id=refund.payment.intent_id,
        amount=refund.amount_minor,
        metadata={
            "refund": str(refund.pk),
            "payment": str(refund.payment_id),
            "site": settings.SITE_HOST,
        },
        idempotency_key=f"refund:{refund.pk}",
    )


def _at_stripe(refund: Refund) -> gateway.RefundAnswer | None:
    made = lookups.refunds_of(refund.payment.intent_id)
    return next((answer for answer in made if answer.metadata.get("refund") == str(refund.pk)), None)


def _found_or_failed(refund: Refund, words: str) -> Refund:
    """Fail a refund only when Stripe has none of it: an earlier try may have made it without our hearing of it."""
    answer = _at_stripe(refund)
    return _answered(refund, answer) if answer else _refused(refund, words)


def _after_stored_error(refund: Refund, error: gateway.Unavailable) -> Refund:
    """Stripe will answer this key with the same error for a day, whether it made the refund or not: look for it."""
    answer = _at_stripe(refund)
    if answer is not None:
        return _answered(refund, answer)
    if timezone.now() - refund.created_at > APPEARS_WITHIN:
        return _refused(refund, _("Stripe had an error and made no refund. Refund it again."))
    raise error


def refusal_words(code: str) -> str:
    """Say why Stripe refused a refund, for staff."""
    words = {
        "charge_already_refunded": _("The whole payment has been refunded already."),
        "charge_disputed": _("The payment is disputed: the bank decides, so it cannot be refunded."),
        "refund_disputed_payment": _("The payment is disputed: the bank decides, so it cannot be refunded."),
        "charge_not_refundable": _("This payment cannot be refunded any more."),
        "balance_insufficient": _("The balance at Stripe does not cover this refund."),
    }
    return words.get(code) or _("Stripe refused it: more than is left, or not possible for this payment.")


def send_unknown(*, limit: int = 50) -> int:
    """Send again the refunds whose outcome is unknown (the sweep); return how many are known now."""
    known = 0
    for pk in (
        Refund.objects.filter(state=State.UNKNOWN).order_by("created_at").values_list("pk", flat=True)[:limit]
    ):
        try:
            send(pk)
            known += 1
        except gateway.NotConfigured:
            return known
        except gateway.Unavailable:
            logger.warning("refund %s still unknown", pk)
    return known


# --- What Stripe says -------------------------------------------------------------------------------


def version_of(stripe_id: str) -> datetime | None:
    """Return when the row of a refund last changed, to see whether somebody was faster."""
    return Refund.objects.filter(stripe_id=stripe_id).values_list("updated_at", flat=True).first()


def state_of(status: str) -> str:
    """Return our state for a status of Stripe's; one that is not known yet counts as pending."""
    return _STATES.get(status, State.PENDING)


def record(payment: Payment, answer: gateway.RefundAnswer) -> Refund:
    """Write down what Stripe says of a refund of a locked payment; one made elsewhere gets a row of its own.

    A first success queues the mail to the shopper, a failure alerts staff; the same answer again changes nothing.
    """
    require_transaction()
    refund = _row_for(payment, answer)
    if answer.amount != refund.amount_minor:
        logger.error("refund %s is of another amount at Stripe", refund.pk)
        refund.amount_minor = answer.amount
        refund.save()
    _move(refund, state_of(answer.status), answer.failure, answer.id)
    return refund


def _row_for(payment: Payment, answer: gateway.RefundAnswer) -> Refund:
    known = Q(stripe_id=answer.id)
    if own := _uuid(answer.metadata.get("refund", "")):
        known |= Q(pk=own, stripe_id=None)
    refund = Refund.objects.select_for_update(of=("self",)).filter(known, payment=payment).first()
    return refund or Refund(
        payment=payment,
        amount_minor=answer.amount,
        reason=answer.reason.replace("_", " "),
        step=f"stripe:{answer.id}"[:80],
        origin=Refund.Origin.STRIPE,
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _answered(refund: Refund, answer: gateway.RefundAnswer) -> Refund:
    return _while_unknown(refund, lambda payment: record(payment, answer))


def _refused(refund: Refund, words: str) -> Refund:
    def fail(payment: Payment) -> Refund:
        row = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
        _move(row, State.FAILED, words, None)
        return row

    return _while_unknown(refund, fail)


def _while_unknown(refund: Refund, write: Callable[[Payment], Refund]) -> Refund:
    """Write an answer unless a webhook was faster: what it looked up is newer than our answer."""

    def change() -> Refund:
        payment = Payment.objects.select_for_update(of=("self",)).get(pk=refund.payment_id)
        row = Refund.objects.get(pk=refund.pk)
        return write(payment) if row.state == State.UNKNOWN else row

    return durably(change)


def _move(refund: Refund, state: str, error: str, stripe_id: str | None) -> None:
    """Bring a row to a state of Stripe's and tell whom it concerns, once."""
    before = State.UNKNOWN if refund._state.adding else refund.state
    if not refund._state.adding and before == state and refund.stripe_id == stripe_id:
        return
    refund.state, refund.stripe_id = State(state), stripe_id or refund.stripe_id
    refund.error = error[:300] if state == State.FAILED else ""
    refund.save()
    if before == state:
        return
    if state == State.SUCCEEDED:
        handler_for(refund.payment).refunded(refund.payment, refund)
    if state == State.FAILED:
        if before == State.SUCCEEDED:
            handler_for(refund.payment).refund_failed(refund.payment, refund)
        _alert_failed(refund)


def _alert_failed(refund: Refund) -> None:
    amount = shown(
        from_minor(refund.amount_minor, refund.payment.taken_currency), refund.payment.taken_currency
    )
    alert(
        subject=f"refund:{refund.pk}",
        text=_("%(reference)s: the refund of %(amount)s failed. %(why)s The shopper has not got the money.")
        % {"reference": refund.payment.reference, "amount": amount, "why": refund.error},
        path=reverse("admin:payments_payment_change", args=[refund.payment_id]),
    )
