"""The basket's page: what is in it, what it costs, one button."""

import pytest
from django.test import Client

from shop.basket import selectors, services
from tests.factories import a_basket_with, a_design, a_product

pytestmark = pytest.mark.django_db


def open_page(client: Client, basket) -> str:
    client.cookies[selectors.COOKIE] = selectors.sign(basket)
    response = client.get("/basket/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    return response.content.decode()


@pytest.fixture
def basket():
    return a_basket_with((a_product().variants["white", "M"], 2))


def test_an_empty_basket_leads_to_the_shop(client):
    text = client.get("/basket/").content.decode()
    assert "See the shop" in text
    assert "checkout/pay" not in text


def test_the_button_posts_the_total_it_shows(client, basket):
    text = open_page(client, basket)
    assert "Pay £50.00" in text
    assert '<input type="hidden" name="total" value="50.00">' in text
    assert text.count("button--main") == 1


def test_nothing_is_ticked_beforehand(client, basket):
    text = open_page(client, basket)
    assert 'type="checkbox" name="hide_prices" value="1">' in text
    assert 'placeholder="0.00" value=""' in text


def test_the_donation_stands_below_the_total(client, basket):
    text = open_page(client, basket)
    assert text.index("totals__sum") < text.index('name="gift_amount"')


def test_a_frozen_basket_is_only_read(client, basket):
    assert basket.freeze()
    text = open_page(client, basket)
    assert "Continue to payment" in text
    assert "Change my order" in text
    assert 'name="quantity"' not in text


def test_what_is_added_while_paying_is_shown_as_waiting(client, basket):
    assert basket.freeze()
    assert "waits" not in open_page(client, basket)
    services.add(basket=basket, product=a_product(design=a_design(title="Ask Again")).first, quantity=3)
    text = open_page(client, basket)
    assert "3 × Ask Again" in text
    assert "It waits in your next basket" in text


def test_the_basket_page_asks_the_same_number_of_questions_for_many_lines(
    client, django_assert_max_num_queries
):
    few = a_basket_with((a_product().first, 1))
    many = a_basket_with(*[(a_product().first, 1) for _ in range(8)])
    with django_assert_max_num_queries(200) as asked:
        open_page(client, few)
    number = len(asked)
    with django_assert_max_num_queries(number):
        open_page(client, many)
