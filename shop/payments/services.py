"""Making a payment, and ending one that is not wanted any more. What became of it is settled in `settlement`."""

import unicodedata
import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from shop import language
from shop.emails.alerts import alert
from shop.limits.services import Limit, take
from shop.payments import gateway, settlement
from shop.payments.models import Payment
from shop.testpoints import is_on, reach
from shop.transactions import durably, require_transaction

#: A retry this soon uses the same key and the same bytes (expires_at must lie 30 minutes ahead at Stripe).
SAME_KEY_FOR = timedelta(minutes=14)
#: Stripe replays a stored 500 for the same key, so after two of them a new payment is needed.
STORED_ERRORS_ALLOWED = 2
#: What Stripe takes in one session.
MOST_LINES = 100
_NEWS = timedelta(minutes=5)
_NAME_LENGTH = 250


@dataclass(frozen=True)
class PayLine:
    """One line of what is paid for: a name and an amount in minor units, quantity always 1."""

    name: str
    amount_minor: int


@dataclass(frozen=True)
class Payable:
    """Something to be paid. `subject` names what may have one unfinished payment; paths start with a slash.

    `email` is who pays, when the store knows: Stripe's page then shows it and does not ask.
    Without a `country` nothing is delivered. `is_monthly` asks for the same again every month.
    """

    kind: str
    reference: str
    subject: str
    currency: str
    lines: Sequence[PayLine]
    country: str
    contents: str
    client: str
    return_path: str
    cancelled_path: str
    email: str = ""
    verb: str = "pay"
    is_monthly: bool = False

    @property
    def amount_minor(self) -> int:
        """The sum of the lines, which is what Stripe is asked for."""
        return sum(line.amount_minor for line in self.lines)


def unfinished(subject: str) -> Payment | None:
    """Return the one payment of `subject` that can still be paid, if there is one."""
    return Payment.objects.filter(subject=subject, state__in=Payment.UNFINISHED).first()


def prepare(payable: Payable, *, payment_id: uuid.UUID, now: datetime) -> Payment:
    """Write the payment with its parameters frozen, before Stripe hears of it; inside the caller's transaction.

    IntegrityError when the subject already has an unfinished payment.
    """
    require_transaction()
    expires_at = now + timedelta(minutes=settings.HOLD_MINUTES)
    return Payment.objects.create(
        id=payment_id,
        kind=payable.kind,
        reference=payable.reference,
        subject=payable.subject if is_on("basket") else f"{payable.subject}:{payment_id}",
        amount_minor=payable.amount_minor,
        currency=payable.currency,
        params=_parameters(payable, payment_id, expires_at),
        contents=payable.contents,
        idempotency_key=f"session:{payment_id}",
        expires_at=expires_at,
        client=payable.client,
    )


def _parameters(payable: Payable, payment_id: uuid.UUID, expires_at: datetime) -> dict[str, Any]:
    metadata = {
        "payment": str(payment_id),
        "kind": payable.kind,
        "reference": payable.reference,
        "site": settings.SITE_HOST,
    }
    return {
        "client_reference_id": str(payment_id),
        "metadata": metadata,
        "line_items": [_line_item(line, payable) for line in _merged(payable.lines)],
        "locale": language.tag(),
        "adaptive_pricing": {"enabled": False},
        "expires_at": int(expires_at.timestamp()),
        # The braces must reach Stripe as they are, so the path is joined on, not encoded.
        "success_url": settings.SITE_URL + payable.return_path + "?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": settings.SITE_URL + payable.cancelled_path,
        **_mode(payable, metadata),
        **_delivery(payable),
        **_payer(payable),
    }


def _mode(payable: Payable, metadata: dict[str, str]) -> dict[str, Any]:
    if payable.is_monthly:
        return {"mode": "subscription", "subscription_data": {"metadata": metadata}}
    if not payable.amount_minor:  # a session of amount 0 has no payment intent
        return {"mode": "payment"}
    return {
        "mode": "payment",
        "payment_intent_data": {"metadata": metadata},
        "submit_type": payable.verb,
    }


def _delivery(payable: Payable) -> dict[str, Any]:
    if not payable.country:
        return {}
    return {"shipping_address_collection": {"allowed_countries": [payable.country]}}


def _payer(payable: Payable) -> dict[str, Any]:
    is_readable = payable.email and payable.email.isascii()  # Stripe refuses a session otherwise
    return {"customer_email": payable.email} if is_readable else {}


def _merged(lines: Sequence[PayLine]) -> Sequence[PayLine]:
    """Put what is too much for one session into its last line."""
    if len(lines) <= MOST_LINES:
        return lines
    shown, rest = lines[: MOST_LINES - 1], lines[MOST_LINES - 1 :]
    name = _("And %(number)d more") % {"number": len(rest)}
    return [*shown, PayLine(name, sum(line.amount_minor for line in rest))]


def _line_item(line: PayLine, payable: Payable) -> dict[str, Any]:
    price = {
        "currency": payable.currency.lower(),
        "product_data": {"name": _name(line.name)},
        "unit_amount": line.amount_minor,
    }
    every = {"recurring": {"interval": "month"}} if payable.is_monthly else {}
    return {"price_data": price | every, "quantity": 1}


def _name(text: str) -> str:
    """Return a name as Stripe takes it: on one line, not too long, never empty."""
    printable = (" " if unicodedata.category(letter) in ("Cc", "Cs") else letter for letter in text)
    return " ".join("".join(printable).split())[:_NAME_LENGTH] or "–"


class TooManyPayments(Exception):
    """This client has asked for too many payments already; the text says what to do."""


def refuse_too_many(client: str, *, now: datetime, replacing: Collection[Any] = ()) -> None:
    """Raise TooManyPayments when a client address has too many payments open, or asked for too many in an hour.

    Against held stock and tried cards; the caller's transaction makes the next payment only when this passes. Open
    payments whose ids are in `replacing` are to be ended first, so they do not count.
    """
    mine = Payment.objects.filter(client=client)
    still_open = mine.filter(state__in=Payment.UNFINISHED).exclude(pk__in=replacing)
    if still_open.count() >= settings.MAX_OPEN_PAYMENTS_PER_ADDRESS:
        raise TooManyPayments(_("You have several payments open. Please finish one of them first."))
    if mine.filter(created_at__gt=now - timedelta(hours=1)).count() >= settings.MAX_PAYS_PER_HOUR_PER_ADDRESS:
        raise TooManyPayments(_too_often())


def count_try(client: str) -> None:
    """Count a payment asked for by an address; TooManyPayments when there were enough in the hour.

    Outside any transaction: unlike `refuse_too_many` it also holds when many ask at the same moment.
    """
    if not take(Limit("payments", settings.MAX_PAYS_PER_HOUR_PER_ADDRESS, timedelta(hours=1)), client):
        raise TooManyPayments(_too_often())


def _too_often() -> str:
    return _("You have asked for a payment many times in a short while. Please try again in an hour.")


#: A session this near to its end is not worth sending anybody to.
_NEARLY_OVER = timedelta(minutes=1)


def is_usable(payment: Payment, *, now: datetime) -> bool:
    """Whether somebody who wants to pay can be sent to this payment's page, or its page can still be made."""
    if payment.state == Payment.State.OPEN:
        return payment.expires_at - now > _NEARLY_OVER and bool(payment.session_url)
    return can_retry(payment, now=now)


def page_of(payment: Payment) -> str:
    """Return the address of a usable payment's page, made now when there is none; errors as `open_session`."""
    if payment.state == Payment.State.OPEN and payment.session_url:
        return payment.session_url
    reach("pay.committed")
    return open_session(payment)


def can_retry(payment: Payment, *, now: datetime) -> bool:
    """Whether creating this payment's session may be tried again with the same key and bytes."""
    is_young = now - payment.created_at < SAME_KEY_FOR
    return (
        payment.state == Payment.State.CREATING and is_young and payment.stored_errors < STORED_ERRORS_ALLOWED
    )


def open_session(payment: Payment) -> str:
    """Create the payment's session at Stripe and return the address of its page; outside any transaction.

    Safe to repeat and to run twice at once: the key is the payment's own. Raises gateway.Unavailable (what happened
    is unknown; try again) or gateway.Refused (nothing was made: the payment is closed and its order cancelled).
    """
    try:
        session = gateway.create_session(payment.params, idempotency_key=payment.idempotency_key)
    except gateway.Refused:
        settlement.nothing_was_made(payment.pk)
        raise
    except gateway.TurnedAway:
        durably(_alert_turned_away)
        raise
    except gateway.Unavailable as error:
        if error.stored:
            Payment.objects.filter(pk=payment.pk).update(stored_errors=F("stored_errors") + 1)
        raise
    return _keep(payment, session)


def _keep(payment: Payment, session: gateway.Session) -> str:
    reach("pay.session_created")
    Payment.objects.filter(pk=payment.pk, session_id=None).update(
        session_id=session.id, session_url=session.url
    )
    settlement.record(payment.pk, session)
    reach("pay.session_saved")
    return session.url


def _alert_turned_away() -> None:
    with translation.override(settings.LANGUAGE_CODE):
        alert(
            subject="stripe:turned-away",
            text=_(
                "Stripe turned the store away, so nobody can pay: check the key and its limits at Stripe."
            ),
            path=reverse("admin:payments_payment_changelist"),
        )


def close(payment: Payment) -> Payment:
    """End an unfinished payment at Stripe and settle what that shows; outside any transaction.

    The answer may well be *paid*: the shopper was faster. Raises gateway.Unavailable when Stripe cannot say.
    """
    if not payment.session_id:
        return settlement.settle_without_session(payment)
    with suppress(gateway.Refused):  # not open any more: what it became is looked up next
        gateway.expire_session(payment.session_id)
    return settlement.settle(payment.pk)


#: After Stripe gave no answer, the sweep leaves a payment alone this long.
PATIENCE = timedelta(minutes=1)


def due(*, now: datetime | None = None) -> list[Payment]:
    """Return unfinished payments the sweep must look up: past their end, or without news for five minutes.

    One without a session is left to the shopper's *Try again* for as long as that can work.
    """
    moment = now or timezone.now()
    waiting = Payment.objects.filter(state__in=Payment.UNFINISHED).exclude(retry_at__gt=moment)
    over = Q(expires_at__lte=moment)
    unborn = Q(session_id=None, created_at__lte=moment - SAME_KEY_FOR)
    no_news = Q(session_id__isnull=False) & (
        Q(checked_at__lte=moment - _NEWS) | Q(checked_at=None, created_at__lte=moment - _NEWS)
    )
    return list(waiting.filter(over | unborn | no_news).order_by("checked_at", "created_at")[:200])


def leave_for_later(payment: Payment, *, now: datetime) -> None:
    """Note that Stripe gave no answer about a payment, so that the sweep does not press."""
    Payment.objects.filter(pk=payment.pk).update(retry_at=now + PATIENCE)
