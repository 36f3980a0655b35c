"""The product list's address: what is chosen, and the addresses that change it.

An address says only what differs from the plain list, always in the same order; what it cannot mean is ignored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.filters import ANY_PRICE, KINDS, SORTS, Filters, Prices
from catalogue.shelf import Choice
from shop import money

#: What an address may say, in this order.
PARAMS = (*KINDS, "price_from", "price_to", "in_stock", "sort", "page")
#: No price is compared with a larger number than this.
MOST = 999_999
SORT_NAMES: Mapping[str, Any] = {
    "new": gettext_lazy("Newest"),
    "price": gettext_lazy("Price, low to high"),
    "price-down": gettext_lazy("Price, high to low"),
    "name": gettext_lazy("Name, A to Z"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen and the address without it; `count` is how many products that shows, when it is known."""

    name: str
    url: str
    hex: str = ""
    count: int | None = None


def read_filters(query: QueryDict, choices: Mapping[str, Sequence[Choice]]) -> Filters:
    """Return the filters in the address; what is not a known value is ignored."""
    asked = {kind: set(query.getlist(kind)) for kind in KINDS}
    known = {kind: tuple(c.code for c in choices[kind] if c.code in asked[kind]) for kind in KINDS}
    sort = query.get("sort", "")
    return Filters(
        **known,
        price=_prices(query.get("price_from", ""), query.get("price_to", "")),
        in_stock=query.get("in_stock") == "1",
        sort=sort if sort in SORTS[1:] else "",
    )


def _prices(least: str, most: str) -> Prices:
    """Return the range, turned round when its ends are."""
    low, high = _whole(least), _whole(most)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Prices(low or None, high)


def _whole(text: str) -> int | None:
    """Return the number, without what is finer than whole; None when it is no price."""
    whole = text.strip().replace(",", ".").partition(".")[0]
    return min(int(whole), MOST) if whole.isascii() and whole.isdigit() and len(whole) < 10 else None


def list_url(filters: Filters, page: int = 1) -> str:
    """Return the list's one address with these filters."""
    values: dict[str, Any] = {kind: getattr(filters, kind) for kind in KINDS}
    values |= {"price_from": filters.price.least, "price_to": filters.price.most}
    values |= {
        "in_stock": "1" if filters.in_stock else "",
        "sort": filters.sort,
        "page": page if page > 1 else "",
    }
    query = urlencode({key: value for key, value in values.items() if value or value == 0}, doseq=True)
    return reverse("catalogue:index") + (f"?{query}" if query else "")


def without_each(filters: Filters, choices: Mapping[str, Sequence[Choice]]) -> list[tuple[Choice, Filters]]:
    """Return everything that is chosen, each with the filters that are left without it."""
    found = [
        (choice, filters.toggled(kind, choice.code))
        for kind in KINDS
        for choice in choices[kind]
        if choice.code in getattr(filters, kind)
    ]
    if filters.price != ANY_PRICE:
        found.append((Choice("price", price_words(filters.price)), filters.without("price")))
    if filters.in_stock:
        found.append((Choice("in_stock", _("In stock")), filters.without("in_stock")))
    return found


def chips(left: Iterable[tuple[Choice, Filters]]) -> list[Chip]:
    return [Chip(choice.name, list_url(filters), choice.hex) for choice, filters in left]


def price_words(prices: Prices) -> str:
    """Say a range of prices as people do."""
    least, most = (None if end is None else money.shown_whole(Decimal(end)) for end in prices)
    if most is None:
        return _("%(price)s and more") % {"price": least}
    if least is None:
        return _("Up to %(price)s") % {"price": most}
    return _("%(least)s to %(most)s") % {"least": least, "most": most}


#: How wide a ready price range may be; the narrowest that makes at most `RANGES` of them is taken.
STEPS = (5, 10, 20, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 50_000, 250_000)
RANGES = 4


def price_ranges(lowest: int, highest: int) -> list[Prices]:
    """Return a few round ranges that hold all prices between the two; none when one range would."""
    for step in STEPS:
        first, last = lowest // step, max(highest - 1, lowest) // step
        if last - first < RANGES:
            ends = range(first * step, (last + 1) * step, step) if last > first else range(0)
            return [Prices(end, end + step) for end in ends]
    return []


def sort_options(filters: Filters) -> list[tuple[str, Any, bool]]:
    """Return every way to sort: its code (none for the default), its name, whether it is chosen."""
    return [
        ("" if code == SORTS[0] else code, name, (filters.sort or SORTS[0]) == code)
        for code, name in SORT_NAMES.items()
    ]


def with_prices(filters: Filters, prices: Prices) -> Filters:
    return replace(filters, price=prices)


def with_stock(filters: Filters) -> Filters:
    return replace(filters, in_stock=True)


def unsorted(filters: Filters) -> Filters:
    return replace(filters, sort="")
