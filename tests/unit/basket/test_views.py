from decimal import Decimal as D

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from shop.basket import selectors
from shop.basket.models import Basket, Line
from shop.stock.models import SoldOutPick
from tests.factories import a_basket_with, a_garment, a_product, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def shopper() -> Client:
    """A browser whose forms carry their token (which other tests look at)."""
    return Client()


def add(client: Client, product, headers=None, **data):
    return client.post(f"/basket/add/{product.pk}/", data, headers=OURS if headers is None else headers)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def contents() -> list[tuple[int, int]]:
    return list(Line.objects.order_by("pk").values_list("product", "quantity"))


def of(basket: Basket, client: Client) -> Client:
    client.cookies[selectors.COOKIE] = selectors.sign(basket)
    return client


def test_a_variant_goes_in_by_its_id_with_cookies_and_a_message(browser):
    shirt = a_product().variants["white", "M"]
    response = add(browser, shirt, quantity=2)
    assert (response.status_code, response["Location"]) == (303, "/basket/")
    assert contents() == [(shirt.pk, 2)]
    assert said(response) == [f"In your basket: {shirt.get_title()}, White, M."]
    cookie = response.cookies["basket"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert response.cookies["basket_count"].value == "2"
    assert not response.cookies["basket_count"]["httponly"]


def test_a_second_post_uses_the_same_basket(browser):
    shirt = a_product().first
    add(browser, shirt)
    add(browser, shirt)
    assert contents() == [(shirt.pk, 2)]
    assert Basket.objects.count() == 1


def test_a_parent_takes_a_sku_or_a_colour_and_a_size(browser):
    made = a_product()
    black_m = made.variants["black", "M"]
    add(browser, made.parent, variant=record_of(black_m).partner_sku)
    add(browser, made.parent, colour="black", size="m")
    add(browser, made.parent, colour=str(black_m.colour_id), size=str(black_m.size_id))
    assert contents() == [(black_m.pk, 3)]


def test_a_size_code_that_is_a_number_is_not_taken_for_an_id(browser):
    garment = a_garment("cushion", sizes=["45", "60"])
    made = a_product(garment=garment, colours=["white"], sizes=["45", "60"])
    add(browser, made.parent, colour="white", size="60")
    assert contents() == [(made.variants["white", "60"].pk, 1)]


@pytest.mark.parametrize("data", [{}, {"colour": "white"}, {"variant": "NONE"}, {"colour": "x", "size": "y"}])
def test_a_parent_without_a_choice_asks_for_one(browser, data):
    response = add(browser, a_product().parent, **data)
    assert response.status_code == 303
    assert said(response)[0].startswith("Please choose a colour and a size of")
    assert contents() == []


@pytest.mark.parametrize("quantity", ["0", "-1", "abc", "1.5", "1000", "99999999999999999999"])
def test_a_bad_quantity_is_said_and_adds_nothing(browser, quantity):
    response = add(browser, a_product().first, quantity=quantity)
    assert response.status_code == 303
    assert said(response)[0].startswith("Please give")
    assert contents() == []


def test_fewer_than_wanted_is_said_with_the_reason(browser):
    shirt = a_product(stock=2).variants["white", "S"]
    response = add(browser, shirt, quantity=5)
    assert said(response) == [f"{shirt.get_title()}, White, S: Only 2 left. We put 2 in your basket."]


def test_what_is_sold_out_leads_to_the_request_for_it_and_is_counted(browser):
    shirt = a_product(stock=0).first
    response = add(browser, shirt)
    assert (response.status_code, response["Location"]) == (303, f"/alerts/{shirt.pk}/")
    assert list(SoldOutPick.objects.values_list("stockrecord__product", "picks")) == [(shirt.pk, 1)]
    assert contents() == []


def test_an_unknown_product_is_not_found(browser):
    assert browser.post("/basket/add/999999/", headers=OURS).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"origin": "http://testserver"},
        {"referer": "http://testserver/catalogue/x_1/"},
    ],
)
def test_a_post_from_our_own_pages_is_accepted(browser, headers):
    assert add(browser, a_product().first, headers=headers).status_code == 303
    assert len(contents()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"origin": "null"},
        {"origin": "null", "referer": "http://testserver/"},
        {"origin": "https://evil.example"},
        {"origin": "http://testserver.evil.example"},
        {"referer": "https://evil.example/?http://testserver/"},
        {"referer": "http://["},
    ],
)
def test_a_post_from_elsewhere_is_asked_about_and_can_be_confirmed(browser, headers):
    shirt = a_product().variants["white", "M"]
    page = add(browser, shirt.parent, headers=headers, colour="white", size="M", quantity=2)
    assert page.status_code == 403
    assert contents() == []
    assert f"2 × {shirt.get_title()}, White, M" in page.content.decode()
    token = page.context["csrf_token"]
    again = add(
        browser,
        shirt.parent,
        headers=headers,
        colour="white",
        size="M",
        quantity=2,
        csrfmiddlewaretoken=str(token),
    )
    assert again.status_code == 303
    assert contents() == [(shirt.pk, 2)]


def test_adding_by_get_is_not_allowed(browser):
    assert browser.get(f"/basket/add/{a_product().first.pk}/").status_code == 405


def test_the_other_forms_need_a_token(browser):
    basket = a_basket_with((a_product().first, 1))
    of(basket, browser)
    line_id = basket.lines.get().pk
    for path in (f"lines/{line_id}/", "voucher/", "voucher/remove/", "extras/", "delivery/"):
        assert browser.post(f"/basket/{path}", {"quantity": 2}, headers=OURS).status_code == 403
    assert [quantity for _, quantity in contents()] == [1]


def test_a_line_is_changed_and_removed(shopper):
    shirt = a_product().first
    basket = a_basket_with((shirt, 1))
    of(basket, shopper)
    path = f"/basket/lines/{basket.lines.get().pk}/"
    response = shopper.post(path, {"quantity": 3})
    assert contents() == [(shirt.pk, 3)]
    assert response.cookies["basket_count"].value == "3"
    assert said(shopper.post(path, {"quantity": "lots"})) == [
        "Please give the number of pieces as a whole number."
    ]
    assert contents() == [(shirt.pk, 3)]
    assert shopper.post(path, {"remove": "1"}).cookies["basket_count"].value == "0"
    assert contents() == []
    assert said(shopper.post(path, {"quantity": 1}))[-1] == "That line is no longer in your basket."


def test_delivery_is_checked_against_the_country(shopper):
    basket = a_basket_with((a_product().first, 1))
    of(basket, shopper)
    shopper.post("/basket/delivery/", {"country": "fr", "delivery": "uk-express"})
    basket.refresh_from_db()
    assert (basket.country, basket.delivery_code) == ("FR", "eu-tracked")
    for country in ("ZZ", "", "France"):
        assert said(shopper.post("/basket/delivery/", {"country": country}))
        basket.refresh_from_db()
        assert basket.country == "FR"


def test_note_and_donation_come_by_two_forms_and_keep_each_other(shopper):
    basket = a_basket_with((a_product().first, 1))
    of(basket, shopper)
    shopper.post("/basket/extras/", {"gift_note": "Two\r\nlines", "hide_prices": "1"})
    shopper.post("/basket/extras/", {"gift_amount": "2.50"})
    basket.refresh_from_db()
    assert (basket.gift_note, basket.hide_prices, basket.plain_parcel) == ("Two\nlines", True, False)
    assert basket.gift_amount == D("2.50")


@pytest.mark.parametrize("amount", ["-1", "500.01", "1.234", "abc", "NaN", "Infinity", "1e9"])
def test_a_bad_donation_is_said_and_changes_nothing(shopper, amount):
    basket = a_basket_with((a_product().first, 1), gift_amount=D("2.00"))
    assert said(of(basket, shopper).post("/basket/extras/", {"gift_amount": amount}))
    basket.refresh_from_db()
    assert basket.gift_amount == D("2.00")


@pytest.mark.parametrize("note", ["x" * 301, "a\x00b"])
def test_a_bad_note_is_said_and_changes_nothing(shopper, note):
    basket = a_basket_with((a_product().first, 1))
    assert said(of(basket, shopper).post("/basket/extras/", {"gift_note": note}))
    basket.refresh_from_db()
    assert basket.gift_note == ""


@pytest.mark.parametrize("cookie", ["", "1", "1:forged", "x" * 500, "é"])
def test_a_cookie_that_is_not_ours_is_ignored_and_taken_away(shopper, cookie):
    a_basket_with((a_product().first, 1))
    shopper.cookies[selectors.COOKIE] = cookie
    response = shopper.post("/basket/voucher/remove/", {"code": "X"})
    assert response.cookies["basket"]["max-age"] == 0
    assert len(contents()) == 1


def test_an_ordered_basket_is_left_behind_and_what_was_added_meanwhile_is_next(shopper):
    shirt, mug = a_product().first, a_product().first
    basket = a_basket_with((shirt, 2))
    of(basket, shopper)
    basket.freeze()
    assert add(shopper, mug).cookies["basket_count"].value == "3"
    basket.submit()
    response = shopper.post("/basket/extras/", {"gift_amount": "1.00"})
    assert response.cookies["basket_count"].value == "1"
    assert Basket.objects.get(gift_amount=D("1.00")).lines.get().product == mug


def test_public_pages_do_not_touch_the_basket(shopper, django_assert_num_queries):
    of(a_basket_with((a_product().first, 1)), shopper)
    response = shopper.get("/")
    assert response.status_code == 200
    assert not response.cookies


def test_wrong_codes_are_told_alike_and_then_stopped(shopper):
    of(a_basket_with((a_product().first, 1)), shopper)
    for _number in range(10):
        assert said(shopper.post("/basket/voucher/", {"code": "GUESS"}))[-1] == "This code is not valid."
    assert "Too many codes" in said(shopper.post("/basket/voucher/", {"code": "GUESS"}))[-1]
