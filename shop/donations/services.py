"""Giving: from a wish to Stripe's page; what came with an order; refunds by staff; changing a monthly donation."""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.donations.models import Donation
from shop.donations.outcomes import KIND, note_given_back
from shop.money import to_minor
from shop.payments import gateway, mirror, refunds, settlement, subscriptions
from shop.payments import services as payments
from shop.payments.models import Payment, Refund, Subscription
from shop.payments.selectors import CannotApply, captured_minor
from shop.transactions import durably, require_transaction

logger = logging.getLogger(__name__)

_UNPAID = (Payment.State.CREATING, Payment.State.OPEN)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to give, in the store's currency."""

    amount: Decimal
    is_monthly: bool
    message: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same wish."""
        text = f"{self.amount.normalize()}|{self.is_monthly}|{self.message}"
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Giving:
    """Where to send the donor."""

    url: str
    payment_id: uuid.UUID


class NotCharged(Exception):
    """Stripe did not give a payment page; nothing was charged. The same wish of the same browser may be sent again."""

    def __init__(self, payment_id: uuid.UUID | None) -> None:
        super().__init__(payment_id)
        self.payment_id = payment_id


class AlreadyGiven(Exception):
    """The donation this browser began before turned out paid, or on its way."""

    def __init__(self, payment: Payment) -> None:
        super().__init__(payment.reference)
        self.payment = payment


def give(*, wish: Wish, mine: Sequence[str], client: str, now: datetime, browser: str = "") -> Giving:
    """Return the address of a payment page for the wish; `mine` are the payments this browser has started.

    The same wish again leads to the page that is open, another one ends that first, so a browser has one at most,
    also when `browser` (what tells it from others) asks twice at the same moment. Raises payments.TooManyPayments,
    AlreadyGiven, NotCharged.
    """
    payment: Payment | None = None
    try:
        with gateway.within_deadline():
            payment = _begun(_Giver(list(mine), client, browser), wish, now)
            return Giving(url=payments.page_of(payment), payment_id=payment.pk)
    except gateway.GatewayError as error:
        logger.warning("no payment page for a donation: %s", error)
        raise NotCharged(payment.pk if payment else None) from error


@dataclass(frozen=True)
class _Giver:
    """Who gives, as far as anybody knows: a browser, the payments it has started, and a client address."""

    mine: list[str]
    client: str
    browser: str

    def subject(self, number: str) -> str:
        """Return what at most one unfinished payment may have: the browser, or the donation while none is known."""
        return f"donor:{self.browser}" if self.browser else f"donation:{number}"

    def unpaid(self) -> list[Payment]:
        """Return the payments of this browser that nobody has paid yet."""
        own = Q(pk__in=self.mine) | Q(subject=self.subject(""))
        return list(Payment.objects.filter(own, kind=KIND, state__in=_UNPAID).order_by("created_at"))


def _begun(giver: _Giver, wish: Wish, now: datetime) -> Payment:
    """Return the browser's payment of the wish, written now if there is none."""
    for _look in range(2):
        if earlier := _reusable(giver, wish, now):
            return earlier
        with suppress(IntegrityError):  # a second click was faster: its payment is this browser's too
            return durably(lambda: _promise(giver, wish, now))
    raise NotCharged(None)


def _reusable(giver: _Giver, wish: Wish, now: datetime) -> Payment | None:
    """Return this browser's payment of the same wish; else end what it has open, unless a new one would be refused."""
    unpaid = giver.unpaid()
    for earlier in unpaid:
        if earlier.contents == wish.fingerprint and payments.is_usable(earlier, now=now):
            return earlier
    payments.refuse_too_many(giver.client, now=now, replacing=[earlier.pk for earlier in unpaid])
    payments.count_try(giver.client)
    for earlier in unpaid:
        _end(earlier)
    return None


def _end(payment: Payment) -> None:
    """End an unfinished payment at Stripe; raises AlreadyGiven when the donor was faster, gateway.GatewayError."""
    ended = payments.close(payment)
    if ended.is_taken:
        raise AlreadyGiven(ended)


def _promise(giver: _Giver, wish: Wish, now: datetime) -> Payment:
    """Write a donation that is not given yet, and its payment with frozen parameters."""
    payments.refuse_too_many(giver.client, now=now)
    payment_id = uuid.uuid4()
    donation = Donation(
        way=Donation.Way.MONTHLY if wish.is_monthly else Donation.Way.ONCE,
        amount=wish.amount,
        currency=settings.DEFAULT_CURRENCY,
        message=wish.message,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    payable = _payable(donation, wish, payment_id, giver)
    donation.payment = payments.prepare(payable, payment_id=payment_id, now=now)
    donation.save()
    return donation.payment


def _payable(donation: Donation, wish: Wish, payment_id: uuid.UUID, giver: _Giver) -> payments.Payable:
    name = _("Monthly donation to %(shop)s") if wish.is_monthly else _("Donation to %(shop)s")
    line = payments.PayLine(name % {"shop": settings.SHOP_NAME}, to_minor(donation.amount, donation.currency))
    return payments.Payable(
        kind=KIND,
        reference=donation.number,
        subject=giver.subject(donation.number),
        currency=donation.currency,
        lines=[line],
        country="",
        contents=wish.fingerprint,
        client=giver.client,
        return_path=reverse("donations:thanks"),
        cancelled_path=reverse("donations:cancelled", args=[payment_id]),
        verb="donate",
        is_monthly=wish.is_monthly,
    )


# --- With an order (inside settle's transaction) ----------------------------------------------------


def given_with_order(
    *,
    number: str,
    amount: Decimal,
    currency: str,
    payment: Payment | None,
    at: datetime,
    email: str,
    name: str,
) -> Donation:
    """Count what was given with a paid order, once an order; a second call returns the first row."""
    require_transaction()
    donation, _is_new = Donation.objects.get_or_create(
        order_number=number,
        defaults={
            "way": Donation.Way.ORDER,
            "state": Donation.State.RECEIVED,
            "amount": amount,
            "currency": currency,
            "payment": payment,
            "received_at": at,
            "email": email,
            "name": name,
        },
    )
    return donation


def given_back_with_order(number: str, minor: int) -> None:
    """Note how much of what was given with an order went back, in minor units; nothing when nothing was given."""
    require_transaction()
    donation = Donation.objects.select_for_update(of=("self",)).filter(order_number=number).first()
    if donation is not None:
        note_given_back(donation, minor)


# --- Staff ------------------------------------------------------------------------------------------


def refund(*, donation_id: int, amount_minor: int | None, reason: str, step: str, by: str) -> Refund:
    """Give back an amount of a donation, or all that is left; the same `step` (a form's token) does it once.

    Raises refunds.TooMuch (nothing changed). When Stripe does not answer the row stays unknown and the sweep goes on.
    """
    payment_id = Donation.objects.values_list("payment_id", flat=True).get(pk=donation_id)
    return refunds.refund_rest(payment_id, amount_minor=amount_minor, reason=reason, step=step, by=by)


class NothingToAccept(Exception):
    """Stripe has taken no money for the donation, or it has gone back; the text is for staff."""


def accept(*, donation_id: int, now: datetime) -> None:
    """Count a donation in review as received: what Stripe took, not what was wished. Raises NothingToAccept."""
    payment = Payment.objects.get(donation=donation_id)
    if not refunds.refundable_minor(payment):
        raise NothingToAccept(_("Stripe holds no money for this donation, so there is nothing to accept."))
    settlement.accept(payment.pk, now=now)


def dismiss(*, donation_id: int) -> None:
    """Put a donation in review aside as not given, when Stripe took nothing; money that comes later brings it back."""

    def action() -> None:
        payment = Payment.objects.select_for_update(of=("self",)).get(donation=donation_id)
        if payment.state == Payment.State.REVIEW and not captured_minor(payment):
            Donation.objects.filter(pk=donation_id).update(state=Donation.State.NOT_GIVEN)

    durably(action)


# --- Donors -----------------------------------------------------------------------------------------


def page_at_stripe(subscription: Subscription, *, return_path: str, stop: bool) -> str:
    """Return the address of Stripe's page for a monthly donation; errors as `payments.subscriptions`."""
    return subscriptions.page_at_stripe(subscription, return_url=settings.SITE_URL + return_path, stop=stop)


def look_again(subscription: Subscription) -> None:
    """Copy what Stripe says of a subscription now: the donor comes from Stripe's page, maybe before its event."""
    try:
        with gateway.within_deadline():
            mirror.subscription(subscription.stripe_id)
    except (gateway.GatewayError, CannotApply) as error:
        logger.warning("subscription %s could not be looked up: %s", subscription.stripe_id, error)
