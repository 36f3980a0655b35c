"""Public pages ask the database the same few questions whatever the size of the catalogue."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import a_design, a_garment, a_product, a_review, an_article

pytestmark = [pytest.mark.django_db, pytest.mark.both]

LIST_QUERIES, PRODUCT_QUERIES, DESIGN_QUERIES = 8, 6, 6
#: The catalogue version, the cards; a guest has neither basket nor list.
EMPTY_BASKET_QUERIES = 4
#: A list in a process that has made one since the catalogue changed.
SHELF_KNOWN = 4
#: The catalogue version.
KEPT_QUERIES = 1


def queries(client: Client, path: str, *, after: str = "/pages/about/") -> int:
    """Return how many queries a page takes that is not kept yet, in a process that has just shown another one."""
    client.get(after)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def many(number: int, make: Callable[[], object] = a_product) -> None:
    for _ in range(number):
        make()


LISTS = ["", "?sort=price", "?colour=white&size=M&garment=tshirt", "?in_stock=1&price_from=20", "?page=2"]


def after_a_change(client: Client, query: str) -> tuple[int, int]:
    """Return what a list asks after the catalogue has changed, and another one of the same catalogue."""
    a_product()
    again = f"{query}&sort=name" if query else "?sort=name"
    return queries(client, f"/catalogue/{query}"), queries(client, f"/catalogue/{again}")


def test_the_list_asks_no_more_for_many_products_than_for_few(client):
    many(26)
    few = [after_a_change(client, query) for query in LISTS]
    many(26)
    assert [after_a_change(client, query) for query in LISTS] == few == [(LIST_QUERIES, SHELF_KNOWN)] * 5


def test_a_list_by_story_asks_no_more(client):
    an_article(a_product().parent.design, slug="story-1")
    assert after_a_change(client, "?in_stock=1&price_from=20&story=story-1") == (LIST_QUERIES, SHELF_KNOWN)


def test_a_product_page_asks_no_more_in_a_big_catalogue(client):
    design = a_design()
    product, other = a_product(design=design), a_product().parent
    after = f"/catalogue/{other.slug}_{other.pk}/"
    path = f"/catalogue/{product.parent.slug}_{product.parent.pk}/"
    few = queries(client, path, after=after)
    many(20)
    a_product(design=design, garment=a_garment("cushion"))
    assert queries(client, path, after=after) == few == PRODUCT_QUERIES


def test_a_product_page_asks_once_more_for_stories_however_many(client):
    product, other = a_product().parent, a_product().parent
    path, after = (f"/catalogue/{one.slug}_{one.pk}/" for one in (product, other))
    for number in (1, 5):
        many(number, lambda: an_article(product.design))
        assert queries(client, path, after=after) == PRODUCT_QUERIES + 1


def test_a_product_page_asks_once_more_for_reviews_however_many(client):
    product, other = a_product().parent, a_product().parent
    path, after = (f"/catalogue/{one.slug}_{one.pk}/" for one in (product, other))
    for number in (1, 12):
        many(number, lambda: a_review(product, fit="true"))
        assert queries(client, path, after=after) == PRODUCT_QUERIES + 1


def test_the_home_page_asks_no_more_in_a_big_catalogue(client):
    many(3)
    few = queries(client, "/")
    many(20)
    assert queries(client, "/") <= few


def test_the_story_list_asks_no_more_for_many_stories(client):
    an_article(a_product().parent.design)
    few = queries(client, "/stories/")
    many(10, lambda: an_article(a_product().parent.design))
    assert queries(client, "/stories/") == few


@pytest.mark.parametrize("path", ["/", "/catalogue/", "/stories/", "/pages/delivery/"])
def test_a_kept_page_asks_for_the_catalogue_version_alone(client, path):
    many(3)
    client.get(path)
    assert queries(client, path) == KEPT_QUERIES


def test_the_first_page_of_a_version_also_asks_when_pages_change_by_the_clock(client):
    many(1)
    known = queries(client, "/stories/")
    many(1)
    with CaptureQueriesContext(connection) as asked:
        client.get("/stories/")
    assert len(asked) == known + 2


def test_a_designs_page_asks_no_more_for_many_products_and_stories(client):
    design = a_design()
    a_product(design=design)
    path = f"/designs/{design.slug}/"
    few = queries(client, path)
    a_product(design=design, garment=a_garment("cushion"))
    many(5, lambda: an_article(design))
    assert queries(client, path) == few == DESIGN_QUERIES


def test_an_empty_basket_asks_no_more_in_a_big_catalogue(client):
    many(2)
    few = queries(client, "/basket/", after="/catalogue/")
    many(20)
    assert queries(client, "/basket/", after="/catalogue/") == few == EMPTY_BASKET_QUERIES


def test_the_donation_page_asks_nothing_but_the_version(client):
    assert queries(client, "/donate/") == KEPT_QUERIES
