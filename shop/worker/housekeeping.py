"""What is not needed any more, and when it goes: the retention table, in code."""

from datetime import datetime, timedelta
from functools import partial

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from shop.basket.models import Basket
from shop.customer import alerts
from shop.donations.erasing import forget_givers_before
from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.limits.models import Tally
from shop.limits.services import LONGEST
from shop.order.erasing import anonymise, lock_with_payments
from shop.order.models import Order
from shop.order.statuses import HOLDS_STOCK, Status
from shop.payments.models import Payment
from shop.stock import picks
from shop.stock.models import SoldOutPick
from shop.transactions import durably

#: Orders that were never paid, after Stripe has said so.
ABANDONED_ORDERS = timedelta(days=30)
#: Donations that were never given; their payments stay.
ABANDONED_DONATIONS = timedelta(days=30)
#: Baskets nobody has paid or touched.
STALE_BASKETS = timedelta(days=90)
#: Mails whose links work for a day, of use to one person only; then all the others.
LINK_MAILS, MAILS = timedelta(days=7), timedelta(days=2 * 365)
WITH_LINKS = ("account", "order_link")
#: The keyed hash of the address somebody paid from: its limits look back an hour.
CLIENTS = timedelta(days=30)
#: What the tax office wants to see of an order or donation with its buyer or giver; afterwards the figures stay.
BUYERS = timedelta(days=7 * 365)
_AT_ONCE = 500
_ANONYMISED_AT_ONCE = 50


def clear_away() -> int:
    """Delete what is past its time, a portion at once; return how many rows went. The ledger and payments stay."""
    now = timezone.now()
    givers = forget_givers_before(now - BUYERS, limit=_ANONYMISED_AT_ONCE)
    return _delete_old(now) + _forget_clients(now) + _forget_buyers(now) + givers


def _delete_old(now: datetime) -> int:
    expired = Session.objects.filter(expire_date__lt=now)
    abandoned = Order.objects.filter(
        status=Status.CANCELLED, paid_at=None, date_placed__lt=now - ABANDONED_ORDERS
    )
    stale = Basket.objects.filter(
        status__in=(Basket.OPEN, Basket.MERGED), date_created__lt=now - STALE_BASKETS
    ).exclude(lines__date_updated__gte=now - STALE_BASKETS)
    tallies = Tally.objects.filter(since__lt=now - LONGEST)
    old_picks = SoldOutPick.objects.filter(day__lt=timezone.localdate() - picks.KEPT)
    not_given = Donation.objects.filter(
        state=Donation.State.NOT_GIVEN, created_at__lt=now - ABANDONED_DONATIONS
    )
    done = Mail.objects.exclude(state=Mail.State.QUEUED)
    mails = done.filter(created_at__lt=now - MAILS)
    links = done.filter(kind__in=WITH_LINKS, created_at__lt=now - LINK_MAILS)
    chosen = (
        expired,
        abandoned,
        stale,
        tallies,
        alerts.past_their_time(),
        old_picks,
        not_given,
        mails,
        links,
    )
    return sum(_delete(rows) for rows in chosen)


def _forget_clients(now: datetime) -> int:
    return Payment.objects.filter(created_at__lt=now - CLIENTS).exclude(client="").update(client="")


def _forget_buyers(now: datetime) -> int:
    old = Order.objects.filter(date_placed__lt=now - BUYERS, anonymised_at=None)
    numbers = old.exclude(status__in=HOLDS_STOCK).order_by("pk").values_list("number", flat=True)
    chosen = list(numbers[:_ANONYMISED_AT_ONCE])
    for number in chosen:
        durably(partial(_forget_buyer, number, now))
    return len(chosen)


def _forget_buyer(number: str, now: datetime) -> None:
    anonymise(lock_with_payments(number), now=now)


def _delete(rows: QuerySet) -> int:
    chosen = list(rows.order_by("pk").values_list("pk", flat=True).distinct()[:_AT_ONCE])
    rows.model._default_manager.filter(pk__in=chosen).delete()
    return len(chosen)
