"""The pages of back-in-stock requests: asked from a shared page without a token, private ever after."""

import pytest
from django.test import Client

from shop.customer import alerts
from shop.customer.models import ProductAlert
from shop.stock.models import SoldOutPick
from tests.factories import a_product, a_user, record_of

pytestmark = pytest.mark.django_db

OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def made():
    return a_product(stock=0)


def post(client: Client, product, headers=None, **data):
    return client.post(f"/alerts/{product.pk}/", data, headers=OURS if headers is None else headers)


def rows() -> list[tuple[int, str, str]]:
    return list(ProductAlert.objects.order_by("pk").values_list("product", "email", "status"))


def a_request(shirt, email="ada@example.org") -> ProductAlert:
    alerts.ask(variant=shirt, email=email, client=email)
    alerts.greet_new()
    return ProductAlert.objects.get(product=shirt, email=email)


def buttons(client: Client, path: str) -> int:
    """How many buttons the page itself has, beside those that every page has around it."""
    return client.get(path).content.decode().partition("<main")[2].partition("</main>")[0].count("<button")


def test_the_form_names_what_is_waited_for(browser, made):
    shirt = made.variants["white", "M"]
    response = browser.get(f"/alerts/{shirt.pk}/")
    text = response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    assert f"{made.parent.title}, White, M" in text
    assert f'name="variant" value="{record_of(shirt).partner_sku}"' in text
    assert ProductAlert.objects.count() == 0


def test_a_request_answers_alike_for_an_address_that_is_known_and_one_that_is_not(browser, made):
    shirt = made.variants["white", "M"]
    alerts.confirm(a_request(shirt).key)
    answers = []
    for email in ("ada@example.org", "new@example.org"):
        response = post(browser, made.parent, variant=record_of(shirt).partner_sku, email=email)
        assert (response.status_code, response["Location"]) == (303, f"/alerts/{shirt.pk}/asked/")
        answers.append(browser.get(response["Location"]).content)
    assert answers[0] == answers[1]
    assert rows() == [
        (shirt.pk, "ada@example.org", "Active"),
        (shirt.pk, "new@example.org", "Unconfirmed"),
    ]


def test_a_product_takes_a_colour_and_a_size(browser, made):
    post(browser, made.parent, colour="black", size="L", email="ada@example.org")
    assert rows() == [(made.variants["black", "L"].pk, "ada@example.org", "Unconfirmed")]


@pytest.mark.parametrize("email", ["", "ada", "ada@", "a" * 250 + "@example.org"])
def test_a_bad_address_is_said_beside_the_field_and_nothing_is_written(browser, made, email):
    response = post(browser, made.first, email=email)
    text = response.content.decode()
    assert response.status_code == 422
    assert 'aria-describedby="alert-hint alert-error" aria-invalid="true"' in text
    assert 'id="alert-error"' in text
    assert rows() == []


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}]
)
def test_another_sites_page_only_gets_a_form_with_our_button(browser, made, headers):
    response = post(browser, made.first, headers=headers, email="ada@example.org")
    text = response.content.decode()
    assert response.status_code == 403
    assert 'value="ada@example.org"' in text
    assert "csrfmiddlewaretoken" in text
    assert rows() == []


def test_what_came_back_meanwhile_is_offered_instead(browser):
    shirt = a_product(stock=2).first
    response = post(browser, shirt, email="ada@example.org")
    assert (response.status_code, response["Location"]) == (303, f"/alerts/{shirt.pk}/")
    text = browser.get(response["Location"]).content.decode()
    assert "It is here" in text
    assert f'action="/basket/add/{shirt.pk}/"' in text
    assert rows() == []


def test_too_many_are_told_to_come_back_later(browser, made, monkeypatch):
    monkeypatch.setattr(alerts, "PER_CLIENT", alerts.Limit("stock-request", 1, alerts.PER_CLIENT.within))
    post(browser, made.first, email="ada@example.org")
    response = post(browser, made.first, email="bob@example.org")
    assert response.status_code == 429
    assert "Please try again in an hour." in response.content.decode()
    assert [email for _, email, _ in rows()] == ["ada@example.org"]


@pytest.mark.parametrize(
    "path", ["/alerts/999999/", "/alerts/99999999999999999999999/", "/alerts/confirm/x/"]
)
def test_what_does_not_exist_is_not_found(browser, path):
    assert browser.get(path).status_code == 404


def test_a_hidden_product_is_not_found(browser, made):
    type(made.parent).objects.filter(pk=made.parent.pk).update(is_public=False)
    assert browser.get(f"/alerts/{made.first.pk}/").status_code == 404
    assert post(browser, made.first, email="ada@example.org").status_code == 404
    assert rows() == []


def test_the_link_in_the_mail_shows_a_button_and_only_the_press_confirms(client, made):
    request = a_request(made.first)
    path = f"/alerts/confirm/{request.key}/"
    response = client.get(path)
    assert "Yes, write to me" in response.content.decode()
    assert response["Referrer-Policy"] == "same-origin"
    assert rows()[0][2] == "Unconfirmed"
    pressed = client.post(path)
    assert (pressed.status_code, pressed["Location"]) == (302, path)
    assert rows()[0][2] == "Active"
    assert "We will write" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    assert rows()[0][2] == "Active"


def test_stopping_takes_one_press_without_a_cookie_as_mail_programs_do_it(browser, made):
    request = a_request(made.first)
    path = f"/alerts/stop/{request.key}/"
    assert buttons(browser, path) == 1
    assert rows()[0][2] == "Unconfirmed"
    response = browser.post(path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert "No more mails" in response.content.decode()
    assert rows()[0][2] == "Cancelled"


def test_of_several_one_can_be_stopped(browser, made):
    small, large = [a_request(made.variants["white", size]) for size in ("S", "L")]
    path = f"/alerts/stop/{small.key}/"
    assert buttons(browser, path) == 3
    for nonsense in ("abc", "", "9" * 30):
        browser.post(path, {"only": nonsense})
    assert [row[2] for row in rows()] == ["Unconfirmed", "Unconfirmed"]
    browser.post(path, {"only": str(large.pk)})
    assert [row[2] for row in rows()] == ["Unconfirmed", "Cancelled"]


def test_a_member_sees_what_their_address_waits_for_and_stops_only_their_own(client, made):
    shirt = made.variants["white", "S"]
    client.force_login(a_user("ada@example.org"))
    assert 'value="ada@example.org"' in client.get(f"/alerts/{shirt.pk}/").content.decode()
    post(client, shirt, email="ada@example.org")
    alerts.greet_new()
    theirs = a_request(shirt, "bob@example.org")
    page = client.get("/account/alerts/").content.decode()
    assert f"{made.parent.title}, White, S" in page
    assert page.count(">Stop<") == 1
    own = ProductAlert.objects.get(email="ada@example.org")
    assert own.status == "Active"
    client.post(f"/account/alerts/{theirs.pk}/stop/")
    assert [row[2] for row in rows()] == ["Active", "Unconfirmed"]
    assert client.post(f"/account/alerts/{own.pk}/stop/").status_code == 302
    assert [row[2] for row in rows()] == ["Cancelled", "Unconfirmed"]


def test_the_members_page_leads_a_guest_to_the_log_in(client):
    assert client.get("/account/alerts/")["Location"].startswith("/account/log-in/")


def test_a_pick_is_counted_from_our_pages_only(browser, made):
    shirt = made.variants["white", "S"]
    data = {"variant": record_of(shirt).partner_sku}
    path = f"/alerts/{made.parent.pk}/picked/"
    assert browser.post(path, data, headers={"sec-fetch-site": "cross-site"}).status_code == 204
    assert SoldOutPick.objects.count() == 0
    assert browser.post(path, data, headers=OURS).status_code == 204
    assert browser.post(path, {"variant": "NONE"}, headers=OURS).status_code == 204
    assert list(SoldOutPick.objects.values_list("stockrecord__product", "picks")) == [(shirt.pk, 1)]
    assert browser.get(path).status_code == 405
