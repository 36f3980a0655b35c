"""Stripe, and the only module that knows its client: calls it within a deadline and answers in our own words.

Never called inside a transaction. Errors: `Refused` (Stripe said no: nothing was made), `Unavailable` (no answer, or
an error of Stripe's own: what happened is unknown), both `GatewayError`. Their texts are for logs, not for shoppers.
Facts and traps: stripe-python 16.1, API 2026-10-28.endive.
"""

import functools
import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from typing import Any

import stripe
from django.conf import settings

from shop import transactions
from shop.payments import reading
from shop.payments.answers import (
    BadSignature,
    GatewayError,
    InUse,
    NotConfigured,
    RefundAnswer,
    Refused,
    Session,
    TurnedAway,
    Unavailable,
)

__all__ = [
    "API_VERSION",
    "SESSION_ID",
    "BadSignature",
    "GatewayError",
    "InUse",
    "NotConfigured",
    "RefundAnswer",
    "Refused",
    "Session",
    "TurnedAway",
    "Unavailable",
    "create_refund",
    "create_session",
    "expire_session",
    "find_session",
    "look",
    "open_portal",
    "plain",
    "read_event",
    "retrieve_intent",
    "retrieve_refund",
    "retrieve_session",
    "within_deadline",
]

logger = logging.getLogger(__name__)

stripe.enable_telemetry = False

SESSION_ID = re.compile(r"^cs_(test|live)_[A-Za-z0-9]{1,200}$")
#: The version our events and answers are written in.
API_VERSION = str(stripe.api_version)
#: All of one request's calls together end within this many seconds.
DEADLINE = 18.0
#: (connect, read) seconds and retries: writing calls may take longer than looking something up.
WRITE, LOOK = ((2.0, 4.0), 2), ((1.0, 3.0), 1)


# --- One request's share of Stripe ----------------------------------------------------------------

_deadline: ContextVar[float | None] = ContextVar("stripe_deadline", default=None)
#: At most half of a process's threads wait for Stripe, so that a silent Stripe leaves the others to shoppers.
_seats = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))
_patience: ContextVar[float] = ContextVar("stripe_patience", default=0.2)
_WAIT_FOR_THE_OTHER = 0.5
_WAITS_FOR_THE_OTHER = 4


@contextmanager
def within_deadline(seconds: float = DEADLINE, *, patience: float = 0.2) -> Iterator[None]:
    """Let all calls to Stripe in this block end within `seconds` together; an inner block joins the outer one.

    Each waits `patience` seconds for a seat: not long while a shopper looks on, longer where nobody does.
    """
    if _deadline.get() is not None:
        yield
        return
    tokens = _deadline.set(time.monotonic() + seconds), _patience.set(patience)
    try:
        yield
    finally:
        _deadline.reset(tokens[0])
        _patience.reset(tokens[1])


@contextmanager
def _seat() -> Iterator[None]:
    """Take one of the process's seats at Stripe; Unavailable when none comes free soon."""
    if not _seats.acquire(timeout=_patience.get()):
        raise Unavailable("every seat at Stripe is taken")
    try:
        yield
    finally:
        _seats.release()


def _timeout(limits: tuple[float, float], retries: int) -> tuple[tuple[float, float], int]:
    deadline = _deadline.get()
    if deadline is None:
        return limits, retries
    left = deadline - time.monotonic()
    if left < 1:
        raise Unavailable("the deadline for Stripe has passed")
    possible = max(0, min(retries, int(left / (sum(limits) + 0.5)) - 1))
    return (min(limits[0], left), min(limits[1], left)), possible


@functools.lru_cache(maxsize=16)
def _client(timeout: tuple[float, float], retries: int, key: str, base: str, pid: int) -> stripe.StripeClient:
    """Return the client of this process (a connection must not be shared after a fork)."""
    if not key:
        raise NotConfigured("STRIPE_SECRET_KEY is not set")
    addresses = dict.fromkeys(("api", "files", "connect", "meter_events"), base) if base else {}
    return stripe.StripeClient(
        key,
        base_addresses=addresses,  # type: ignore[arg-type]
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
    )


def _call(limits: tuple[tuple[float, float], int], action: Callable[[stripe.StripeClient], Any]) -> Any:
    if transactions.is_open():
        raise RuntimeError("Stripe is never called inside a transaction")
    try:
        with _seat():
            (connect, read), retries = _timeout(*limits)
            timeout = (round(connect, 1), round(read, 1))
            ours = settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, os.getpid()
            return action(_client(timeout, retries, *ours))
    except stripe.StripeError as error:
        raise _ours(error) from None


def _ours(error: stripe.StripeError) -> GatewayError:
    logger.warning("stripe: %s %s request %s", type(error).__name__, error.http_status, error.request_id)
    if isinstance(error, stripe.InvalidRequestError | stripe.IdempotencyError | stripe.CardError):
        code = error.code or ""
        return Refused(type(error).__name__, code=code, missing=error.http_status == 404)
    if isinstance(error, stripe.AuthenticationError | stripe.PermissionError | stripe.RateLimitError):
        return TurnedAway(type(error).__name__)
    unavailable = InUse("409") if error.http_status == 409 else Unavailable(type(error).__name__)
    unavailable.stored = bool(error.http_status and error.http_status >= 500)
    return unavailable


def _while_in_use(call: Callable[[], Any]) -> Any:
    """Repeat a call while another with its key is on its way, as after a double click: both get the one answer."""
    for _try in range(_WAITS_FOR_THE_OTHER):
        try:
            return call()
        except InUse:
            time.sleep(_WAIT_FOR_THE_OTHER)
    return call()


# --- Checkout Sessions ----------------------------------------------------------------------------

_EXPAND_INTENT = ["latest_charge", "review"]
_EXPAND = [*(f"payment_intent.{name}" for name in _EXPAND_INTENT), "invoice.payments", "subscription"]


def create_session(params: dict[str, Any], *, idempotency_key: str) -> Session:
    """Create a Checkout Session; the same key and params again return the same session (Stripe keeps keys 24 h)."""

    def create() -> Any:
        options: Any = {"idempotency_key": idempotency_key}
        return _call(WRITE, lambda c: c.v1.checkout.sessions.create(params, options))  # type: ignore[arg-type]

    return reading.session(plain(_while_in_use(create)))


def retrieve_session(session_id: str) -> Session:
    """Return the session as it is at Stripe now; Refused(missing) when Stripe does not know it."""
    if not SESSION_ID.match(session_id):
        raise Refused("not a session id", missing=True)
    raw = _call(LOOK, lambda c: c.v1.checkout.sessions.retrieve(session_id, {"expand": _EXPAND}))
    session = reading.session(plain(raw))
    if session.invoice_id and session.intent_id:  # an invoice shows its intent no deeper than its id
        return replace(session, **reading.money_facts(retrieve_intent(session.intent_id)))
    return session


def retrieve_intent(intent_id: str) -> dict[str, Any]:
    """Return a payment intent as it is at Stripe now, with its charge and review, for `reading.money_facts`."""
    return plain(_call(LOOK, lambda c: c.v1.payment_intents.retrieve(intent_id, {"expand": _EXPAND_INTENT})))


def find_session(reference: str, *, since: datetime) -> Session | None:
    """Look through the sessions made since then for the one with this client_reference_id (at most 500 of them)."""
    params: dict[str, Any] = {"limit": 100, "created": {"gte": int(since.timestamp())}}
    for _page in range(5):
        found = _call(LOOK, lambda c: c.v1.checkout.sessions.list(params))  # type: ignore[arg-type]
        for raw in found.data:
            if raw.client_reference_id == reference:
                return reading.session(plain(raw))
        if not found.has_more:
            break
        params["starting_after"] = found.data[-1].id
    return None


def expire_session(session_id: str) -> Session:
    """Expire an open session; Refused when it is no longer open (then retrieve and settle it)."""
    return reading.session(plain(_call(WRITE, lambda c: c.v1.checkout.sessions.expire(session_id))))


def plain(thing: Any) -> dict[str, Any]:
    """Return one of the client's objects as plain data."""
    data: dict[str, Any] = thing.to_dict(for_json=True)
    return data


def look(action: Callable[[stripe.StripeClient], Any]) -> Any:
    """Make a call that only reads, for `lookups`; the same errors as every other."""
    return _call(LOOK, action)


# --- Refunds --------------------------------------------------------------------------------------


def create_refund(
    *, intent_id: str, amount: int, metadata: dict[str, str], idempotency_key: str
) -> RefundAnswer:
    """Refund `amount` minor units; the same key again returns the same refund."""
    params: Any = {"payment_intent": intent_id, "amount": amount, "metadata": metadata}
    options: Any = {"idempotency_key": idempotency_key}
    made = _while_in_use(lambda: _call(WRITE, lambda c: c.v1.refunds.create(params, options)))
    return reading.refund(plain(made))


def retrieve_refund(refund_id: str) -> RefundAnswer:
    """Return the refund as it is at Stripe now."""
    return reading.refund(plain(_call(LOOK, lambda c: c.v1.refunds.retrieve(refund_id))))


# --- Subscriptions ----------------------------------------------------------------------------------


def open_portal(*, customer_id: str, return_url: str, stop: str = "") -> str:
    """Return the address of a page of Stripe's where a customer sees to what repeats.

    With `stop`, the id of a subscription, the page is for ending that one, and leads back afterwards.
    """
    params: dict[str, Any] = {"customer": customer_id, "return_url": return_url}
    if stop:
        params["flow_data"] = {
            "type": "subscription_cancel",
            "subscription_cancel": {"subscription": stop},
            "after_completion": {"type": "redirect", "redirect": {"return_url": return_url}},
        }
    made = _call(WRITE, lambda c: c.v1.billing_portal.sessions.create(params))  # type: ignore[arg-type]
    return str(made.url)


# --- Events ---------------------------------------------------------------------------------------

TOLERANCE = 300


def read_event(body: bytes, signature: str, *, now: datetime) -> dict[str, Any]:
    """Return the event in `body` when one of our secrets signed it within five minutes of `now`.

    Raise BadSignature for everything else, whatever it is (stripe-python itself lets several errors through).
    """
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE)
            return _checked(json.loads(body), signature, now)
        except (ValueError, TypeError, AttributeError, KeyError, stripe.SignatureVerificationError):
            continue
    raise BadSignature("no secret fits")


def _checked(data: Any, signature: str, now: datetime) -> dict[str, Any]:
    stamp = re.search(r"(?:^|,)t=(\d{1,15})(?:,|$)", signature)
    if stamp is None or int(stamp[1]) > now.timestamp() + TOLERANCE:
        raise BadSignature("signed in the future")
    thing = (data.get("data") or {}).get("object")
    if not (
        isinstance(data.get("id"), str) and isinstance(data.get("type"), str) and isinstance(thing, dict)
    ):
        raise BadSignature("not an event")
    return data
