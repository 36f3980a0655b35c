"""The shelf finds and counts just what a walk through every variant would."""

import itertools
import random
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest

from catalogue.filters import Filters, Prices
from catalogue.models import Category, Product
from catalogue.shelf import Selection, Shelf
from catalogue.shelving import load_shelf
from shop.partner.models import StockRecord
from tests.factories import MadeProduct, a_design, a_garment, a_product, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def keys(shelf: Shelf, **chosen) -> list[int]:
    return list(Selection(shelf, Filters(**chosen))[:100])


def priced(product: MadeProduct, colour: str, size: str, price: str) -> None:
    StockRecord.objects.filter(product=product.variants[colour, size]).update(price=Decimal(price))


def emptied(product: MadeProduct, colour: str, size: str) -> None:
    StockRecord.objects.filter(product=product.variants[colour, size]).update(num_in_stock=0)


def test_colour_size_price_and_stock_are_asked_of_the_same_variant():
    product = a_product(colours=["white", "black"], sizes=["S", "M"], price="25.00")
    emptied(product, "white", "M")
    priced(product, "black", "S", "31.50")
    shelf = load_shelf()
    found = [product.parent.pk]
    assert keys(shelf, colour=("white",), size=("M",)) == found
    assert keys(shelf, colour=("white",), size=("M",), in_stock=True) == []
    assert keys(shelf, colour=("white", "black"), size=("M",), in_stock=True) == found
    assert keys(shelf, colour=("white",), price=Prices(30, None)) == []
    assert keys(shelf, colour=("black",), price=Prices(30, 32)) == found
    assert keys(shelf, colour=("black",), size=("S",), price=Prices(32, None)) == []
    assert keys(shelf, colour=("black",), size=("S",), price=Prices(None, 31)) == []


def test_only_what_shoppers_may_see_is_on_it():
    hidden, of_hidden_design, without_white = (a_product() for _ in range(3))
    unpriced = a_product(colours=[])
    Product.objects.filter(pk=hidden.parent.pk).update(is_public=False)
    type(of_hidden_design.parent.design).objects.filter(pk=of_hidden_design.parent.design_id).update(
        is_public=False
    )
    Product.objects.filter(parent=without_white.parent, colour__code="white").update(is_public=False)
    shelf = load_shelf()
    assert keys(shelf) == [unpriced.parent.pk, without_white.parent.pk]
    assert keys(shelf, colour=("white",)) == []
    assert keys(shelf, in_stock=True) == [without_white.parent.pk]


@pytest.mark.filterwarnings("ignore:Using Category.get_tree:DeprecationWarning")
def test_a_hidden_theme_is_none():
    design = a_design()
    shown = Category.objects.add_root(instance=Category(name="Sky", slug="sky"))
    hidden = Category.objects.add_root(instance=Category(name="Sea", slug="sea"))
    Category.objects.filter(pk=hidden.pk).update(is_public=False)
    unused = Category.objects.add_root(instance=Category(name="Land", slug="land"))
    design.themes.set([shown, hidden])
    product = a_product(design=design)
    shelf = load_shelf()
    assert [choice.code for choice in shelf.choices["theme"]] == ["sky"]
    assert keys(shelf, theme=("sky",)) == [product.parent.pk]
    assert keys(shelf, theme=(hidden.slug,)) == keys(shelf, theme=(unused.slug,)) == []


def test_lists_are_sorted_as_asked_and_the_newer_comes_first_among_equals():
    middle = a_product(price="20.00", design=a_design("banana"))
    cheap = a_product(price="10.00", design=a_design("Cherry"))
    other = a_product(price="20.00", design=a_design("Apple"))
    unpriced = a_product(design=a_design("Date"), colours=[])
    Product.objects.filter(pk=middle.parent.pk).update(priority=1)
    shelf = load_shelf()
    key = {name: made.parent.pk for name, made in locals().items() if isinstance(made, MadeProduct)}
    assert keys(shelf) == [key["middle"], key["unpriced"], key["other"], key["cheap"]]
    assert keys(shelf, sort="price") == [key["cheap"], key["middle"], key["other"], key["unpriced"]]
    assert keys(shelf, sort="price-down") == [key["middle"], key["other"], key["cheap"], key["unpriced"]]
    assert keys(shelf, sort="name") == [key["other"], key["middle"], key["cheap"], key["unpriced"]]
    assert Selection(shelf, Filters(sort="name"))[1:3] == [key["middle"], key["cheap"]]


def test_values_come_in_the_order_of_the_back_office():
    a_product(sizes=["L", "S"], colours=["red"])
    garment = a_garment("cushion", sizes=["45", "S"], colours=["black"])
    a_product(garment=garment, sizes=["45", "S"], colours=["black"])
    shelf = load_shelf()
    assert [choice.name for choice in shelf.choices["garment"]] == ["Cushion", "Tshirt"]
    assert [choice.code for choice in shelf.choices["colour"]] == ["black", "red"]
    assert [choice.code for choice in shelf.choices["size"]] == ["L", "S", "45"]


def test_an_empty_catalogue_is_an_empty_shelf():
    shelf = load_shelf()
    selection = Selection(shelf, Filters(in_stock=True, colour=("red",)))
    assert (len(selection), selection[:24], selection.counts("garment"), shelf.price_range) == (
        0,
        [],
        {},
        (0, 0),
    )


# --- Against a walk -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A variant as the database has it."""

    parent: int
    colour: str
    size: str
    price: Decimal
    available: int


def walked(filters: Filters) -> set[int]:
    """The products with a variant that fits, found by looking at each."""
    rows = [
        Row(v.parent_id, v.colour.code, v.size.code, record_of(v).price, record_of(v).available)
        for v in Product.objects.filter(structure=Product.CHILD).select_related("colour", "size")
    ]
    return {row.parent for row in rows if fits(row, filters)}


def fits(row: Row, filters: Filters) -> bool:
    least, most = filters.price
    return (
        (not filters.colour or row.colour in filters.colour)
        and (not filters.size or row.size in filters.size)
        and (not filters.in_stock or row.available > 0)
        and (least is None or row.price >= least)
        and (most is None or row.price <= most)
    )


def test_every_combination_is_found_and_counted_as_by_a_walk():
    chance = random.Random(7)  # noqa: S311  (the same products every time)
    for _ in range(9):
        product = a_product(colours=chance.sample(["white", "black", "red"], 2), sizes=["S", "M"])
        for colour, size in product.variants:
            priced(product, colour, size, chance.choice(["19.99", "20.00", "20.01", "25.00", "30.00"]))
            if chance.random() < 0.4:
                emptied(product, colour, size)
    shelf = load_shelf()
    ranges = [Prices(), Prices(20, None), Prices(None, 20), Prices(20, 25)]
    colours = [(), ("red",), ("red", "black")]
    for colour, size, price, in_stock in itertools.product(colours, [(), ("M",)], ranges, [False, True]):
        filters = Filters(colour=colour, size=size, price=price, in_stock=in_stock)
        selection = Selection(shelf, filters)
        assert set(selection[:100]) == walked(filters)
        for code, count in selection.counts("colour").items():
            assert count == len(walked(replace(filters, colour=(code,))))
