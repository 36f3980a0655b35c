"""A design's page: what it is printed on, and the story behind it."""

import pytest

from catalogue.models import Design
from shop.articles.models import Article
from tests.factories import a_design, a_garment, a_product, an_article

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def design():
    return a_design(title="Read Slowly", summary="A snail with a book.", story="<p>Drawn on a train.</p>")


def page(client, design) -> str:
    return client.get(f"/designs/{design.slug}/").content.decode()


def test_it_shows_the_design_on_everything_it_is_printed_on(client, design):
    shirt, cushion = a_product(design=design), a_product(design=design, garment=a_garment("cushion"))
    a_product()
    article = an_article(design, title="The slow train")
    text = page(client, design)
    assert text.count('class="card"') == 2
    for product in (shirt, cushion):
        assert f'href="/catalogue/{product.parent.slug}_{product.parent.pk}/' in text
    assert "A snail with a book." in text
    assert "Drawn on a train." in text
    assert f'href="/stories/{article.slug}/"' in text
    assert f'<link rel="canonical" href="http://testserver/designs/{design.slug}/">' in text


def test_a_product_that_is_on_several_garments_leads_to_it(client, design):
    shirt = a_product(design=design).parent
    address = f"/catalogue/{shirt.slug}_{shirt.pk}/"
    assert f'href="/designs/{design.slug}/"' not in client.get(address).content.decode()
    a_product(design=design, garment=a_garment("cushion"))
    assert f'href="/designs/{design.slug}/"' in client.get(address).content.decode()


@pytest.mark.parametrize("what", ["unknown", "hidden", "on nothing"])
def test_what_shoppers_may_not_see_is_not_found(client, design, what):
    if what != "on nothing":
        a_product(design=design)
    Design.objects.filter(pk=design.pk).update(is_public=what != "hidden")
    address = "/designs/none/" if what == "unknown" else f"/designs/{design.slug}/"
    assert client.get(address).status_code == 404


def test_a_story_that_may_not_sell_is_gone_from_it(client, design):
    a_product(design=design)
    an_article(design, title="The slow train")
    assert "The slow train" in page(client, design)
    Article.objects.update(state=Article.State.SENSITIVE)
    assert "The slow train" not in page(client, design)
