"""Addresses of the product list: known values only, each link changes one of them."""

from django.http import QueryDict

from catalogue.selectors import Choice, Filters
from shop.storefront import listing

CHOICES = {
    "garment": [Choice("tshirt", "T-shirt")],
    "theme": [],
    "colour": [Choice("red", "Red", "#ff0000"), Choice("black", "Black", "#000000")],
    "size": [Choice("M", "M")],
}


def test_known_values_are_read_in_the_order_of_the_list_and_others_ignored():
    query = QueryDict("colour=black&colour=red&colour=mauve&size=XXL&sort=price&x=1")
    assert listing.read_filters(query, CHOICES) == Filters(colour=("red", "black"), sort="price")


def test_the_default_sort_and_an_unknown_one_leave_no_trace():
    assert listing.read_filters(QueryDict("sort=new"), CHOICES) == Filters()
    assert listing.read_filters(QueryDict("sort=;drop"), CHOICES) == Filters()


def test_a_value_links_to_itself_added_and_a_chosen_one_to_itself_removed():
    facets = {facet.code: facet for facet in listing.facets(Filters(colour=("red",)), CHOICES)}
    red, black = facets["colour"].links
    assert (red.url, red.is_chosen) == ("/catalogue/", True)
    assert (black.url, black.is_chosen) == ("/catalogue/?colour=red&colour=black", False)
    assert facets["size"].links[0].url == "/catalogue/?colour=red&size=M"


def test_sorting_keeps_the_filters():
    urls = [link.url for link in listing.sort_links(Filters(size=("M",)))]
    assert urls == [
        "/catalogue/?size=M",
        "/catalogue/?size=M&sort=price",
        "/catalogue/?size=M&sort=price-down",
    ]
