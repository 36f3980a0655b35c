"""What is not needed any more, and when it goes: the retention table, in code."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from shop.basket.models import Basket
from shop.customer import alerts
from shop.donations.models import Donation
from shop.limits.models import Tally
from shop.limits.services import LONGEST
from shop.order.models import Order
from shop.order.statuses import Status
from shop.stock import picks
from shop.stock.models import SoldOutPick

#: Orders that were never paid, after Stripe has said so.
ABANDONED_ORDERS = timedelta(days=30)
#: Donations that were never given; their payments stay.
ABANDONED_DONATIONS = timedelta(days=30)
#: Baskets nobody has paid or touched.
STALE_BASKETS = timedelta(days=90)
_AT_ONCE = 500


def clear_away() -> int:
    """Delete what is past its time, a portion at once; return how many rows went. The ledger and payments stay."""
    now = timezone.now()
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
    chosen = (expired, abandoned, stale, tallies, alerts.past_their_time(), old_picks, not_given)
    return sum(_delete(rows) for rows in chosen)


def _delete(rows: QuerySet) -> int:
    chosen = list(rows.order_by("pk").values_list("pk", flat=True).distinct()[:_AT_ONCE])
    rows.model._default_manager.filter(pk__in=chosen).delete()
    return len(chosen)
