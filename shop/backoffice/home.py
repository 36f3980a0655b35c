"""What the back office's home page says: each figure only to those who may see its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from shop.customer.demand import demand
from shop.emails.models import Mail
from shop.money import ZERO, shown
from shop.order.models import Order
from shop.order.statuses import PACKABLE, Status
from shop.partner.models import StockRecord
from shop.payments.models import Payment
from shop.payments.selectors import webhook_health
from shop.reviews.models import ProductReview
from shop.worker.models import Heartbeat

#: A worker that has not finished a round for this long is not running.
WORKER_SILENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Card:
    """One figure with a link to what it counts; `is_bad` when somebody should look."""

    title: str
    figure: str
    url: str = ""
    note: str = ""
    is_bad: bool = False


def cards(request: HttpRequest, *, now: datetime | None = None) -> list[Card]:
    """Return the cards this person may see; a new staff user without groups gets none."""
    moment = now or timezone.now()
    parts = {
        "order.view_order": _order_cards,
        "partner.view_stockrecord": _stock_cards,
        "reviews.view_productreview": _review_cards,
        "emails.view_mail": _mail_cards,
        "payments.view_webhookevent": _stripe_cards,
    }
    return [
        card
        for permission, part in parts.items()
        if request.user.has_perm(permission)
        for card in part(moment)
    ]


def _url(name: str, query: str = "") -> str:
    return reverse(f"admin:{name}_changelist") + (f"?{query}" if query else "")


def _order_cards(now: datetime) -> Iterator[Card]:
    counts = Order.objects.aggregate(
        pack=Count("pk", filter=Q(status__in=PACKABLE)), held=Count("pk", filter=Q(status=Status.ON_HOLD))
    )
    orders = "order_order"
    yield Card(_("Orders to pack"), str(counts["pack"]), _url(orders, f"status={Status.PAID}"))
    yield Card(
        _("On hold"),
        str(counts["held"]),
        _url(orders, f"status={Status.ON_HOLD}"),
        is_bad=bool(counts["held"]),
    )
    for days in (7, 30):
        yield _sales(days, now)


def _sales(days: int, now: datetime) -> Card:
    sold = Order.objects.filter(paid_at__gt=now - timedelta(days=days)).exclude(status=Status.CANCELLED)
    figures = sold.aggregate(orders=Count("pk"), total=Sum("total_incl_tax"))
    return Card(
        _("Sales in %(days)s days") % {"days": days},
        shown(figures["total"] or ZERO),
        _url("order_order"),
        _("%(orders)s orders") % {"orders": figures["orders"]},
    )


def _stock_cards(now: datetime) -> Iterator[Card]:
    left = F("num_in_stock") - F("num_allocated")
    counts = StockRecord.objects.annotate(left=left).aggregate(
        gone=Count("pk", filter=Q(left__lte=0)),
        low=Count("pk", filter=Q(left__gt=0, left__lte=F("low_stock_threshold"))),
    )
    stock = "partner_stockrecord"
    yield Card(_("Variants sold out"), str(counts["gone"]), _url(stock, "available=sold-out"))
    yield Card(_("Variants low"), str(counts["low"]), _url(stock, "available=low"))
    yield _demand_card()


def _demand_card() -> Card:
    """What to print again, and the most wanted of it in words."""
    products = demand()
    most = f"{products[0].product.title}: {products[0].words}" if products else ""
    pieces = str(sum(one.wanted for one in products))
    return Card(_("Wanted, but sold out"), pieces, reverse("admin:partner_stockrecord_demand"), most)


def _review_cards(now: datetime) -> Iterator[Card]:
    waiting = ProductReview.objects.filter(status=ProductReview.FOR_MODERATION).count()
    yield Card(_("Reviews to read"), str(waiting), _url("reviews_productreview", "status__exact=0"))


def _mail_cards(now: datetime) -> Iterator[Card]:
    failed = Mail.objects.filter(state=Mail.State.FAILED).count()
    yield Card(
        _("Mails that failed"), str(failed), _url("emails_mail", "state__exact=failed"), is_bad=failed > 0
    )


def _stripe_cards(now: datetime) -> Iterator[Card]:
    health = webhook_health()
    last, failed = health.last_accepted_at, health.failed
    review = Payment.objects.filter(state=Payment.State.REVIEW).count()
    yield Card(
        _("Last word from Stripe"),
        _("%(time)s ago") % {"time": timesince(last, now, depth=1)} if last else _("never"),
        _url("payments_webhookevent"),
    )
    failed_url = _url("payments_webhookevent", "state__exact=failed")
    yield Card(_("Webhook events that failed"), str(failed), failed_url, is_bad=failed > 0)
    if review:
        yield Card(
            _("Payments to look at"),
            str(review),
            _url("payments_payment", "state__exact=review"),
            is_bad=True,
        )
    yield _worker(now)


def _worker(now: datetime) -> Card:
    last: Any = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    runs = last is not None and now - last < WORKER_SILENCE
    return Card(
        _("Worker"),
        _("running") if runs else _("not running"),
        note="" if runs else _("Mails wait, and payments without a webhook are not settled."),
        is_bad=not runs,
    )
