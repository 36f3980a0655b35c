"""What pages read of donations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.db.models import Count, F, Min, QuerySet, Sum

from shop.donations.forms import DonateForm
from shop.donations.models import SIGNER, Donation
from shop.money import ZERO
from shop.payments.models import Payment, Subscription

#: How long a link in a mail manages a monthly donation; every month's mail brings a newer one.
LINK_LIVES = timedelta(days=180)


@dataclass(frozen=True)
class Monthly:
    """A monthly donation as its donor sees it: how it stands, and what it has come to so far."""

    first: Donation
    subscription: Subscription
    times: int
    total: Decimal
    since: datetime | None


def page(form: DonateForm) -> dict[str, Any]:
    """Return what the page of the form shows."""
    return {"form": form, "amounts": settings.DONATION_AMOUNTS, "least": settings.LEAST_DONATION}


def of_payment(payment: Payment) -> Donation | None:
    """Return the donation of a payment."""
    return Donation.objects.select_related("first").filter(payment=payment).first()


def monthly_for_link(token: str) -> Monthly | None:
    """Return the monthly donation that a signed link manages; None alike for a wrong, an old and an unknown one."""
    try:
        number = SIGNER.unsign(token, max_age=LINK_LIVES)
    except BadSignature:
        return None
    first = Donation.objects.filter(number=number, way=Donation.Way.MONTHLY).first()
    row = Subscription.objects.filter(payment__kind="donation", payment__reference=number).first()
    if first is None or row is None:
        return None
    figures = series(number).aggregate(
        times=Count("pk"), total=Sum(F("amount") - F("given_back")), since=Min("received_at")
    )
    return Monthly(first, row, figures["times"], figures["total"] or ZERO, figures["since"])


def series(number: str) -> QuerySet[Donation]:
    """Return what has come of a monthly donation, by the number of its first."""
    return Donation.objects.filter(
        payment__kind="donation", payment__reference=number, state__in=Donation.CAME
    )
