"""The basket's page: what is in it, what it costs, one button."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from shop.basket import selectors, services
from shop.partner.services import set_price
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


def test_an_empty_basket_has_ways_on(client):
    newest = [a_product(design=a_design(f"Print {number}")) for number in range(5)]
    text = client.get("/basket/").content.decode()
    assert text.count('class="card"') == 4 + 1  # the last is what the browser makes of things seen lately
    assert all(f"Print {number} <" in text for number in (1, 2, 3, 4))
    assert "Print 0 <" not in text
    assert f'href="/catalogue/{newest[-1].parent.slug}_{newest[-1].parent.pk}/' in text
    assert '<recently-viewed class="section wrap recent" hidden>' in text
    assert 'href="/stories/"' in text


def test_a_basket_with_something_in_it_shows_nothing_else(client, basket):
    text = open_page(client, basket)
    assert 'class="card"' not in text
    assert "<recently-viewed" not in text


def test_the_button_posts_the_total_it_shows(client, basket):
    text = open_page(client, basket)
    assert "Pay £50.00" in text
    assert '<input type="hidden" name="total" value="50.00">' in text
    assert text.count("button--main") == 1


def test_nothing_is_ticked_beforehand(client, basket):
    text = open_page(client, basket)
    assert 'type="checkbox" id="hide_prices" name="hide_prices" value="1">' in text
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


def test_what_is_said_stands_beside_what_it_is_about(client, basket):
    open_page(client, basket)
    line = basket.lines.get()
    answers = {
        "voucher": client.post("/basket/voucher/", {"code": "NONE"}),
        "gift_amount": client.post("/basket/extras/", {"gift_amount": "-1"}),
        "gift_note": client.post("/basket/extras/", {"gift_note": "x" * 301}),
        str(line.pk): client.post(f"/basket/lines/{line.pk}/", {"quantity": "9"}),
    }
    assert [answer["Location"] for answer in answers.values()] == [
        f"/basket/#at-{place}" for place in answers
    ]
    text = open_page(client, basket)
    assert 'id="code-error" data-message>This code is not valid.<' in text
    assert 'id="gift-error" data-message>A donation cannot be less than nothing.<' in text
    assert 'id="gift_note-error" data-message>The gift note can have 300 characters at most.<' in text
    assert f'id="said-{line.pk}" data-message>Only 5 left.<' in text
    assert text.count('aria-invalid="true"') == 4
    assert "messages" not in text


def test_what_is_about_nothing_on_the_page_is_said_on_top(client, basket):
    client.cookies[selectors.COOKIE] = selectors.sign(basket)
    client.post("/basket/lines/999999/", {"quantity": "2"})
    client.post("/basket/voucher/", {"code": "NONE"})
    basket.lines.all().delete()
    text = open_page(client, basket)
    assert "That line is no longer in your basket." in text
    assert "This code is not valid." in text
    assert text.count('<p data-message class="notice notice--warning">') == 2


def test_a_price_that_changed_since_is_said(client, basket):
    record = basket.lines.get().stockrecord
    assert "The price has changed" not in open_page(client, basket)
    with transaction.atomic():
        set_price(stockrecord=record, price=Decimal("22.00"))
    text = open_page(client, basket)
    assert "The price has changed since you put it in: £25.00 before, £22.00 now." in text
    assert "Pay £44.00" in text
