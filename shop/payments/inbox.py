"""Stripe's events: stored once before anything is done, then each a bell that settles what it is about."""

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.emails.alerts import alert
from shop.payments import gateway, invoices, lookups, mirror, settlement
from shop.payments.models import Payment, WebhookEvent
from shop.payments.reading import id_of
from shop.payments.selectors import CannotApply, by_own_id
from shop.testpoints import is_on, reach
from shop.transactions import durably

logger = logging.getLogger(__name__)

State = WebhookEvent.State
#: What cannot be applied yet is tried again by Stripe and by the sweep.
MAX_TRIES = 50
#: The sweep waits longer after every try, up to an hour.
_LONGEST_WAIT = 3600
#: Many events come at once, and one that is turned away is a failure in Stripe's eyes: it waits for a seat so long.
_PATIENCE = 1.0


def receive(event: dict[str, Any]) -> None:
    """Store a verified event and commit, then apply it; one that was stored before is applied when it has not been.

    What the store does not listen to is ignored by the commit that stores it. Raises what went wrong, with the row
    kept.
    """
    row, is_new = _stored(event)
    reach("webhook.stored")
    process(row, is_counted=is_new)


def _stored(event: dict[str, Any]) -> tuple[WebhookEvent, bool]:
    """Return the event's row, and whether it is new: then its first try is counted with it."""
    thing = event["data"]["object"]
    is_ignored = _mirror_for(event["type"]) is None and not _is_of_a_session(event["type"])
    return WebhookEvent.objects.get_or_create(
        id=event["id"][:120] if is_on("event") else str(uuid.uuid4()),
        defaults={
            "type": event["type"][:80],
            "object_id": id_of(thing)[:220],
            "livemode": bool(event.get("livemode")),
            "api_version": str(event.get("api_version") or "")[:40],
            "payload": {
                "object": str(thing.get("object", "")),
                "metadata": _metadata(thing),
                **_links(thing),
            },
            "tries": 1,
            "state": State.IGNORED if is_ignored else State.RECEIVED,
            "processed_at": timezone.now() if is_ignored else None,
        },
    )


def process(event: WebhookEvent, *, is_counted: bool = False) -> None:
    """Apply a stored event; one already done or ignored is left alone. Raises what went wrong, with the row kept."""
    if event.state in (State.DONE, State.IGNORED):
        return
    if not is_counted:
        WebhookEvent.objects.filter(pk=event.pk).update(tries=F("tries") + 1)
    try:
        with gateway.within_deadline(patience=_PATIENCE):
            state = State.IGNORED if _is_foreign(event) else _apply(event)
    except Exception as error:
        WebhookEvent.objects.filter(pk=event.pk).exclude(state=State.DONE).update(
            state=State.FAILED, error=f"{type(error).__name__}: {error}"[:300]
        )
        raise
    reach("webhook.applied")
    WebhookEvent.objects.filter(pk=event.pk).update(state=state, error="", processed_at=timezone.now())


def retry_failed(*, limit: int = 100) -> int:
    """Process again what failed or was left half done; return how many are done now."""
    waiting = WebhookEvent.objects.filter(state__in=(State.FAILED, State.RECEIVED), tries__lt=MAX_TRIES)
    done = 0
    for event in [event for event in waiting.order_by("received_at")[: limit * 10] if _is_due(event)][:limit]:
        try:
            process(event)
            done += 1
        except Exception as error:  # one bad event must not keep the others waiting
            logger.warning("event %s failed again: %s", event.pk, type(error).__name__)
    return done


def _is_due(event: WebhookEvent) -> bool:
    """Whether it may be tried again: twice at once, then 4, 8, 16 … seconds after it came."""
    age = (timezone.now() - event.received_at).total_seconds()
    return event.tries <= 2 or age > min(2 ** (event.tries - 1), event.tries * _LONGEST_WAIT / 2)


def _is_foreign(event: WebhookEvent) -> bool:
    if event.livemode != settings.STRIPE_LIVEMODE:
        logger.error("event %s is of the other mode", event.pk)
        durably(_alert_other_mode)
        return True
    if event.api_version != gateway.API_VERSION:
        logger.warning("event %s is of version %s: only its id is used", event.pk, event.api_version)
    return event.payload["metadata"].get("site", settings.SITE_HOST) != settings.SITE_HOST


def _alert_other_mode() -> None:
    alert(
        subject="stripe:mode",
        text=_(
            "Stripe sends events of its other mode (test or live) here. Check the webhook's address at Stripe."
        ),
        path=reverse("admin:payments_webhookevent_changelist"),
    )


def _apply(event: WebhookEvent) -> str:
    """Do what the event's type asks for, one call each, and return the state it ends in."""
    if _is_of_a_session(event.type):
        return _settle(event)
    mirror_it = _mirror_for(event.type)
    is_ours = mirror_it is not None and mirror_it(event)
    return State.DONE if is_ours else State.IGNORED


def _is_of_a_session(kind: str) -> bool:
    return kind.startswith("checkout.session.") or kind == "payment_intent.succeeded"


def _mirror_for(kind: str) -> Callable[[WebhookEvent], bool] | None:
    """Return what copies the thing an event of this type is about; None for a type nobody listens to."""
    match kind.split("."):
        case ["refund", _]:
            return lambda event: mirror.refund(event.object_id)
        case ["charge", "refunded"]:
            return _mirror_refunds
        case ["charge", "dispute", _] | ["radar", "early_fraud_warning", _] | ["review", _]:
            return lambda event: mirror.concern(event.object_id)
        case ["invoice", "paid" | "payment_failed"]:
            return lambda event: invoices.apply(event.object_id)
        case ["customer", "subscription", "updated" | "deleted"]:
            return lambda event: mirror.subscription(event.object_id)
    return None


def _mirror_refunds(event: WebhookEvent) -> bool:
    intent = event.payload.get("payment_intent", "")
    return mirror.refunds_of(intent_id=intent, charge_id=event.object_id)


def _settle(event: WebhookEvent) -> str:
    payment = _payment(event)
    if payment is None:
        if event.payload["metadata"].get("site") == settings.SITE_HOST:
            raise CannotApply("no such payment here")
        return State.IGNORED
    settled = settlement.settle(payment.pk)
    if _is_of_another_session(event, settled):
        _look_at_second_session(event.object_id, settled)
    return State.DONE


def _is_of_another_session(event: WebhookEvent, payment: Payment) -> bool:
    is_session = bool(gateway.SESSION_ID.match(event.object_id))
    return is_session and event.object_id != payment.session_id


def _look_at_second_session(session_id: str, payment: Payment) -> None:
    """Tell staff of money that came by a session which is not the payment's own: nothing was ordered by it."""
    if gateway.retrieve_session(session_id).payment_status == "paid":
        logger.error("payment %s was paid by a second session", payment.pk)
        durably(lambda: _alert_second_session(session_id, payment))


def _alert_second_session(session_id: str, payment: Payment) -> None:
    alert(
        subject=f"second:{session_id}",
        text=_("%(reference)s was paid a second time, by %(session)s: refund that one at Stripe.")
        % {"reference": payment.reference, "session": session_id},
        path=reverse("admin:payments_payment_change", args=[payment.pk]),
    )


def _payment(event: WebhookEvent) -> Payment | None:
    """Find the payment by session, by intent, or by our own id, adopting a session id that was not saved in time."""
    field = "intent_id" if event.type.startswith("payment_intent") else "session_id"
    known = Payment.objects.filter(**{field: event.object_id}).first() if event.object_id else None
    if known is None:
        known = by_own_id(event.payload["metadata"].get("payment", ""))
        if known is not None and gateway.SESSION_ID.match(event.object_id):
            Payment.objects.filter(pk=known.pk, session_id=None).update(session_id=event.object_id)
    return known


def _metadata(thing: dict[str, Any]) -> dict[str, str]:
    given = thing.get("metadata")
    return {k: str(v) for k, v in given.items()} if isinstance(given, dict) else {}


def _links(thing: dict[str, Any]) -> dict[str, str]:
    """Keep the ids an event points to and nothing personal of it."""
    links = {key: id_of(thing.get(key)) for key in ("payment_intent", "charge")}
    status = {"status": thing["status"]} if isinstance(thing.get("status"), str) else {}
    return {key: value for key, value in links.items() if value} | status


# --- Events that never arrived ----------------------------------------------------------------------

#: What the store listens to; everything else is ignored anyway.
TYPES = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
    "radar.early_fraud_warning.updated",
    "review.opened",
    "review.closed",
    "invoice.paid",
    "invoice.payment_failed",
    "customer.subscription.updated",
    "customer.subscription.deleted",
]
#: Stripe keeps events for 30 days.
KEPT_FOR = timedelta(days=30)


def fetch_undelivered(*, now: datetime | None = None) -> int:
    """Ask Stripe for events that were never accepted and apply those we do not know; return how many.

    Raises gateway.Unavailable when Stripe cannot be asked; what one event does wrong stays with its row.
    """
    since = (now or timezone.now()) - KEPT_FOR
    found = {event["id"]: event for event in lookups.undelivered_events(TYPES, since=since)}
    known = set(WebhookEvent.objects.filter(pk__in=found).values_list("pk", flat=True))
    missed = [event for pk, event in found.items() if pk not in known]
    for event in missed:
        try:
            receive(event)
        except Exception as error:  # it is kept as failed, and the sweep tries again
            logger.warning("missed event %s not applied: %s", event["id"], type(error).__name__)
    return len(missed)
