"""Giving: from a wish to Stripe's page; what came with an order; refunds by staff; changing a monthly donation."""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shop.donations.models import Donation
from shop.donations.outcomes import KIND, note_given_back
from shop.money import to_minor
from shop.payments import gateway, mirror, refunds, subscriptions
from shop.payments import services as payments
from shop.payments.models import Payment, Refund, Subscription
from shop.payments.selectors import CannotApply
from shop.transactions import durably, require_transaction

logger = logging.getLogger(__name__)


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


def give(*, wish: Wish, mine: Sequence[str], client: str, now: datetime) -> Giving:
    """Return the address of a payment page for the wish; `mine` are the payments this browser has started.

    The same wish again leads to the page that is open, another one ends that first, so a browser has one at most.
    Raises payments.TooManyPayments, AlreadyGiven, NotCharged.
    """
    payment: Payment | None = None
    try:
        with gateway.within_deadline():
            payment = _reusable(wish, mine, client, now) or durably(lambda: _promise(wish, client, now))
            return Giving(url=payments.page_of(payment), payment_id=payment.pk)
    except gateway.GatewayError as error:
        logger.warning("no payment page for a donation: %s", error)
        raise NotCharged(payment.pk if payment else None) from error


def _reusable(wish: Wish, mine: Sequence[str], client: str, now: datetime) -> Payment | None:
    """Return this browser's payment of the same wish; else end what it has open, unless a new one would be refused."""
    unpaid = Payment.objects.filter(
        pk__in=mine, kind=KIND, state__in=(Payment.State.CREATING, Payment.State.OPEN)
    )
    for earlier in unpaid:
        if earlier.contents == wish.fingerprint and payments.is_usable(earlier, now=now):
            return earlier
    payments.refuse_too_many(client, now=now, replacing=[earlier.pk for earlier in unpaid])
    payments.count_try(client)
    for earlier in unpaid:
        _end(earlier)
    return None


def _end(payment: Payment) -> None:
    """End an unfinished payment at Stripe; raises AlreadyGiven when the donor was faster, gateway.GatewayError."""
    ended = payments.close(payment)
    if ended.is_taken:
        raise AlreadyGiven(ended)


def _promise(wish: Wish, client: str, now: datetime) -> Payment:
    """Write a donation that is not given yet, and its payment with frozen parameters."""
    payments.refuse_too_many(client, now=now)
    payment_id = uuid.uuid4()
    donation = Donation(
        way=Donation.Way.MONTHLY if wish.is_monthly else Donation.Way.ONCE,
        amount=wish.amount,
        currency=settings.DEFAULT_CURRENCY,
        message=wish.message,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    payable = _payable(donation, wish, payment_id, client)
    donation.payment = payments.prepare(payable, payment_id=payment_id, now=now)
    donation.save()
    return donation.payment


def _payable(donation: Donation, wish: Wish, payment_id: uuid.UUID, client: str) -> payments.Payable:
    name = _("Monthly donation to %(shop)s") if wish.is_monthly else _("Donation to %(shop)s")
    line = payments.PayLine(name % {"shop": settings.SHOP_NAME}, to_minor(donation.amount, donation.currency))
    return payments.Payable(
        kind=KIND,
        reference=donation.number,
        subject=f"donation:{donation.number}",
        currency=donation.currency,
        lines=[line],
        country="",
        contents=wish.fingerprint,
        client=client,
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


def forget_giver_with_order(number: str) -> None:
    """Take the person off what was given with an order, in the caller's transaction; amount and date stay."""
    require_transaction()
    Donation.objects.filter(order_number=number).update(email="", name="", message="")


# --- Staff ------------------------------------------------------------------------------------------


def refund(*, donation_id: int, amount_minor: int | None, reason: str, step: str, by: str) -> Refund:
    """Give back an amount of a donation, or all that is left; the same `step` (a form's token) does it once.

    Raises refunds.TooMuch (nothing changed). When Stripe does not answer the row stays unknown and the sweep goes on.
    """
    payment_id = Donation.objects.values_list("payment_id", flat=True).get(pk=donation_id)
    return refunds.refund_rest(payment_id, amount_minor=amount_minor, reason=reason, step=step, by=by)


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
