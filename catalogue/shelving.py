"""Reads the whole catalogue into a `Shelf`, in three queries."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Case, F, FloatField, Value, When
from django.db.models.functions import Cast

from catalogue.models import Colour, GarmentSize, Product
from catalogue.selectors import public_products
from catalogue.shelf import Bits, Cell, Choice, Shelf


class _Row(NamedTuple):
    """A public product, once for each of its themes (once without one when it has none)."""

    pk: int
    design_id: int
    title: str
    garment: str
    garment_name: str
    theme: str | None
    theme_name: str | None
    theme_path: str | None
    theme_is_public: bool | None


class _Bitsets(defaultdict[Any, bytearray]):
    """Sets of places below `size`, by whatever they are called."""

    def __init__(self, size: int) -> None:
        super().__init__(lambda: bytearray(size // 8 + 1))

    def add(self, name: Any, place: int) -> None:
        self[name][place >> 3] |= 1 << (place & 7)

    def bits(self) -> dict[Any, Bits]:
        return {name: int.from_bytes(flags, "little") for name, flags in self.items()}


def load_shelf() -> Shelf:
    """Read every public product with what lists filter and sort it by."""
    rows = [_Row(*row) for row in _products()]
    first = {row.pk: row for row in reversed(rows)}
    places = {pk: place for place, pk in enumerate(dict.fromkeys(row.pk for row in rows))}
    colours, sizes = _colours_and_sizes()
    cells, lowest = _cells(places, colours, sizes)
    return Shelf(
        ids=tuple(places),
        choices={
            "garment": _garments(rows),
            "theme": _themes(rows),
            "colour": list(colours.values()),
            "size": [Choice(code, code) for code in dict.fromkeys(sizes.values())],
        },
        values=_values(rows, places),
        cells=cells,
        orders=_orders([first[pk].title for pk in places], lowest),
        designs=_designs(rows, places),
    )


def _products() -> Any:
    return public_products().values_list(
        "pk", "design_id", "title", "garment__code", "garment__name",
        "design__themes__slug", "design__themes__name", "design__themes__path", "design__themes__is_public",
    )  # fmt: skip


def _colours_and_sizes() -> tuple[dict[int, Choice], dict[int, str]]:
    """Return the colours and the sizes' codes by their keys, each in the order lists show them (one query)."""
    colours = Colour.objects.order_by().values_list(
        Value(0), "pk", "code", "name", "hex", Value(0), "position"
    )
    sizes = GarmentSize.objects.order_by().values_list(
        Value(1), "pk", "code", Value(""), Value(""), "garment_id", "position"
    )
    rows = sorted(colours.union(sizes, all=True), key=lambda row: (row[0], *row[5:], row[3]))
    return (
        {pk: Choice(code, name, hex_) for is_size, pk, code, name, hex_, *_ in rows if not is_size},
        {pk: code for is_size, pk, code, *_ in rows if is_size},
    )


def _cells(
    places: Mapping[int, int], colours: Mapping[int, Choice], sizes: Mapping[int, str]
) -> tuple[dict[Cell, Bits], dict[int, float]]:
    """Return the products by what their variants are, and the lowest price by place (one query)."""
    found, lowest = _Bitsets(len(places)), dict[int, float]()
    for parent, colour, size, price, is_in_stock in _variants():
        place = places.get(parent)
        if place is not None:
            found.add((colour, size, is_in_stock, math.floor(price), math.ceil(price)), place)
            lowest[place] = min(price, lowest.get(place, price))
    cells: dict[Cell, Bits] = defaultdict(int)
    for (colour, size, is_in_stock, floor, ceiling), bits in found.bits().items():
        cells[Cell(colours[colour].code, sizes[size], bool(is_in_stock), floor, ceiling)] |= bits
    return cells, lowest


def _variants() -> Any:
    """Prices are compared only, so they come as the numbers databases compare fastest."""
    on_hand, allocated = "stockrecords__num_in_stock", "stockrecords__num_allocated"
    return (
        Product.objects.filter(structure=Product.CHILD, is_public=True, stockrecords__isnull=False)
        .order_by()
        .annotate(
            number=Cast("stockrecords__price", FloatField()),
            is_in_stock=Case(When(**{f"{on_hand}__gt": F(allocated)}, then=1), default=0),
        )
        .values_list("parent_id", "colour_id", "size_id", "number", "is_in_stock")
    )


def _garments(rows: Iterable[_Row]) -> list[Choice]:
    named = {row.garment: row.garment_name for row in rows if row.garment}
    return [Choice(code, name) for code, name in sorted(named.items(), key=lambda pair: pair[1])]


def _themes(rows: Iterable[_Row]) -> list[Choice]:
    """The public themes that some product has, in their order in the back office."""
    found = {(row.theme_path, row.theme, row.theme_name) for row in rows if row.theme and row.theme_is_public}
    return [Choice(str(code), str(name)) for _, code, name in sorted(found)]


def _values(rows: Iterable[_Row], places: Mapping[int, int]) -> dict[str, dict[str, Bits]]:
    garments, themes = _Bitsets(len(places)), _Bitsets(len(places))
    for row in rows:
        if row.garment:
            garments.add(row.garment, places[row.pk])
        if row.theme and row.theme_is_public:
            themes.add(row.theme, places[row.pk])
    return {"garment": garments.bits(), "theme": themes.bits()}


def _designs(rows: Iterable[_Row], places: Mapping[int, int]) -> dict[int, tuple[int, ...]]:
    """The places of each design's products: a few of many, so they are no sets of bits."""
    found: dict[int, dict[int, None]] = defaultdict(dict)
    for row in rows:
        found[row.design_id][places[row.pk]] = None
    return {design: tuple(its) for design, its in found.items()}


def _orders(titles: Sequence[str], lowest: Mapping[int, float]) -> dict[str, list[int]]:
    """The places by name and by price, the newer first among equals; what has no price comes last."""
    places = range(len(titles))
    priced = [place for place in places if place in lowest]
    unpriced = [place for place in places if place not in lowest]
    return {
        "name": sorted(places, key=lambda place: titles[place].casefold()),
        "price": sorted(priced, key=lambda place: lowest[place]) + unpriced,
        "price-down": sorted(priced, key=lambda place: -lowest[place]) + unpriced,
    }
