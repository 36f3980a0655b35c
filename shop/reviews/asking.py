"""Ask a buyer once, some days after the parcel left, what they think: one mail an address, ever."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

from shop.emails.models import Mail
from shop.emails.services import queue
from shop.order.models import Line, Order, Parcel, RefundedLine
from shop.order.statuses import Status
from shop.reviews.models import ProductReview
from shop.reviews.selectors import lines_to_review
from shop.transactions import durably

KIND = "review_request"
#: After this long it has arrived and been worn; after that long nobody waits to be asked.
AFTER, BEFORE = timedelta(days=12), timedelta(days=30)
AT_ONCE = 50


def ask_buyers() -> int:
    """Queue the mails that are due and return how many were new; a second run queues nothing again."""
    return sum(durably(partial(_ask, order)) for order in _due()[:AT_ONCE])


def _due() -> QuerySet[Order]:
    """Return orders shipped long enough ago whose buyer was never asked, has written nothing and kept everything."""
    now = timezone.now()
    left = Parcel.objects.filter(order=OuterRef("pk"))
    return (
        Order.objects.filter(status=Status.SHIPPED)
        .exclude(guest_email="")
        .filter(
            Exists(left.filter(shipped_at__gt=now - BEFORE)), ~Exists(left.filter(shipped_at__gt=now - AFTER))
        )
        .exclude(Exists(RefundedLine.objects.filter(line__order=OuterRef("pk"))))
        .exclude(Exists(ProductReview.objects.filter(line__order=OuterRef("pk"))))
        .exclude(Exists(Mail.objects.filter(kind=KIND, to__iexact=OuterRef("guest_email"))))
        .order_by("pk")
    )


def _ask(order: Order) -> int:
    lines = lines_to_review(order)
    if not lines or Mail.objects.filter(kind=KIND, subject=_subject(order)).exists():
        return 0
    queue(
        kind=KIND,
        subject=_subject(order),
        to=order.guest_email,
        template=KIND,
        context={"order": order, "links": links(order, lines)},
    )
    return 1


def links(order: Order, lines: Iterable[Line]) -> list[tuple[str, str]]:
    """Return the name of each line's product and where its buyer writes about it."""
    query = urlencode({"order": order.number, "token": order.token})
    return [
        (line.title, f"{settings.SITE_URL}{reverse('reviews:write', args=[line.product.parent_id])}?{query}")
        for line in lines
    ]


def _subject(order: Order) -> str:
    """Name the person and not the order: who has been asked once is not asked again."""
    who = salted_hmac("shop.reviews.asking", order.guest_email.lower(), algorithm="sha256").hexdigest()
    return f"person:{who}"
