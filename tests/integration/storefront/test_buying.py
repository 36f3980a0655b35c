"""A link that prepares a basket: looking changes nothing, the button adds, nothing ever orders."""

import pytest
from django.test import Client

from shop.basket.models import Basket, Line
from shop.order.models import Order
from tests.factories import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.both]

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def product():
    return a_product(price="25.00", stock=5)


def sku_of(product, place: int = 0) -> str:
    return product.records[place].partner_sku


def lines() -> list[tuple[str, int]]:
    found = Line.objects.order_by("pk").values_list("stockrecord__partner_sku", "quantity")
    return [(sku, quantity) for sku, quantity in found]


def test_looking_at_the_link_shows_what_it_would_add_and_changes_nothing(client, product):
    response = client.get(f"/buy/{sku_of(product)}:2,{sku_of(product, 1)}")
    text = response.content.decode()
    assert response.status_code == 200
    assert text.count(product.parent.title) == 2
    assert "£75.00 in all" in text
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in text
    assert not Basket.objects.exists()


def test_the_button_adds_and_leads_to_the_basket(client, product):
    response = client.post(f"/buy/{sku_of(product)}:2,{sku_of(product, 1)}:1", headers=OURS)
    assert (response.status_code, response["Location"]) == (303, "/basket/")
    assert lines() == [(sku_of(product), 2), (sku_of(product, 1), 1)]
    assert client.get("/basket/").content.decode().count("In your basket:") == 2
    assert not Order.objects.exists()


def test_in_french_it_leads_to_the_french_basket(client, product):
    response = client.post(f"/fr/buy/{sku_of(product)}", headers=OURS)
    assert response["Location"] == "/fr/basket/"
    assert lines() == [(sku_of(product), 1)]


def test_a_post_from_elsewhere_adds_nothing_and_asks(product):
    client = Client(enforce_csrf_checks=True)
    path = f"/buy/{sku_of(product)}:2"
    response = client.post(path, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert lines() == []
    token = response.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    again = client.post(path, {"csrfmiddlewaretoken": token}, headers={"sec-fetch-site": "cross-site"})
    assert again.status_code == 303
    assert lines() == [(sku_of(product), 2)]


def test_what_cannot_be_had_whole_is_said_before_and_after(client, product):
    path = f"/buy/{sku_of(product)}:9,GONE-1:1"
    text = client.get(path).content.decode()
    assert "5 pieces of it can be had." in text
    assert "1 thing this link asks for is no longer for sale." in text
    assert "£125.00 in all" in text
    client.post(path, headers=OURS)
    assert lines() == [(sku_of(product), 5)]


def test_what_is_sold_out_can_only_be_looked_at(client):
    product = a_product(stock=0)
    text = client.get(f"/buy/{sku_of(product)}").content.decode()
    assert "Sold out" in text
    assert '<form class="say__ways"' not in text
    client.post(f"/buy/{sku_of(product)}", headers=OURS)
    assert lines() == []


def test_what_nobody_may_see_is_no_longer_for_sale(client, product):
    type(product.parent).objects.filter(pk=product.parent.pk).update(is_public=False)
    text = client.get(f"/buy/{sku_of(product)}").content.decode()
    assert "This is no longer for sale" in text
    assert product.parent.title not in text


@pytest.mark.parametrize(
    "wanted", ["A:0", "A:-1", "A:x", "A::2", ",", "A,,B", "A:1000", ",".join(map(str, range(21)))]
)
def test_a_link_that_cannot_be_read_is_not_found(client, wanted):
    assert client.get(f"/buy/{wanted}").status_code == 404
    assert client.post(f"/buy/{wanted}", headers=OURS).status_code == 404


def test_a_kind_that_is_named_twice_adds_up(client, product):
    client.post(f"/buy/{sku_of(product)}:1,{sku_of(product)}:2", headers=OURS)
    assert lines() == [(sku_of(product), 3)]


def test_a_long_link_asks_no_more_than_a_short_one(client, product, django_assert_num_queries):
    every = ",".join(record.partner_sku for record in product.records)
    for path in (f"/buy/{sku_of(product)}", f"/buy/{every}"):
        client.get("/pages/about/")
        with django_assert_num_queries(3):
            client.get(path)
