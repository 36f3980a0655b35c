"""The account's own pages: orders, addresses, name, e-mail, password."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.customer.models import ProductAlert
from shop.emails.models import Mail
from shop.order import services
from shop.order.models import Order
from shop.users.models import User
from tests.factories import PASSWORD, a_basket_with, a_product, a_user
from tests.integration.customer.conftest import headlines, is_in, log_in, path_in_mail
from tests.paying import pay_for, press_pay

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NEW = "three odd words here"
PAGES = [
    "/account/",
    "/account/orders/",
    "/account/addresses/",
    "/account/details/",
    "/account/data/",
    "/account/erase/",
]


@pytest.fixture
def product():
    return a_product(stock=50)


def an_order(fake, product, owner=None, **typed) -> Order:
    return pay_for(a_basket_with((product.first, 1), owner=owner), fake, **typed)


def shipped(order: Order) -> Order:
    services.ship(number=order.number, by="Sam", parcels_before=0)
    order.refresh_from_db()
    return order


def test_every_page_is_private_and_its_own(member):
    for path in PAGES:
        answer = member.get(path)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store"), path
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert Client().get(path)["Location"].startswith("/account/log-in/?next=")


def test_pages_ask_the_same_few_questions_for_many_orders(member, ada, fake, product):
    an_order(fake, product, ada)
    few = {path: _queries(member, path) for path in PAGES}
    for _ in range(4):
        an_order(fake, product, ada)
    assert {path: _queries(member, path) for path in PAGES} == few
    assert few == {
        "/account/": 5,
        "/account/orders/": 5,
        "/account/addresses/": 3,
        "/account/details/": 2,
        "/account/data/": 2,
        "/account/erase/": 6,
    }


def _queries(client, path) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_orders_are_listed_newest_first_in_pages_without_those_never_paid(
    member, ada, fake, product, settings
):
    settings.MAX_PAYS_PER_HOUR_PER_ADDRESS = 99
    orders = [an_order(fake, product, ada) for _ in range(11)]
    pending = press_pay(a_basket_with((product.first, 1), owner=ada), client="other")
    page = member.get("/account/orders/").content.decode()
    assert page.index(orders[10].number) < page.index(orders[1].number)
    assert orders[0].number not in page
    assert pending.reference not in page
    assert orders[0].number in member.get("/account/orders/?page=2").content.decode()
    assert member.get("/account/orders/?page=3").status_code == 404


def test_the_owner_opens_an_order_without_its_token_and_nobody_else_does(member, ada, fake, product):
    mine, other = an_order(fake, product, ada), an_order(fake, product, a_user())
    assert "Robin Reader" in member.get(f"/orders/{mine.number}/").content.decode()
    for browser, number in ((member, other.number), (Client(), mine.number), (member, "NOSUCHNUMB")):
        answer = browser.get(f"/orders/{number}/")
        assert answer.status_code == 404
        assert "This link opens no order" in answer.content.decode()


def test_the_overview_says_what_the_address_waits_for(member, ada, product):
    ProductAlert.objects.create(product=product.first, email=ada.email, key="a-key")
    page = member.get("/account/").content.decode()
    assert f"{product.first.get_title()}, White, S" in page
    assert 'href="/account/alerts/' in page


def test_an_order_is_ordered_again_from_its_page(member, ada, fake, product):
    order = an_order(fake, product, ada)
    assert "Order it again" in member.get(f"/orders/{order.number}/").content.decode()
    assert member.post(f"/orders/{order.number}/again/")["Location"] == "/basket/"
    assert product.first.get_title() in member.get("/basket/").content.decode()
    assert Client().post(f"/orders/{order.number}/again/").status_code == 404


def test_a_guest_is_offered_an_account_and_gets_the_link_by_mail(client, fake, product):
    order = an_order(fake, product)
    page = client.get(order.link).content.decode()
    assert "Keep this order in an account" in page
    answer = client.post(order.link.replace("/?token", "/keep/?token"))
    assert answer["Location"] == "/account/sent/"
    assert headlines("robin@example.org")[-1] == "Make your account"
    client.post(path_in_mail("robin@example.org"), {"new_password": NEW})
    order.refresh_from_db()
    assert order.user == User.objects.get(email="robin@example.org")
    assert "Keep this order" not in client.get(order.link).content.decode()
    assert client.post(f"/orders/{order.number}/keep/").status_code == 302
    assert Client().post(f"/orders/{order.number}/keep/").status_code == 404


def test_addresses_are_those_of_past_orders_each_once(member, ada, fake, product):
    for _ in range(2):
        an_order(fake, product, ada)
    an_order(fake, product, ada, line1="2 Ink Lane")
    page = member.get("/account/addresses/").content.decode()
    assert page.count("1 Paper Street<br>") == 1
    assert page.count("2 Ink Lane<br>") == 1
    assert "2 orders" in page


def test_an_address_is_removed_from_finished_orders_only(member, ada, fake, product):
    done, open_one = shipped(an_order(fake, product, ada)), an_order(fake, product, ada)
    other = shipped(an_order(fake, product, a_user()))
    assert "still to go there" in member.get("/account/addresses/").content.decode()
    key = _key(member, ada)
    member.post(f"/account/addresses/{key}/remove/")
    for order, knows in ((done, False), (open_one, True), (other, True)):
        order.refresh_from_db()
        assert (order.shipping_address is not None, order.raw_address is not None) == (knows, knows)
    assert done.customer_name == "Robin Reader"


def _key(member, ada) -> str:
    from shop.customer.accounts_selectors import addresses_of

    return addresses_of(ada)[0].key


def test_an_address_nobody_has_removes_nothing(member, ada, fake, product):
    order = shipped(an_order(fake, product, ada))
    answer = member.post("/account/addresses/0123456789abcdef/remove/", follow=True)
    assert "Nothing was taken off" in answer.content.decode()
    order.refresh_from_db()
    assert order.shipping_address is not None


def test_the_name_is_changed(member, ada):
    member.post("/account/details/name/", {"name": "Ada <Byron>"})
    ada.refresh_from_db()
    assert ada.get_full_name() == "Ada <Byron>"
    assert "Hello, Ada &lt;Byron&gt;." in member.get("/account/").content.decode()


def test_a_new_password_needs_the_old_one_and_ends_every_other_session(member, ada):
    elsewhere = Client()
    log_in(elsewhere, ada.email)
    refused = member.post("/account/details/password/", {"password": "wrong", "new_password": NEW})
    assert refused.status_code == 422
    assert "This is not your password." in refused.content.decode()
    assert is_in(elsewhere)
    member.post("/account/details/password/", {"password": PASSWORD, "new_password": NEW})
    assert is_in(member)
    assert not is_in(elsewhere)
    assert log_in(Client(), ada.email, PASSWORD).status_code == 422
    assert headlines(ada.email) == ["Your password was changed"]


def test_an_open_browser_is_no_place_to_guess_the_password(member, ada):
    guess = {"password": "wrong", "new_password": NEW}
    statuses = [member.post("/account/details/password/", guess).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    guess["password"] = PASSWORD
    assert member.post("/account/details/password/", guess).status_code == 429
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def ask_for_email(member, email="new@example.org", password=PASSWORD):
    return member.post("/account/details/email/", {"email": email, "password": password})


def test_an_address_is_changed_when_the_new_one_has_confirmed_it(member, ada, fake, product):
    order = an_order(fake, product, ada)
    assert ask_for_email(member).status_code == 302
    path = path_in_mail("new@example.org")
    assert "Use this address" in Client().get(path).content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"
    assert Client().post(path)["Location"] == "/account/"
    ada.refresh_from_db()
    order.refresh_from_db()
    assert (ada.email, order.guest_email) == ("new@example.org", "new@example.org")
    assert headlines("ada@example.org")[-1] == "Your account has a new address"
    assert "new@example.org" not in Mail.objects.filter(to="ada@example.org").latest("pk").text
    assert Client().post(path).status_code == 410


def test_changing_the_address_needs_the_password(member, ada):
    assert ask_for_email(member, password="wrong").status_code == 422
    assert not Mail.objects.exists()


def test_whether_the_new_address_has_an_account_is_told_to_its_mailbox_only(member, ada):
    a_user("taken@example.org")
    free, taken = ask_for_email(member), ask_for_email(member, "Taken@example.org")
    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert headlines("Taken@example.org") == ["This address has an account of its own"]


def test_an_address_that_was_taken_meanwhile_changes_nothing(member, ada):
    ask_for_email(member)
    a_user("NEW@example.org")
    answer = member.post(path_in_mail("new@example.org"), follow=True)
    assert "nothing was changed" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.email == "ada@example.org"


def test_a_new_password_ends_an_open_change_of_address(member, ada):
    ask_for_email(member)
    member.post("/account/details/password/", {"password": PASSWORD, "new_password": NEW})
    assert Client().post(path_in_mail("new@example.org")).status_code == 410


# --- Find my order --------------------------------------------------------------------------------


def find(client, number, email):
    return client.post("/orders/find/", {"number": number, "email": email}, follow=True)


def test_the_link_is_mailed_to_the_orders_own_address(client, fake, product):
    order = an_order(fake, product)
    find(client, f" {order.number.lower()} ", "ROBIN@example.org")
    assert client.get(path_in_mail("robin@example.org")).status_code == 200


def test_right_and_wrong_are_answered_alike_and_only_right_is_mailed(client, fake, product):
    order = an_order(fake, product)
    before = Mail.objects.count()
    right = find(client, order.number, "robin@example.org")
    wrong = [find(client, order.number, "other@example.org"), find(client, "NOSUCHNUMB", "robin@example.org")]
    texts = {_without_token(answer) for answer in [right, *wrong]}
    assert len(texts) == 1
    assert "If there is such an order" in texts.pop()
    assert Mail.objects.count() == before + 1


def _without_token(answer) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def test_an_order_that_was_not_paid_has_nobody_to_mail(client, fake, product):
    payment = press_pay(a_basket_with((product.first, 1)))
    find(client, payment.reference, "")
    find(client, payment.reference, "x@example.org")
    assert not Mail.objects.exists()


def test_an_order_is_looked_for_five_times_an_hour(client, fake, product):
    order = an_order(fake, product)
    before = Mail.objects.count()
    for _ in range(7):
        assert find(client, order.number, "robin@example.org").status_code == 200
    assert Mail.objects.count() == before + 5


def test_one_place_looks_twenty_times_an_hour(client):
    statuses = [find(client, f"NOSUCH{number:04}", "x@example.org").status_code for number in range(21)]
    assert statuses == [200] * 20 + [429]


def test_empty_fields_are_said_beside_them(client, db):
    answer = client.post("/orders/find/", {})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#id_number">' in page
    assert 'aria-describedby="id_number_helptext id_number_error"' in page
