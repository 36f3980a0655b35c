"""Getting into an account and out of it, and what nobody learns on the way."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.basket import selectors
from shop.basket.models import Basket
from shop.emails.models import Mail
from shop.users.models import User
from tests.factories import PASSWORD, a_basket_with, a_product, a_staff_user, a_user
from tests.integration.customer.conftest import headlines, is_in, log_in, path_in_mail
from tests.paying import pay_for

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NEW = "three odd words here"


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password was hashed: that is what takes the time."""

    hashed = 0

    def encode(self, password, salt):
        CountingHasher.hashed += 1
        return super().encode(password, salt)


# --- Making an account ----------------------------------------------------------------------------


def ask(client, email="new@example.org", where="new"):
    return client.post(f"/account/{where}/", {"email": email})


def make(client, email="new@example.org", **data):
    ask(client, email)
    return client.post(path_in_mail(email), {"new_password": NEW, **data})


def test_an_account_is_made_by_the_mailed_link_and_opens_at_once(client):
    answer = make(client, name="Ada")
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert answer.cookies["signed_in"].value == "1"
    user = User.objects.get()
    assert (user.email, user.first_name, user.is_staff) == ("new@example.org", "Ada", False)
    assert "Hello, Ada." in client.get("/account/").content.decode()
    assert log_in(Client(), "NEW@example.org", NEW).status_code == 302


def test_asking_alone_makes_no_account_and_opening_the_link_neither(client):
    assert ask(client)["Location"] == "/account/sent/"
    page = client.get(path_in_mail("new@example.org"))
    assert page["Referrer-Policy"] == "same-origin"
    assert "new@example.org" in page.content.decode()
    assert not User.objects.exists()


def test_whether_an_address_has_an_account_is_told_to_its_mailbox_only(client, ada):
    ask(client, "first@example.org")
    answers, asked = [], []
    for email in ("ada@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            answers.append(ask(client, email))
        asked.append(len(queries))
    assert [(a.status_code, a["Location"], a.content) for a in answers] == [(302, "/account/sent/", b"")] * 2
    assert asked[0] == asked[1]
    assert headlines("ada@example.org") == ["You have an account already"]
    assert headlines("nobody@example.org") == ["Make your account"]


def test_a_link_is_used_once_and_pressed_twice_leads_to_the_log_in(client):
    make(client)
    path = path_in_mail("new@example.org")
    for answer in (Client().get(path), Client().post(path, {"new_password": "another long password"})):
        assert answer["Location"] == "/account/log-in/"
    assert User.objects.get().check_password(NEW)


@pytest.mark.parametrize("token", ["x", "a:b:c", "é"])
def test_a_link_that_is_none_says_so(client, token):
    for path in (
        f"/account/new/{token}/",
        f"/account/forgotten/{token}/{token}/",
        f"/account/email/{token}/",
    ):
        for answer in (client.get(path), client.post(path, {"new_password": NEW})):
            assert answer.status_code == 410
            assert "This link has ended" in answer.content.decode()
    assert not User.objects.exists()


def test_a_link_works_for_a_day(client):
    ask(client)
    path = path_in_mail("new@example.org")
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert client.post(path, {"new_password": NEW}).status_code == 410
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Please give the password."),
        ("short", "too short"),
        ("password1234", "too common"),
        ("new@example.org", "similar"),
    ],
)
def test_a_weak_password_is_refused_beside_its_field(client, password, words):
    ask(client)
    answer = client.post(path_in_mail("new@example.org"), {"new_password": password})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_new_password_error"' in page
    assert not User.objects.exists()


def test_guest_orders_of_the_address_are_in_the_new_account_and_no_others(client, fake):
    product = a_product(stock=9)
    mine = pay_for(a_basket_with((product.first, 1)), fake, email="New@example.org")
    other = pay_for(a_basket_with((product.first, 1)), fake, email="renew@example.org")
    make(client)
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.user, other.user) == (User.objects.get(), None)
    assert mine.number in client.get("/account/").content.decode()


# --- Forgotten ------------------------------------------------------------------------------------


def test_a_forgotten_password_is_chosen_anew_by_the_mailed_link(client, ada):
    elsewhere = Client()
    log_in(elsewhere, "ada@example.org")
    assert ask(client, "ADA@example.org", "forgotten")["Location"] == "/account/sent/"
    path = path_in_mail("ada@example.org")
    answer = client.post(path, {"new_password": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_in(client)
    assert not is_in(elsewhere)
    assert User.objects.get().check_password(NEW)
    assert headlines("ada@example.org")[-1] == "Your password was changed"
    assert Client().post(path, {"new_password": "another long password"}).status_code == 410


def test_a_log_in_ends_an_open_link(client, ada):
    User.objects.update(last_login=timezone.now() - timedelta(hours=1))  # links know the log-in to the second
    ask(client, "ada@example.org", "forgotten")
    path = path_in_mail("ada@example.org")
    log_in(Client(), "ada@example.org")
    assert client.get(path).status_code == 410


def test_of_an_unknown_address_only_its_mailbox_learns_that_it_has_no_account(client, ada):
    known, unknown = (ask(client, email, "forgotten") for email in ("ada@example.org", "x@example.org"))
    assert (known.content, known["Location"]) == (unknown.content, unknown["Location"])
    assert headlines("x@example.org") == ["There is no account with this address"]


def test_staff_and_switched_off_accounts_get_no_link(client):
    a_staff_user("boss@example.org")
    a_user("off@example.org", is_active=False)
    for email in ("boss@example.org", "off@example.org"):
        ask(client, email, "forgotten")
        assert headlines(email) == ["We cannot send a link for this account"]
        assert "/account/" not in Mail.objects.get(to=email).text


def test_a_mail_goes_to_the_accounts_own_spelling_of_the_address(client, ada):
    ask(client, "ADA@EXAMPLE.ORG", "forgotten")
    assert Mail.objects.get().to == "ada@example.org"


# --- Limits ---------------------------------------------------------------------------------------


def test_an_address_gets_three_mails_an_hour_and_the_answer_stays_the_same(client):
    answers = [ask(client)["Location"] for _ in range(5)]
    assert answers == ["/account/sent/"] * 5
    assert Mail.objects.count() == 3


def test_one_place_asks_twenty_times_an_hour(client):
    statuses = [ask(client, f"a{number}@example.org").status_code for number in range(22)]
    assert statuses == [302] * 20 + [429] * 2
    assert Mail.objects.count() == 20


def test_guessing_is_stopped_and_the_right_password_waits_too(client, ada):
    for _ in range(8):
        assert log_in(client, "ada@example.org", "wrong").status_code == 422
    answer = log_in(client, "ada@example.org")
    assert answer.status_code == 429
    assert "tried too often" in answer.content.decode()
    assert not is_in(client)
    assert log_in(Client(REMOTE_ADDR="203.0.113.9"), "ada@example.org").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(client, ada):
    for _ in range(3):
        for _ in range(7):
            log_in(client, "ada@example.org", "wrong")
        assert log_in(Client(), "ada@example.org").status_code == 302


def test_guesses_from_many_places_are_stopped_too(ada):
    for number in range(60):
        log_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), "ada@example.org", "wrong")
    assert log_in(Client(REMOTE_ADDR="203.0.113.1"), "ada@example.org").status_code == 429


# --- Logging in -----------------------------------------------------------------------------------


def test_logging_in_takes_a_new_session_key_and_says_so_in_a_cookie(client, ada):
    client.get("/account/log-in/")
    session = client.session
    session["payments"] = ["kept"]
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    answer = log_in(client, "ada@example.org")
    assert client.session.session_key != before
    assert client.session["payments"] == ["kept"]
    cookie = answer.cookies["signed_in"]
    assert (cookie.value, cookie["samesite"], cookie["httponly"]) == ("1", "Lax", "")
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.org", "wrong"), ("nobody@example.org", PASSWORD), ("off@example.org", PASSWORD)],
)
def test_whatever_is_wrong_the_answer_is_the_same(client, ada, email, password):
    a_user("off@example.org", is_active=False)
    answer = log_in(client, email, password)
    assert answer.status_code == 422
    assert "E-mail and password do not belong together." in answer.content.decode()
    assert not is_in(client)


def test_an_unknown_address_takes_as_much_hashing_as_a_wrong_password(client, ada, settings):
    settings.PASSWORD_HASHERS = ["tests.integration.customer.test_doors.CountingHasher"]
    ada.set_password(PASSWORD)
    ada.save()
    costs = []
    for email in ("ada@example.org", "nobody@example.org"):
        CountingHasher.hashed = 0
        log_in(client, email, "wrong")
        costs.append(CountingHasher.hashed)
    assert costs == [1, 1]


@pytest.mark.parametrize("back", ["/orders/find/", "/account/orders/?page=1"])
def test_logging_in_leads_back_to_where_one_came_from(client, ada, back):
    page = client.get("/account/log-in/", {"next": back}).content.decode()
    assert f'value="{back}"' in page
    assert log_in(client, "ada@example.org", next=back)["Location"] == back


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "evil",
        "\t//evil.example",
    ],
)
def test_logging_in_never_leads_to_another_site(client, ada, back):
    assert log_in(client, "ada@example.org", next=back)["Location"] == "/account/"
    assert client.get("/account/log-in/", {"next": back})["Location"] == "/account/"


def test_who_is_not_logged_in_is_led_to_the_door_and_back(client):
    answer = client.get("/account/orders/?page=2")
    assert answer["Location"] == "/account/log-in/?next=%2Faccount%2Forders%2F%3Fpage%3D2"
    assert client.post("/account/erase/")["Location"] == "/account/log-in/?next=%2Faccount%2F"


def test_logging_out_is_a_post_and_ends_it(member):
    assert member.get("/account/log-out/").status_code == 405
    answer = member.post("/account/log-out/")
    assert answer.cookies["signed_in"].value == ""
    assert not is_in(member)


def test_forms_need_their_token(ada):
    strict = Client(enforce_csrf_checks=True)
    assert log_in(strict, "ada@example.org").status_code == 403
    strict.force_login(ada)
    assert strict.post("/account/log-out/").status_code == 403
    assert strict.post("/account/erase/").status_code == 403


def test_a_stale_cookie_is_taken_away_and_a_missing_one_set(client, ada):
    client.cookies["signed_in"] = "1"
    assert client.get("/account/").cookies["signed_in"].value == ""
    client.force_login(ada)
    assert client.get("/account/").cookies["signed_in"].value == "1"


def test_a_member_never_enters_the_back_office(member):
    assert member.get("/admin/").status_code == 302
    assert member.get("/admin/order/order/").status_code == 302


def test_no_input_breaks_the_doors(client, ada):
    for value in ("", "\x00", "x" * 5000, "ada@example.org\n", "<b>@example.org", "١٢@example.org"):
        for path, fields in (
            ("log-in", {"email": value, "password": value, "next": value}),
            ("new", {"email": value}),
            ("forgotten", {"email": value}),
        ):
            assert client.post(f"/account/{path}/", fields).status_code in (302, 422), (path, value)
    assert not is_in(client)


# --- The basket -----------------------------------------------------------------------------------


def test_the_basket_comes_along_and_stays_with_the_account(client, ada):
    shirt, cushion = a_product().first, a_product().first
    old = a_basket_with((cushion, 1), owner=ada)
    guest = a_basket_with((shirt, 2))
    client.cookies[selectors.COOKIE] = selectors.sign(guest)
    log_in(client, "ada@example.org")
    assert client.cookies["basket_count"].value == "3"
    assert cushion.get_title() in client.get("/basket/").content.decode()
    assert Basket.objects.get(pk=old.pk).status == Basket.MERGED
    client.post("/account/log-out/")
    assert client.cookies["basket_count"].value == "0"
    assert cushion.get_title() not in client.get("/basket/").content.decode()
    elsewhere = Client()
    log_in(elsewhere, "ada@example.org")
    assert cushion.get_title() in elsewhere.get("/basket/").content.decode()


def test_what_did_not_fit_is_said(client, ada):
    shirt = a_product(stock=50).first
    a_basket_with((shirt, 8), owner=ada)
    client.cookies[selectors.COOKIE] = selectors.sign(a_basket_with((shirt, 8)))
    log_in(client, "ada@example.org")
    assert "6 pieces of your older basket did not fit" in client.get("/account/").content.decode()


def test_what_a_guest_saved_for_later_comes_along(client, ada):
    shirt = a_product().first
    client.post(f"/wishlist/add/{shirt.pk}/", headers={"sec-fetch-site": "same-origin"})
    log_in(client, "ada@example.org")
    assert shirt.get_title() in client.get("/wishlist/").content.decode()
