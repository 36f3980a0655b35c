"""The page of results and the suggestions: the same for everybody, and a fixed number of queries."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Product
from shop.articles.models import Article
from shop.search import services
from shop.search.models import Entry
from tests.factories import a_design, a_garment, a_product, an_article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both,
    # Oscar's own receiver of a saved category calls treebeard the old way.
    pytest.mark.filterwarnings("ignore:Using Category.get_tree:DeprecationWarning"),
]


def text_of(client: Client, query: str) -> str:
    answer = client.get(f"/search/{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def suggested(client: Client, typed: str) -> list[dict[str, Any]]:
    answer = client.get("/search/suggest/", {"q": typed})
    assert answer["Cache-Control"] == "public, no-cache"
    return json.loads(answer.content)["suggestions"]


def queries(client: Client, path: str) -> int:
    """Return how many queries the page takes that is not kept yet, in a process that knows the version."""
    client.get("/pages/about/")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def owls(number: int) -> None:
    for _ in range(number):
        a_product(design=a_design(f"Owl {Product.objects.count()}"))
    services.rebuild()


def test_the_page_is_everybodys_and_not_for_search_engines(client):
    owls(1)
    answer = client.get("/search/?q=owl")
    assert answer["Cache-Control"] == "public, no-cache"
    assert answer["ETag"]
    assert answer.cookies == {}
    assert '<meta name="robots" content="noindex">' in answer.content.decode()


def test_hits_are_cards_with_the_colour_that_was_asked_for(client):
    product = a_product(design=a_design("Night Owl"))
    services.rebuild()
    page = text_of(client, "?q=owl")
    assert '>Search<span class="hidden-text">:</span></span> owl</h1>' in page
    assert "1 product<" in page
    address = f"/catalogue/{product.parent.slug}_{product.parent.pk}/"
    assert f'href="{address}?colour=white"' in page  # the first picture
    assert f'href="{address}"' in text_of(client, "?q=black+owl")


def test_stories_stand_below_their_merch(client):
    product = a_product(design=a_design("Night Owl"))
    an_article(product.parent.design, title="Floodlights")
    services.rebuild()
    page = text_of(client, "?q=floodlights")
    assert page.index("card__title") < page.index("Floodlights</a>")


def test_designs_stand_above_with_all_they_are_found_on(client):
    design = a_design("Night Owl")
    a_product(design=design, garment=a_garment("tshirt"))
    a_product(design=design, garment=a_garment("cushion"))
    for number in range(5):
        a_product(design=a_design(f"Barn Owl {number}"))
    services.rebuild()
    page = text_of(client, "?q=owl")
    assert page.index('id="found-designs"') < page.index("card__title")
    (garments,) = re.findall(r'search-design__garments">([^<]*)<', page)
    assert sorted(garments.split(", ")) == ["Cushion", "Tshirt"]
    page = text_of(client, "?q=night+owl")
    assert page.count('class="search-design"') == 1
    address = f"/designs/{design.slug}/"
    assert f'href="{address}"><span class="poster">Night Owl</span>' in page
    found = client.get(address).content.decode()
    assert found.count('class="card"') == 2


def test_words_that_mean_no_design_show_none(client):
    owls(4)
    assert text_of(client, "?q=owl").count('class="search-design"') == 4
    owls(1)
    assert 'id="found-designs"' not in text_of(client, "?q=owl")


def test_designs_stand_on_the_first_page_of_hits_only(client):
    owls(25)
    assert 'id="found-designs"' not in text_of(client, "?q=owl&page=2")


def test_a_slip_is_said_and_can_be_meant(client):
    owls(1)
    page = text_of(client, "?q=owll")
    assert "Showing results for <strong>owl</strong>." in page
    assert 'href="/search/?q=owll&amp;exactly=1"' in page
    page = text_of(client, "?q=owll&exactly=1")
    assert "We found nothing for <strong>owll</strong>." in page
    assert 'href="/search/?q=owl">Did you mean owl?</a>' in page


def test_nothing_found_shows_themes_and_ways_on(client, sample):
    page = text_of(client, "?q=zzzz")
    assert "We found nothing for <strong>zzzz</strong>." in page
    assert 'href="/catalogue/?theme=kitchen">Kitchen</a>' in page
    assert "See all products" in page


@pytest.mark.parametrize("query", ["", "?q=", "?q=+++", "?q=%F0%9F%90%8C", "?page=1", "?q=%ff%fe"])
def test_without_words_it_asks_what_is_wanted(client, query):
    assert "Our themes" not in text_of(client, query)
    assert "We found nothing" not in text_of(client, query)


def test_what_was_typed_is_only_ever_text(client):
    page = text_of(client, "?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_pages_keep_the_words_and_end_where_the_hits_end(client):
    owls(25)
    page = text_of(client, "?q=owl")
    assert 'rel="next" href="/search/?q=owl&amp;page=2"' in page
    assert page.count('class="card"') == 24
    page = text_of(client, "?q=owl&page=2")
    assert 'rel="prev" href="/search/?q=owl"' in page
    assert page.count('class="card"') == 1
    for wrong in ["3", "0", "x", "9999999999999999999"]:
        assert client.get(f"/search/?q=owl&page={wrong}").status_code == 404


def test_what_was_hidden_this_moment_is_not_shown(client):
    owls(2)
    Product.objects.filter(title__startswith="Owl 0").update(is_public=False)
    assert text_of(client, "?q=owl").count('class="card"') == 1


def test_the_search_box_stands_on_every_page_and_repeats_the_words(client):
    for path in ["/", "/catalogue/", "/stories/", "/basket/", "/no-such-page/"]:
        page = client.get(path).content.decode()
        assert page.count('action="/search/"') == (2 if path == "/no-such-page/" else 1), path
    assert 'name="q" value="two words"' in text_of(client, "?q=+two++words+")


# --- Suggestions ----------------------------------------------------------------------------------------


def test_suggestions_are_products_stories_and_themes_that_begin_so(client, sample):
    (kettle,) = suggested(client, "kettl")
    assert (kettle["name"], set(kettle["note"].split(", "))) == ("The Kettle Is On", {"Cushion", "T-shirt"})
    assert [each["note"] for each in suggested(client, "kettle cush")] == ["Cushion"]
    assert suggested(client, "re")[0]["name"] == "Read Slowly"
    assert {"name": "Kitchen", "note": "Theme", "url": "/catalogue/?theme=kitchen"} in suggested(client, "ki")
    story = next(each for each in suggested(client, "library") if each["note"] == "Story")
    assert story["url"] == "/stories/the-library-that-stays-open-until-the-last-page/"
    for each in suggested(client, "read"):
        assert client.get(each["url"]).status_code == 200


@pytest.mark.parametrize("typed", ["", "k", "  ", "zzzz", "🐌", '"*', "x" * 900])
def test_there_may_be_nothing_to_suggest(client, sample, typed):
    assert suggested(client, typed) == []


def test_a_retracted_story_is_not_suggested(client):
    story = an_article(title="Floodlights")
    services.rebuild()
    assert [each["name"] for each in suggested(client, "flood")] == ["Floodlights"]
    Article.objects.update(state=Article.State.RETRACTED)
    services.repair()
    assert (suggested(client, "flood"), Entry.objects.filter(number=story.pk).count()) == ([], 0)


# --- Queries --------------------------------------------------------------------------------------------


def test_the_page_asks_no_more_for_many_hits_than_for_few(client):
    owls(3)
    an_article(*[product.design for product in Product.objects.filter(structure="parent")], title="Owls")
    services.rebuild()
    few = {path: queries(client, path) for path in ("/search/?q=owl", "/search/?q=owll", "/search/?q=zzz")}
    suggestions = queries(client, "/search/suggest/?q=ow")
    owls(40)
    an_article(*[product.design for product in Product.objects.filter(structure="parent")], title="Owls II")
    services.rebuild()
    assert {path: queries(client, path) for path in few} == few
    assert queries(client, "/search/suggest/?q=ow") == suggestions
    # SQLite finds a page of hits in two queries, PostgreSQL in one; one more is for the catalogue version.
    sqlite = connection.vendor == "sqlite"
    assert list(few.values()) == ([11, 15, 6] if sqlite else [9, 13, 6])
    assert suggestions == (8 if sqlite else 6)
