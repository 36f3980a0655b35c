"""Stripe's events: stored once before anything is done, then each a bell that settles what it is about."""

import logging
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from shop.payments import refunds, settlement
from shop.payments.models import Payment, WebhookEvent

logger = logging.getLogger(__name__)

State = WebhookEvent.State
#: What cannot be applied yet is tried again by Stripe and by the sweep.
MAX_TRIES = 50


class CannotApply(Exception):
    """The event is about something of ours that is not there (yet)."""


def receive(event: dict[str, Any]) -> WebhookEvent:
    """Store a verified event and commit; the same id again returns the row of the first time."""
    thing = event["data"]["object"]
    row, _ = WebhookEvent.objects.get_or_create(
        id=event["id"][:120],
        defaults={
            "type": event["type"][:80],
            "object_id": str(thing.get("id", ""))[:220],
            "livemode": bool(event.get("livemode")),
            "api_version": str(event.get("api_version") or "")[:40],
            "payload": {
                "object": str(thing.get("object", "")),
                "metadata": _metadata(thing),
                **_links(thing),
            },
        },
    )
    return row


def process(event: WebhookEvent) -> None:
    """Apply a stored event; one already done or ignored is left alone. Raises what went wrong, with the row kept."""
    if event.state in (State.DONE, State.IGNORED):
        return
    WebhookEvent.objects.filter(pk=event.pk).update(tries=F("tries") + 1)
    try:
        state = State.IGNORED if _is_foreign(event) else _apply(event)
    except Exception as error:
        WebhookEvent.objects.filter(pk=event.pk).exclude(state=State.DONE).update(
            state=State.FAILED, error=f"{type(error).__name__}: {error}"[:300]
        )
        raise
    WebhookEvent.objects.filter(pk=event.pk).update(state=state, error="", processed_at=timezone.now())


def retry_failed(*, limit: int = 100) -> int:
    """Process again what failed or was left half done; return how many are done now."""
    waiting = WebhookEvent.objects.filter(state__in=(State.FAILED, State.RECEIVED), tries__lt=MAX_TRIES)
    done = 0
    for event in waiting.order_by("received_at")[:limit]:
        try:
            process(event)
            done += 1
        except Exception as error:  # one bad event must not keep the others waiting
            logger.warning("event %s failed again: %s", event.pk, type(error).__name__)
    return done


def _is_foreign(event: WebhookEvent) -> bool:
    site = event.payload["metadata"].get("site")
    if event.livemode != settings.STRIPE_LIVEMODE:
        logger.error("event %s is of the other mode", event.pk)
        return True
    return site is not None and site != settings.SITE_HOST


def _apply(event: WebhookEvent) -> str:
    """Do what the event's type asks for, one call each, and return the state it ends in."""
    match event.type.split("."):
        case ["checkout", "session", *_] | ["payment_intent", "succeeded"] | ["review", _]:
            return _settle(event)
        case ["refund", _] | ["charge", "refunded"]:
            return State.DONE if refunds.mirror(event) else State.IGNORED
        case _:
            return State.IGNORED


def _settle(event: WebhookEvent) -> str:
    payment = _payment(event)
    if payment is None:
        if event.payload["metadata"].get("site") == settings.SITE_HOST:
            raise CannotApply("no such payment here")
        return State.IGNORED
    settlement.settle(payment.pk)
    return State.DONE


def _payment(event: WebhookEvent) -> Payment | None:
    """Find the payment by session, by intent, or by our own id, adopting a session id that was not saved in time."""
    known = Payment.objects.filter(session_id=event.object_id).first()
    if known is None and (intent := event.payload.get("payment_intent")):
        known = Payment.objects.filter(intent_id=intent).first()
    if known is None and (own := event.payload["metadata"].get("payment")):
        known = Payment.objects.filter(pk=own).first() if _is_uuid(own) else None
        if known is not None and event.payload["object"] == "checkout.session":
            Payment.objects.filter(pk=known.pk, session_id=None).update(session_id=event.object_id)
    return known


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and all(c in "0123456789abcdef-" for c in text) and text.count("-") == 4


def _metadata(thing: dict[str, Any]) -> dict[str, str]:
    given = thing.get("metadata")
    return {k: str(v) for k, v in given.items()} if isinstance(given, dict) else {}


def _links(thing: dict[str, Any]) -> dict[str, str]:
    """Keep the ids an event points to and nothing personal of it."""
    links = {key: thing.get(key) for key in ("payment_intent", "charge", "status")}
    return {key: value for key, value in links.items() if isinstance(value, str)}
