"""The wishlist's page and buttons: shared pages post without a token, its own page with one."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from shop.basket import selectors
from shop.customer import wishlist
from tests.factories import a_basket_with, a_product, a_user, record_of

pytestmark = pytest.mark.django_db

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def made():
    return a_product()


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def save(client: Client, product, headers=None, **data):
    return client.post(f"/wishlist/add/{product.pk}/", data, headers=OURS if headers is None else headers)


def pieces(client: Client) -> dict[str, int]:
    return client.session.get(wishlist.SESSION_KEY, {})


def test_a_guest_saves_the_colour_and_size_that_are_chosen(made):
    browser = Client(enforce_csrf_checks=True)
    shirt = made.variants["black", "L"]
    response = save(browser, made.parent, colour="black", size="L", quantity="1")
    assert (response.status_code, response["Location"]) == (303, "/wishlist/")
    assert pieces(browser) == {str(shirt.pk): 1}
    text = browser.get("/wishlist/").content.decode()
    assert f"Saved: {made.parent.title}, Black, L." in text
    assert f"?variant={record_of(shirt).partner_sku}" in text
    assert "kept in this browser" in text


def test_without_a_choice_nothing_is_saved(client, made):
    response = save(client, made.parent)
    assert said(response) == ["Please choose a colour and a size first."]
    assert pieces(client) == {}


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}])
def test_another_sites_page_only_gets_our_button(made, headers):
    browser = Client(enforce_csrf_checks=True)
    response = save(browser, made.first, headers=headers)
    assert response.status_code == 403
    assert "csrfmiddlewaretoken" in response.content.decode()
    assert pieces(browser) == {}


def test_the_pages_own_buttons_need_their_token(made):
    browser = Client(enforce_csrf_checks=True)
    save(browser, made.first)
    for path in (f"{made.first.pk}/remove/", f"{made.first.pk}/basket/", "later/1/"):
        assert browser.post(f"/wishlist/{path}").status_code == 403
    assert pieces(browser) == {str(made.first.pk): 1}


def test_a_line_goes_from_the_basket_to_the_list_and_back(client, made):
    basket = a_basket_with((made.first, 2))
    client.cookies[selectors.COOKIE] = selectors.sign(basket)
    client.cookies[selectors.COUNT_COOKIE] = "2"
    response = client.post(f"/wishlist/later/{basket.lines.get().pk}/")
    assert (response.status_code, response["Location"]) == (303, "/basket/")
    assert said(response) == [f"Saved for later: {made.parent.title}, White, S."]
    assert response.cookies["basket_count"].value == "0"
    assert "1 thing saved for later" in client.get("/basket/").content.decode()
    response = client.post(f"/wishlist/{made.first.pk}/basket/")
    assert (response.status_code, response["Location"]) == (303, "/basket/")
    assert basket.lines.get().quantity == 2
    assert pieces(client) == {}


def test_what_is_sold_out_offers_the_request_and_stays(client):
    shirt = a_product(stock=0).first
    save(client, shirt)
    text = client.get("/wishlist/").content.decode()
    assert f'href="/alerts/{shirt.pk}/"' in text
    response = client.post(f"/wishlist/{shirt.pk}/basket/")
    assert (response.status_code, response["Location"]) == (303, "/wishlist/")
    assert said(response)[-1].endswith(": Sold out.")
    assert pieces(client) == {str(shirt.pk): 1}


def test_things_are_removed(client, made):
    save(client, made.first)
    assert client.post(f"/wishlist/{made.first.pk}/remove/").status_code == 303
    assert pieces(client) == {}
    assert "Nothing yet" in client.get("/wishlist/").content.decode()


def test_an_account_shares_its_list_without_its_name_and_withdraws_it(client, made):
    client.force_login(a_user("ada.reader@example.org"))
    save(client, made.first)
    client.post("/wishlist/share/")
    token = wishlist.token_of(client.get("/wishlist/").wsgi_request.user)
    path = f"/wishlist/shared/{token}/"
    assert path in client.get("/wishlist/").content.decode()
    stranger = Client()
    response = stranger.get(path)
    text = response.content.decode()
    assert made.parent.title in text
    assert "ada.reader" not in text
    assert f"/wishlist/{made.first.pk}/remove/" not in text
    assert response["Referrer-Policy"] == "same-origin"
    client.post("/wishlist/share/", {"stop": "1"})
    assert stranger.get(path).status_code == 404


def test_a_guest_cannot_share(client, made):
    save(client, made.first)
    assert "Make a link" not in client.get("/wishlist/").content.decode()
    assert client.post("/wishlist/share/").status_code == 302


def test_what_does_not_exist_is_not_found(client):
    assert client.post("/wishlist/add/999999/", headers=OURS).status_code == 404
    assert client.post("/wishlist/999999/basket/").status_code == 404
    assert client.get("/wishlist/shared/none/").status_code == 404


def test_the_page_asks_the_same_number_of_questions_for_many_things(client, django_assert_num_queries):
    for number in (1, 5):
        for _ in range(number):
            save(client, a_product().first)
        client.get("/wishlist/")
        with django_assert_num_queries(4):
            assert client.get("/wishlist/").status_code == 200
