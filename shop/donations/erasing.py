"""Taking the person out of donations: amounts, dates and ids stay."""

from datetime import datetime

from django.db.models import QuerySet

from shop.donations.models import Donation
from shop.donations.outcomes import KIND
from shop.payments.erasing import forget_payer
from shop.payments.models import Payment, Subscription
from shop.transactions import durably, require_transaction

#: Whoever gave is in none of these any more.
_NOBODY = {"email": "", "name": "", "message": ""}


def forget_giver_with_order(number: str) -> None:
    """Take the person off what was given with an order, in the caller's transaction."""
    require_transaction()
    Donation.objects.filter(order_number=number).update(**_NOBODY)


def forget_givers(donations: QuerySet[Donation]) -> None:
    """Take the person off donations whose payments the caller has locked; a second call changes nothing."""
    require_transaction()
    chosen = list(donations.values_list("pk", flat=True))
    forget_payer(Payment.objects.filter(kind=KIND, donation__in=chosen))
    Donation.objects.filter(pk__in=chosen).update(**_NOBODY)


def running() -> QuerySet[Subscription]:
    """Return the subscriptions behind the monthly donations that go on."""
    return Subscription.objects.filter(payment__kind=KIND, is_running=True)


def forget_givers_before(moment: datetime, *, limit: int) -> int:
    """Take the person off what was given before then, a transaction each; return how many were done.

    A monthly donation that still runs is left alone, with all its months: its mails need the address. What came
    with an order goes with that.
    """
    old = Donation.objects.filter(created_at__lt=moment).exclude(way=Donation.Way.ORDER).exclude(**_NOBODY)
    ended = old.exclude(payment__reference__in=running().values("payment__reference"))
    chosen = list(ended.order_by("pk").values_list("pk", flat=True)[:limit])
    for pk in chosen:
        durably(lambda pk=pk: _forget_one(pk))  # type: ignore[misc]
    return len(chosen)


def _forget_one(pk: int) -> None:
    """Lock as settle does: the payment before the donation."""
    list(Payment.objects.select_for_update(of=("self",)).filter(donation=pk).values_list("pk"))
    forget_givers(Donation.objects.filter(pk=pk))
