"""The road from the basket to Stripe and back, as a browser walks it."""

import pytest
from django.test import Client

from shop.basket.models import Basket
from shop.basket.selectors import COOKIE, sign
from shop.emails.models import Mail
from shop.order.models import Order
from shop.payments.models import Payment
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, stock_of, total_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=5)


@pytest.fixture
def basket(product):
    return a_basket_with((product.first, 2))


@pytest.fixture
def shopper(client, basket):
    client.cookies[COOKIE] = sign(basket)
    return client


def press_pay(shopper, basket, **fields):
    return shopper.post("/checkout/pay/", {"total": str(total_of(basket))} | fields)


def come_back(browser):
    return browser.get("/checkout/return/", {"session_id": Payment.objects.get().session_id}, follow=True)


def test_pay_answers_303_to_stripes_page(fake, shopper, basket):
    answer = press_pay(shopper, basket)
    assert answer.status_code == 303
    assert answer["Location"] == Payment.objects.get().session_url


def test_pay_pressed_twice_answers_the_same_page(fake, shopper, basket):
    first, second = press_pay(shopper, basket), press_pay(shopper, basket, total="0.01")
    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_a_changed_total_leads_back_to_the_basket_and_says_so(fake, shopper, basket):
    answer = shopper.post("/checkout/pay/", {"total": "1.00"}, follow=True)
    assert answer.redirect_chain == [("/basket/", 302)]
    assert "The total has changed" in answer.content.decode()
    assert not Order.objects.exists()


@pytest.mark.parametrize("total", ["", "NaN", "abc", "1e999", "-1", "١٢", "1" * 4000, "\x00"])
def test_a_total_that_is_no_amount_places_nothing(fake, shopper, total):
    assert shopper.post("/checkout/pay/", {"total": total}).status_code == 302
    assert not Order.objects.exists()


def test_without_a_basket_pay_leads_to_the_basket(client, db):
    assert client.post("/checkout/pay/", {"total": "1.00"})["Location"] == "/basket/"
    assert client.get("/checkout/pay/").status_code == 405


def test_pay_without_a_token_is_refused(basket):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[COOKIE] = sign(basket)
    assert strict.post("/checkout/pay/", {"total": "1.00"}).status_code == 403
    assert not Order.objects.exists()


def test_the_owner_comes_back_to_the_order_with_name_and_address(fake, shopper, basket, product):
    press_pay(shopper, basket)
    fake.pay(Payment.objects.get().session_id, **BUYER)
    answer = come_back(shopper)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Robin Reader" in page
    assert Order.objects.get().number in page
    assert stock_of(product.first) == (5, 2)


def test_after_paying_the_basket_is_empty_and_its_count_says_so(fake, shopper, basket):
    press_pay(shopper, basket)
    fake.pay(Payment.objects.get().session_id, **BUYER)
    come_back(shopper)
    assert shopper.cookies["basket_count"].value == "0"
    page = shopper.get("/basket/").content.decode()
    assert "Your basket is empty" in page
    assert "/basket/lines/" not in page


def test_the_payment_page_and_the_mail_name_colour_and_size(fake, shopper, basket):
    press_pay(shopper, basket)
    (request,) = fake.requests("POST", "/v1/checkout/sessions")
    name = request["params"]["line_items"][0]["price_data"]["product_data"]["name"]
    assert name.startswith("2 × Design")
    assert name.endswith("White, S")
    fake.pay(Payment.objects.get().session_id, **BUYER)
    come_back(shopper)
    assert "White, S: £50.00" in Mail.objects.get().text


def test_coming_back_without_paying_leads_to_the_basket(fake, shopper, basket):
    press_pay(shopper, basket)
    answer = come_back(shopper)
    assert answer.redirect_chain[-1][0] == "/basket/"
    assert "not charged" in answer.content.decode()
    assert Order.objects.get().status == "pending_payment"


@pytest.mark.parametrize("session", ["", "cs_test_unknown", "../../etc", "cs_live_x" * 50, "é"])
def test_a_session_that_is_not_ours_is_not_found(client, fake, session):
    assert client.get("/checkout/return/", {"session_id": session}).status_code == 404
    assert fake.requests() == []


def test_stripes_back_link_opens_the_owners_basket_and_releases_the_stock(fake, shopper, basket, product):
    press_pay(shopper, basket)
    answer = shopper.get(f"/checkout/cancelled/{Payment.objects.get().pk}/", follow=True)
    assert answer.redirect_chain == [("/basket/", 302)]
    assert Order.objects.get().status == "cancelled"
    assert stock_of(product.first) == (5, 0)


def test_the_back_link_after_paying_shows_the_order(fake, shopper, basket):
    press_pay(shopper, basket)
    payment = Payment.objects.get()
    fake.pay(payment.session_id, **BUYER)
    answer = shopper.get(f"/checkout/cancelled/{payment.pk}/", follow=True)
    assert "Robin Reader" in answer.content.decode()


def test_change_my_order_opens_the_basket(fake, shopper, basket, product):
    press_pay(shopper, basket)
    assert shopper.get("/basket/").status_code == 200
    assert shopper.post("/checkout/change/")["Location"] == "/basket/"
    assert Basket.objects.get(pk=basket.pk).status == Basket.OPEN
    assert stock_of(product.first) == (5, 0)


def test_pages_of_the_till_are_private(fake, shopper, basket):
    for answer in (press_pay(shopper, basket), shopper.get("/basket/"), shopper.get("/checkout/return/")):
        assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("token", ["", "?thanks=1", "?token=", "?token=wrong", "?token=a:b:c"])
def test_an_order_without_its_token_is_not_found(client, fake, shopper, basket, token):
    press_pay(shopper, basket)
    number = Order.objects.get().number
    assert client.get(f"/orders/{number}/{token}").status_code == 404
    assert client.get(f"/orders/NOSUCHNUMB/{token}").status_code == 404
