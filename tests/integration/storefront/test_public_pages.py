"""Public pages are the same for everybody, and say plainly what is not there."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from shop.pages.defaults import PAGES
from shop.shipping.models import DeliveryMethod
from shop.stock import services as ledger
from tests.factories import a_design, a_product, an_article, record_of

pytestmark = pytest.mark.django_db


def path_of(product) -> str:
    return f"/catalogue/{product.parent.slug}_{product.parent.pk}/"


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def product():
    return a_product()


def test_public_pages_set_no_cookie_and_may_be_cached(client, product):
    article = an_article(product.parent.design)
    paths = ["/", "/catalogue/", path_of(product), "/stories/", f"/stories/{article.slug}/"]
    for path in [*paths, *(f"/pages/{slug}/" for slug in PAGES)]:
        response = client.get(path)
        assert response.status_code == 200, path
        assert not response.cookies, path
        assert response["Cache-Control"] == "public, no-cache", path
        assert "Cookie" not in response["Vary"], path
        again = client.get(path, headers={"if-none-match": response["ETag"]})
        assert again.status_code == 304, path


def test_public_pages_carry_no_token(client, product):
    assert "csrfmiddlewaretoken" not in text_of(client, path_of(product))


def test_a_visitor_with_a_basket_gets_the_same_bytes(client, product):
    before = client.get(path_of(product)).content
    client.cookies["basket_count"] = "3"
    client.cookies["sessionid"] = client.cookies["session"] = "abc"
    assert client.get(path_of(product)).content == before


def test_unknown_parameters_change_nothing(client, product):
    assert (
        client.get("/catalogue/?utm_source=x&colour=nope&sort=zz").content
        == client.get("/catalogue/").content
    )
    assert client.get(f"{path_of(product)}?variant=NOPE").content == client.get(path_of(product)).content


@pytest.mark.parametrize("number", ["0", "-1", "2", "abc", "1.5", "99999999999999999999999", "٣"])
def test_a_page_that_is_not_there_is_not_found(client, product, number):
    response = client.get("/catalogue/", {"page": number})
    assert response.status_code == 404
    assert "No such page" in response.content.decode()


def test_a_hidden_design_hides_its_products(client, product):
    type(product.parent.design).objects.update(is_public=False)
    assert client.get(path_of(product)).status_code == 404
    assert product.parent.title not in text_of(client, "/catalogue/")


def test_a_hidden_product_is_not_found(client, product):
    type(product.parent).objects.filter(pk=product.parent.pk).update(is_public=False)
    assert client.get(path_of(product)).status_code == 404
    assert path_of(product) not in text_of(client, "/")


@pytest.mark.parametrize(
    "path", ["/catalogue/x_999999/", "/catalogue/x_999999999999999999/", "/pages/nope/", "/stories/nope/"]
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_variants_address_leads_to_its_product_with_it_chosen(client, product):
    variant = product.variants["black", "M"]
    response = client.get(f"/catalogue/any_{variant.pk}/")
    assert response.status_code == 302
    assert response["Location"] == f"{path_of(product)}?variant={record_of(variant).partner_sku}"


def test_an_old_slug_leads_to_the_right_one(client, product):
    response = client.get(f"/catalogue/old-name_{product.parent.pk}/")
    assert response["Location"] == path_of(product)


def test_the_list_has_one_card_per_product_with_its_lowest_price(client, product):
    type(record_of(product.first)).objects.filter(pk=record_of(product.first).pk).update(
        price=Decimal("21.50")
    )
    text = text_of(client, "/catalogue/")
    assert text.count('<article class="card') == 1
    assert "from £21.50" in text


def test_filters_show_what_has_a_variant_of_that_colour_and_size(client):
    red = a_product(colours=["red"], sizes=["S"])
    white = a_product(colours=["white"], sizes=["M"])
    text = text_of(client, "/catalogue/?colour=red")
    assert path_of(red) in text
    assert path_of(white) not in text
    assert "Nothing matches" in text_of(client, "/catalogue/?colour=red&size=M")
    both = text_of(client, "/catalogue/?colour=red&colour=white")
    assert path_of(red) in both
    assert path_of(white) in both


def test_the_list_sorts_by_price(client):
    dear, cheap = a_product(price="40.00"), a_product(price="10.00")
    text = text_of(client, "/catalogue/?sort=price")
    assert text.index(path_of(cheap)) < text.index(path_of(dear))
    text = text_of(client, "/catalogue/?sort=price-down")
    assert text.index(path_of(dear)) < text.index(path_of(cheap))


def test_the_variant_in_the_address_is_chosen(client, product):
    sku = record_of(product.variants["black", "M"]).partner_sku
    text = text_of(client, f"{path_of(product)}?variant={sku}")
    assert 'value="black" data-place="1" required checked' in text
    assert 'value="M" required checked' in text
    assert f'<dd data-picker="sku">{sku}</dd>' in text


def test_without_a_choice_the_first_variant_in_stock_is_chosen(client):
    product = a_product(stock=0, colours=["white"])
    receive(product.variants["white", "L"], 9)
    assert 'value="L" required checked' in text_of(client, path_of(product))


def test_sold_out_sizes_stay_choosable_and_are_marked(client):
    product = a_product(stock=0, colours=["white"])
    receive(product.variants["white", "M"], 3)
    receive(product.variants["white", "L"], 6)
    text = text_of(client, path_of(product))
    assert 'name="size" value="S" required>' in text
    assert '<span class="note note--sold-out" data-place="1">Sold out</span>' in text
    assert '<span class="note" data-place="1">3 left</span>' in text
    assert "6 left" not in text
    assert "disabled" not in text


def test_a_product_with_nothing_left_says_so_in_the_list(client):
    a_product(stock=0)
    assert '<span class="badge">Sold out</span>' in text_of(client, "/catalogue/")


def test_the_product_page_tells_what_the_law_and_the_shopper_ask_for(client, product):
    text = text_of(client, path_of(product))
    for words in (
        "Mill Ltd, 1 Weaver Street",
        "Mill GmbH, Webgasse 1",
        "100 % organic cotton",
        "Wash at 30",
        "51 cm",
        "20.1 in",
        "Illustration",
        "including VAT",
        "to United Kingdom",
    ):
        assert words in text, words


def test_the_delivery_page_reads_its_prices_from_the_database(client):
    DeliveryMethod.objects.filter(zone__destinations__code="GB").update(price=Decimal("7.77"))
    assert "£7.77" in text_of(client, "/pages/delivery/")


def test_a_story_shows_its_merch_and_links_to_the_original(client, product):
    article = an_article(product.parent.design)
    text = text_of(client, f"/stories/{article.slug}/")
    assert path_of(product) in text
    assert f'href="{article.url}"' in text
    assert f"/stories/{article.slug}/" in text_of(client, path_of(product))


@pytest.mark.parametrize("state", ["retracted", "sensitive"])
def test_a_story_that_may_not_sell_shows_no_merch(client, product, state):
    article = an_article(product.parent.design, state=state)
    assert path_of(product) not in text_of(client, f"/stories/{article.slug}/")
    assert article.title not in text_of(client, "/stories/")
    assert article.slug not in text_of(client, path_of(product))


def test_a_story_of_tomorrow_is_not_there_yet(client):
    article = an_article(a_design(), published_at=timezone.now() + timedelta(days=1))
    assert client.get(f"/stories/{article.slug}/").status_code == 404
    assert article.title not in text_of(client, "/stories/")


def test_an_empty_store_has_its_pages_too(client):
    assert "See the shop" in text_of(client, "/stories/")
    assert "The ink is still wet" in text_of(client, "/catalogue/")
    assert "The first prints are drying" in text_of(client, "/")


def receive(variant, pieces: int) -> None:
    record = record_of(variant)
    with transaction.atomic():
        ledger.receive(stockrecord_id=record.pk, quantity=pieces, reference=f"test:{record.pk}")


def test_a_card_leads_to_the_colour_it_shows(client, product):
    text = text_of(client, "/catalogue/?colour=white")
    assert f'href="{path_of(product)}?colour=white"' in text
    chosen = text_of(client, f"{path_of(product)}?colour=white")
    assert 'value="white" data-place="2" required checked' in chosen
