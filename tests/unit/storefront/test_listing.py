"""Addresses of the product list: known values only, each link changes one of them."""

import pytest
from django.http import QueryDict

from catalogue.filters import Filters, Prices
from catalogue.shelf import Choice
from shop.storefront import listing

CHOICES = {
    "garment": [Choice("tshirt", "T-shirt")],
    "theme": [],
    "colour": [Choice("red", "Red", "#ff0000"), Choice("black", "Black", "#000000")],
    "size": [Choice("M", "M")],
    "story": [Choice("the-garden", "The garden")],
}


def read(query: str) -> Filters:
    return listing.read_filters(QueryDict(query), CHOICES)


def test_known_values_are_read_in_the_order_of_the_list_and_others_ignored():
    query = "colour=black&colour=red&colour=black&colour=mauve&size=XXL&story=the-garden&sort=price&x=1"
    assert read(query) == Filters(colour=("red", "black"), story=("the-garden",), sort="price")


@pytest.mark.parametrize(
    "query", ["sort=new", "sort=;drop", "in_stock=yes", "in_stock=", "price_from=&price_to="]
)
def test_what_says_nothing_leaves_no_trace(query):
    assert read(query) == Filters()


@pytest.mark.parametrize(
    ("query", "prices"),
    [
        ("price_from=20&price_to=30", Prices(20, 30)),
        ("price_from=30&price_to=20", Prices(20, 30)),
        ("price_from=0", Prices()),
        ("price_to=0", Prices(None, 0)),
        ("price_from=19.99", Prices(19, None)),
        ("price_from=12,50", Prices(12, None)),
        ("price_to= 25 ", Prices(None, 25)),
        ("price_from=-5&price_to=1e9", Prices()),
        ("price_from=٣&price_to=abc", Prices()),
        ("price_to=123456789", Prices(None, 999_999)),
        ("price_to=99999999999999999999", Prices()),
    ],
)
def test_prices_are_whole_numbers_and_anything_else_is_ignored(query, prices):
    assert read(query).price == prices


def test_an_address_says_what_is_chosen_in_one_order_and_nothing_else():
    filters = read("sort=name&price_to=30&in_stock=1&size=M&colour=black&colour=red&garment=tshirt")
    assert listing.list_url(filters, 2) == (
        "/catalogue/?garment=tshirt&colour=red&colour=black&size=M&price_to=30&in_stock=1&sort=name&page=2"
    )
    assert listing.list_url(Filters()) == "/catalogue/"
    assert read(listing.list_url(filters).partition("?")[2]) == filters


def test_each_thing_chosen_has_the_address_without_it():
    left = listing.without_each(read("colour=red&colour=black&price_from=20&price_to=30&in_stock=1"), CHOICES)
    assert [(chip.name, chip.url, chip.hex) for chip in listing.chips(left)] == [
        ("Red", "/catalogue/?colour=black&price_from=20&price_to=30&in_stock=1", "#ff0000"),
        ("Black", "/catalogue/?colour=red&price_from=20&price_to=30&in_stock=1", "#000000"),
        ("£20 to £30", "/catalogue/?colour=red&colour=black&in_stock=1", ""),
        ("In stock", "/catalogue/?colour=red&colour=black&price_from=20&price_to=30", ""),
    ]


def test_ranges_of_prices_are_said_as_people_do():
    assert listing.price_words(Prices(20, None)) == "£20 and more"
    assert listing.price_words(Prices(None, 1500)) == "Up to £1,500"


@pytest.mark.parametrize(
    ("lowest", "highest", "ranges"),
    [
        (25, 38, [(25, 30), (30, 35), (35, 40)]),
        (3, 97, [(0, 25), (25, 50), (50, 75), (75, 100)]),
        (25, 25, []),
        (26, 30, []),
        (0, 0, []),
        (0, 900_000, [(0, 250_000), (250_000, 500_000), (500_000, 750_000), (750_000, 1_000_000)]),
    ],
)
def test_ready_ranges_are_round_few_and_hold_every_price(lowest, highest, ranges):
    assert listing.price_ranges(lowest, highest) == [Prices(*ends) for ends in ranges]


def test_the_default_sort_has_no_code():
    assert [(code, chosen) for code, _, chosen in listing.sort_options(Filters(sort="name"))] == [
        ("", False),
        ("price", False),
        ("price-down", False),
        ("name", True),
    ]
