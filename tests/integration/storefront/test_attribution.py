"""A reader who comes from a story takes its key to the order line, and nothing else is kept of them."""

import re

import pytest

from shop.basket.models import Line
from tests.factories import a_design, a_product, an_article

pytestmark = [pytest.mark.django_db, pytest.mark.both]
SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def product():
    return a_product(design=a_design(title="Read Slowly"))


@pytest.fixture
def article(product):
    return an_article(product.parent.design)


def address_of(product) -> str:
    return f"/catalogue/{product.parent.slug}_{product.parent.pk}/"


def link_in(text: str, product) -> str:
    """Return the first link to the product in a page."""
    found = re.search(rf'href="(?:http://testserver)?({re.escape(address_of(product))}[^"]*)"', text)
    assert found
    return found[1].replace("&amp;", "&")


def posted_by(client, address: str) -> dict[str, str]:
    """Return the story that the product's form on that page would post."""
    found = re.findall(
        r'<input type="hidden" name="story" value="([^"]*)">', client.get(address).content.decode()
    )
    assert len(found) < 2
    return {"story": found[0]} if found else {}


@pytest.mark.parametrize("start", ["/stories/{slug}/", "/stories/", "/", "/embed/?article={url}"])
def test_the_way_from_a_story_to_the_basket_keeps_it(client, product, article, start):
    page = client.get(start.format(slug=article.slug, url=article.url)).content.decode()
    link = link_in(page[page.index("teasers") :] if start == "/" else page, product)
    assert f"story={article.pk}" in link
    posted = posted_by(client, link)
    assert posted == {"story": str(article.pk)}
    form = {"colour": "white", "size": "M", **posted}
    client.post(f"/basket/add/{product.parent.pk}/", form, headers=SAME)
    assert Line.objects.get().story == str(article.pk)


def test_a_story_that_is_none_of_the_designs_is_ignored(client, product, article):
    stranger = an_article(a_product().parent.design)
    for asked in ("", "0", str(stranger.pk), "x", '"><script>', "9" * 40):
        assert posted_by(client, f"{address_of(product)}?story={asked}") == {}


def test_the_shops_own_lists_name_no_story(client, product, article):
    assert "story=" not in link_in(client.get("/catalogue/").content.decode(), product)


def test_a_prepared_basket_keeps_the_story_of_its_link(client, product, article):
    sku = product.records[0].partner_sku
    client.post(f"/buy/{sku}:2?story={article.pk}", headers=SAME)
    assert Line.objects.get().story == str(article.pk)


@pytest.mark.parametrize("story", ["x", "", "-1", "9" * 41, "٣"])
def test_a_prepared_basket_without_a_sound_story_has_none(client, product, story):
    client.post(f"/buy/{product.records[0].partner_sku}:1?story={story}", headers=SAME)
    assert Line.objects.get().story == ""


def test_what_a_reader_saves_for_later_keeps_the_story(client, product, article):
    form = {"colour": "white", "size": "M", "story": str(article.pk)}
    client.post(f"/wishlist/add/{product.parent.pk}/", form, headers=SAME)
    variant = product.variants["white", "M"]
    client.post(f"/wishlist/{variant.pk}/basket/")
    assert Line.objects.get().story == str(article.pk)
