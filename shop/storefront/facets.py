"""The filters of the product list as its form shows them: values with counts, price ranges, what is in stock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalogue.filters import Filters, Prices
from catalogue.shelf import Choice, Selection
from shop.storefront import listing

NAMES: Mapping[str, Any] = {
    "garment": _("Garment"),
    "colour": _("Colour"),
    "size": _("Size"),
    "theme": _("Theme"),
    "story": _("Story"),
}
#: Kinds whose names are short and whose place tells something: all their values are shown, as chips.
CHIPS = ("garment", "colour", "size")
#: So many values of any other kind are chips too; more are a list, of which so many are shown at first.
MOST_CHIPS, SHOWN = 8, 5


@dataclass(frozen=True, slots=True)
class Value:
    """One value as a checkbox; `count` is how many products it shows beside what else is chosen."""

    code: str
    name: str
    hex: str
    count: int
    is_chosen: bool

    @property
    def is_dead_end(self) -> bool:
        return not (self.count or self.is_chosen)


@dataclass(frozen=True, slots=True)
class Facet:
    """One kind of value; from the value numbered `shown` on they wait behind "more" (0: none do)."""

    code: str
    name: str
    values: Sequence[Value]
    are_chips: bool
    shown: int = 0

    @property
    def waiting(self) -> int:
        return len(self.values) - self.shown


@dataclass(frozen=True, slots=True)
class PriceRange:
    """A ready range as a link."""

    name: str
    url: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PriceFacet:
    """The two fields, what they hold and the numbers all prices lie between, and the ready ranges."""

    chosen: Prices
    lowest: int
    highest: int
    ranges: Sequence[PriceRange]


def facets(selection: Selection, choices: Mapping[str, Sequence[Choice]]) -> list[Facet]:
    """Return every kind that has something to choose between."""
    found = [_facet(kind, selection, choices[kind]) for kind in NAMES]
    return [facet for facet in found if len(facet.values) > 1 or any(v.is_chosen for v in facet.values)]


def _facet(kind: str, selection: Selection, choices: Sequence[Choice]) -> Facet:
    counts, chosen = selection.counts(kind), getattr(selection.filters, kind)
    values = [Value(*c, counts.get(c.code, 0), c.code in chosen) for c in choices]
    if kind in CHIPS:
        return Facet(kind, NAMES[kind], values, are_chips=True)
    alive = sorted((v for v in values if not v.is_dead_end), key=lambda value: not value.is_chosen)
    if kind != "story" and len(alive) <= MOST_CHIPS:
        return Facet(kind, NAMES[kind], alive, are_chips=True)
    return Facet(kind, NAMES[kind], alive, are_chips=False, shown=_shown(alive))


def _shown(values: Sequence[Value]) -> int:
    """What is chosen is always shown; a single value would not be worth a click."""
    shown = max(SHOWN, sum(value.is_chosen for value in values))
    return shown if len(values) > shown + 1 else 0


def prices(selection: Selection) -> PriceFacet:
    filters, bounds = selection.filters, selection.shelf.price_range
    found = [_range(selection, filters, each) for each in listing.price_ranges(*bounds)]
    return PriceFacet(filters.price, *bounds, [each for each in found if each.count or each.is_chosen])


def _range(selection: Selection, filters: Filters, wanted: Prices) -> PriceRange:
    is_chosen = filters.price == wanted
    there = listing.with_prices(filters, wanted)
    url = listing.list_url(filters.without("price") if is_chosen else there)
    return PriceRange(listing.price_words(wanted), url, selection.would_show(there), is_chosen)


def in_stock(selection: Selection) -> Value:
    count = selection.would_show(listing.with_stock(selection.filters))
    return Value("1", "", "", count, selection.filters.in_stock)


def ways_out(selection: Selection, choices: Mapping[str, Sequence[Choice]]) -> list[listing.Chip]:
    """Return what could be left out of a selection that holds nothing, and how many products that shows."""
    if len(selection):
        return []
    left = listing.without_each(selection.filters, choices)
    counted = [(choice, filters, selection.would_show(filters)) for choice, filters in left]
    return [
        listing.Chip(choice.name, listing.list_url(filters), choice.hex, count)
        for choice, filters, count in counted
        if count
    ]
