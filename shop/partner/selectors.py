"""What pages read of prices: what a reduced thing cost before."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby

from shop.partner.models import PriceChange

#: How far back the earlier price is looked for, counted from the day the reduction began.
BEFORE = timedelta(days=30)
#: How long a reduction is announced; after that the price is simply the price.
ANNOUNCED = timedelta(days=30)


def prices_before(product_ids: Iterable[int], *, now: datetime) -> dict[int, Decimal]:
    """Return the earlier price of each variant whose price was reduced of late (one query).

    It is the lowest price of the 30 days before the reduction began, the reduced one not counted; several
    reductions in a row are one. A price that is not below that was not reduced, and is left out.
    """
    changes = PriceChange.objects.filter(stockrecord__product__in=list(product_ids))
    rows = changes.order_by("stockrecord__product", "changed_at", "pk").values_list(
        "stockrecord__product", "price", "changed_at"
    )
    found = {
        product: _before([(price, at) for _, price, at in own], now)
        for product, own in groupby(rows, key=lambda row: row[0])
    }
    return {product: price for product, price in found.items() if price is not None}


def _before(history: Sequence[tuple[Decimal, datetime]], now: datetime) -> Decimal | None:
    """Return the price before the reduction that `history` (oldest first) ends with, if it ends with one."""
    start = _start_of_reduction(history)
    if not start or history[start][1] < now - ANNOUNCED:
        return None
    since = history[start][1] - BEFORE
    ended = [at for _, at in history[1 : start + 1]]
    asked = [price for (price, _), until in zip(history, ended, strict=False) if until > since]
    lowest = min(asked, default=None)
    return lowest if lowest is not None and lowest > history[-1][0] else None


def _start_of_reduction(history: Sequence[tuple[Decimal, datetime]]) -> int:
    """Return the place of the first of the reductions in a row that `history` ends with; 0 when there is none."""
    start = len(history) - 1
    while start > 0 and history[start][0] < history[start - 1][0]:
        start -= 1
    return start + 1 if 0 <= start < len(history) - 1 else 0
