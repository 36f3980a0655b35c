"""A story's merch in a frame of the publication's site: harmless there, and gone when the story must not sell."""

import re

import pytest
from django.urls import reverse

from tests.factories import a_design, a_product, an_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return a_product(design=a_design(title="Read Slowly"))


def test_it_shows_the_merch_and_leads_to_the_store(client, product):
    article = an_article(product.parent.design)
    response = client.get("/embed/", {"article": article.url})
    text = response.content.decode()
    assert response.status_code == 200
    assert "Read Slowly" in text
    assert "£25.00" in text
    links = re.findall(r'<a [^>]*href="([^"]+)" target="_top"', text)
    assert len(links) == text.count("<a ") == 2
    assert all(link.startswith("http://testserver/") for link in links)


def test_it_may_stand_on_the_publications_pages_only_and_runs_nothing(client, product):
    article = an_article(product.parent.design)
    response = client.get("/embed/", {"article": article.url})
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors https://paper.example;" in f"{policy};"
    assert "script-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert "X-Frame-Options" not in response
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert not re.search(r"<script|<form", response.content.decode())


def test_the_element_is_a_script_that_any_page_may_load(client):
    response = client.get("/shop-story.js")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, no-cache"
    assert response["ETag"]
    assert 'customElements.define("shop-story"' in response.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_the_element_may_ask_whether_there_is_anything_to_show(client, product, known):
    article = an_article(product.parent.design)
    response = client.head("/embed/", {"article": article.url if known else "https://paper.example/none"})
    assert response.status_code == (200 if known else 404)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response.content == b""


def test_every_other_page_still_stands_in_no_frame(client):
    response = client.get("/")
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("end", ["", "/", "?utm_source=mail", "#comments", "/?a=b#c"])
def test_what_is_added_to_the_address_makes_no_other_story(client, product, end):
    article = an_article(product.parent.design)
    assert client.get("/embed/", {"article": article.url + end}).status_code == 200


@pytest.mark.parametrize("state", ["retracted", "sensitive"])
def test_it_is_empty_as_soon_as_the_story_may_not_sell(client, product, state):
    article = an_article(product.parent.design)
    assert client.get("/embed/", {"article": article.url}).status_code == 200
    type(article).objects.update(state=state)
    response = client.get("/embed/", {"article": article.url})
    assert response.status_code == 404
    assert "Read Slowly" not in response.content.decode()
    assert re.search(r'<body class="embed embed--nothing">\s*</body>', response.content.decode())


@pytest.mark.parametrize("article", ["", "https://paper.example/none", "/", "https://[broken"])
def test_an_unknown_story_is_an_empty_page_too(client, product, article):
    response = client.get(reverse("embed"), {"article": article})
    assert response.status_code == 404
    assert "frame-ancestors https://paper.example" in response["Content-Security-Policy"]


def test_a_story_without_merch_is_an_empty_page(client):
    assert client.get("/embed/", {"article": an_article(a_design()).url}).status_code == 404
