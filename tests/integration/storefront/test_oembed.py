"""A pasted address of the store becomes a card, and nothing else does."""

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.factories import a_design, a_product, an_article, record_of

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


def path_of(product: Any) -> str:
    return f"/catalogue/{product.parent.slug}_{product.parent.pk}/"


def told(client: Any, path: str, **more: str) -> dict[str, Any]:
    response = client.get("/oembed/", {"url": SITE + path, **more})
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    said: dict[str, Any] = json.loads(response.content)
    return said


@pytest.fixture
def product():
    return a_product(design=a_design(title="Read <Slowly>"))


def test_a_product_is_told_as_a_card_with_its_picture_and_price(client, product):
    said = told(client, path_of(product))
    assert (said["version"], said["type"], said["title"]) == ("1.0", "rich", "Read <Slowly> Tshirt")
    assert (said["provider_name"], said["provider_url"]) == ("Red Revolution Media", f"{SITE}/")
    assert (said["width"], said["height"]) == (480, 590)
    assert f'<a href="{SITE}{path_of(product)}">Read &lt;Slowly&gt; Tshirt</a><br>£25.00' in said["html"]
    assert f'<img src="{SITE}/media/' in said["html"]
    assert said["thumbnail_url"].startswith(f"{SITE}/media/")
    assert said["thumbnail_width"] == said["thumbnail_height"]
    assert not re.search(r"<script|style=|onload|<iframe", said["html"])


def test_a_variants_address_shows_its_colour_and_leads_to_it(client, product):
    sku = record_of(product.variants["white", "M"]).partner_sku
    white = product.parent.images.get(colour__code="white").original.name.removesuffix(".png")
    said = told(client, f"{path_of(product)}?variant={sku}&utm_source=x")
    assert f'href="{SITE}{path_of(product)}?variant={sku}"' in said["html"]
    assert white in said["html"]


def test_what_is_sold_out_says_so(client):
    assert "£25.00, sold out" in told(client, path_of(a_product(stock=0)))["html"]


def test_a_story_is_told_with_the_picture_of_its_merch(client, product):
    article = an_article(product.parent.design, title="The Long Night")
    said = told(client, f"/stories/{article.slug}/")
    assert said["title"] == "The Long Night"
    assert "What happened, and why it matters." in said["html"]
    assert "thumbnail_url" in said


@pytest.mark.parametrize("state", ["retracted", "sensitive"])
def test_a_story_that_may_not_sell_has_no_card(client, product, state):
    article = an_article(product.parent.design, state=state)
    assert client.get("/oembed/", {"url": f"{SITE}/stories/{article.slug}/"}).status_code == 404


@pytest.mark.parametrize(
    "bounds", [{"maxwidth": "200"}, {"maxheight": "300"}, {"maxwidth": "90", "maxheight": "80"}]
)
def test_a_card_is_no_larger_than_there_is_room_for(client, product, bounds):
    said = told(client, path_of(product), **bounds)
    for side in ("width", "height"):
        most = int(bounds.get(f"max{side}", 9999))
        assert said[side] <= most
        assert said.get(f"thumbnail_{side}", 0) <= most
        assert all(int(size) <= most for size in re.findall(rf'\b{side}="(\d+)"', said["html"]))


def test_xml_says_the_same(client, product):
    response = client.get("/oembed/", {"url": SITE + path_of(product), "format": "xml"})
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    fields = {each.tag: each.text for each in ElementTree.fromstring(response.content)}  # noqa: S314  (ours)
    assert fields == {name: str(value) for name, value in told(client, path_of(product)).items()}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 400),
        ({"url": f"{SITE}/catalogue/x_999999/"}, 404),
        ({"url": f"{SITE}/stories/nope/"}, 404),
        ({"url": f"{SITE}/catalogue/"}, 404),
        ({"url": f"{SITE}/no-such-page/"}, 404),
        ({"url": "https://elsewhere.example/catalogue/x_1/"}, 404),
        ({"url": "javascript://testserver/catalogue/x_1/"}, 404),
        ({"url": "http://[broken"}, 404),
        ({"url": f"{SITE}/", "format": "yaml"}, 501),
        ({"url": f"{SITE}/", "maxwidth": "wide"}, 400),
        ({"url": f"{SITE}/", "maxheight": "0"}, 400),
    ],
)
def test_a_question_that_has_no_card_is_refused(client, asked, status):
    response = client.get("/oembed/", asked)
    assert response.status_code == status
    assert response["Content-Type"] == "text/plain; charset=utf-8"


def test_any_site_may_ask_and_nobody_is_known_by_asking(client, product):
    response = client.get("/oembed/", {"url": SITE + path_of(product)})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies


def test_pages_say_where_their_card_is(client, product):
    article = an_article(product.parent.design)
    for path in (path_of(product), f"/stories/{article.slug}/"):
        text = client.get(path).content.decode()
        found = re.findall(r'type="application/json\+oembed"[^>]*href="([^"]+)"', text)
        assert len(found) == 1
        address = found[0].replace("&amp;", "&").removeprefix(SITE)
        assert json.loads(client.get(address).content)["html"].count(SITE + path) >= 1
        assert len(re.findall(r'type="text/xml\+oembed"', text)) == 1
