"""The mails to donors: one function each, queued in the transaction of its cause; each carries the link to stop.

They speak the language the donation was made in.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.emails.services import queue
from shop.money import from_minor, shown
from shop.payments.answers import InvoiceAnswer
from shop.payments.models import Refund, Subscription


def receipt(donation: Donation) -> Mail:
    """Queue the receipt; once a donation. What came with an order stands in that order's confirmation."""
    return _queue("donation", f"donation:{donation.number}", donation)


def not_paid(donation: Donation) -> Mail:
    """Queue "your bank said no" of a delayed method; once a donation."""
    return _queue("donation_not_paid", f"donation:{donation.number}", donation)


def refunded(donation: Donation, refund: Refund) -> Mail:
    """Queue "we have given it back"; once a refund."""
    amount = _shown(donation, refund.amount_minor, refund.payment.taken_currency)
    return _queue("donation_refunded", f"refund:{refund.pk}", donation, refunded=amount)


def declined(first: Donation, invoice: InvoiceAnswer) -> Mail:
    """Queue "this month's donation was declined", with the link to change the card; once an invoice."""
    amount = _shown(first, invoice.amount_due, invoice.currency)
    return _queue(
        "donation_declined", f"invoice:{invoice.id}", first, due=amount, is_over=invoice.is_given_up
    )


def monthly_stops(first: Donation, subscription: Subscription) -> Mail:
    """Queue "your monthly donation will end on …"; once for each day it was to end."""
    day = f"{subscription.ends_at:%Y-%m-%d}"
    return _queue("donation_stops", f"{subscription.stripe_id}:{day}", first, ends_at=subscription.ends_at)


def monthly_ended(first: Donation, subscription: Subscription) -> Mail:
    """Queue "your monthly donation has ended"; once a subscription."""
    return _queue("donation_ended", subscription.stripe_id, first)


def _shown(donation: Donation, minor: int, currency: str) -> str:
    with translation.override(donation.language):
        return shown(from_minor(minor, currency), currency)


def _queue(kind: str, subject: str, donation: Donation, **more: object) -> Mail:
    with translation.override(donation.language):
        context = {
            "donation": donation,
            "amount": shown(donation.amount, donation.currency),
            "manage_url": settings.SITE_URL + donation.manage_path if donation.is_monthly else "",
            "donate_url": settings.SITE_URL + reverse("donations:page"),
            **more,
        }
        return queue(kind=kind, subject=subject, to=donation.email, template=kind, context=context)
