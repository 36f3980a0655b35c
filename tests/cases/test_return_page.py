"""Coming back from Stripe, and what strangers try. That a browser may follow *Pay* to Stripe is the last one."""

from collections import Counter

import pytest
from django.test import Client

from shop.basket.models import Basket
from shop.basket.selectors import COOKIE, sign
from shop.order.models import Order
from shop.payments.models import Payment
from tests.cases.walking import SESSIONS, come_back, press, sales
from tests.factories import a_basket_with
from tests.paying import BUYER, order_of, stock_of, total_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def payment(fake, shopper, basket) -> Payment:
    """A payment this browser has pressed *Pay* for."""
    assert press(shopper, basket).status_code == 303
    return Payment.objects.get()


def test_R02_another_browser_sees_no_person(fake, payment):
    fake.pay(payment.session_id, **BUYER)
    stranger = Client()
    for _time in range(2):
        answer = come_back(stranger)
        page = answer.content.decode()
        assert answer.status_code == 200
        for secret in ("Robin", "robin@example.org", "Paper Street", "LS1 1AA", payment.reference):
            assert secret not in page
    assert order_of(payment).status == "paid"


def test_R03_reloading_prefetching_and_going_back_change_nothing(fake, shopper, payment):
    fake.pay(payment.session_id, **BUYER)
    address = f"/checkout/return/?session_id={payment.session_id}"
    assert shopper.get(address, headers={"Sec-Purpose": "prefetch"}).status_code == 302
    for _reload in range(20):
        assert "/orders/" in come_back(shopper).redirect_chain[-1][0]
    back = shopper.get(f"/checkout/cancelled/{payment.pk}/", follow=True)
    assert "/orders/" in back.redirect_chain[-1][0]
    assert len(fake.requests("GET", f"{SESSIONS}/")) == 1
    assert len(sales()) == Order.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_R04_a_stranger_at_the_cancel_link_finds_nothing(fake, payment, basket, product, method):
    asked = len(fake.requests())
    stranger = Client()
    stranger.cookies[COOKIE] = sign(a_basket_with((product.first, 1)))
    for browser in (Client(), stranger):
        answer = getattr(browser, method)(f"/checkout/cancelled/{payment.pk}/")
        assert answer.status_code == (404 if method == "get" else 405)
    assert Client().get("/checkout/cancelled/00000000-0000-0000-0000-000000000000/").status_code == 404
    payment.refresh_from_db()
    assert payment.state == "open"
    assert Basket.objects.get(pk=basket.pk).status == Basket.FROZEN
    assert stock_of(product.first) == (5, 2)
    assert len(fake.requests()) == asked


def test_R06_stripe_is_down_when_the_shopper_comes_back(fake, shopper, payment, basket):
    fake.pay(payment.session_id, **BUYER)
    fake.fault(method="GET", path=SESSIONS, status=500, stored=False, count=9)
    answer = come_back(shopper)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "confirmed" in page
    assert "/checkout/pay/" not in page
    assert sales() == []
    assert Basket.objects.get(pk=basket.pk).status == Basket.FROZEN
    fake.clear_faults()
    assert "/orders/" in come_back(shopper).redirect_chain[-1][0]
    assert order_of(payment).status == "paid"


def test_R07_a_hundred_sessions_from_one_address(fake, product):
    answers = Counter()
    for _browser in range(100):
        browser, basket = Client(), a_basket_with((product.variants["black", "M"], 1))
        browser.cookies[COOKIE] = sign(basket)
        answers[press_at(browser, "203.0.113.9")] += 1
    assert answers == {303: 3, 429: 97}
    assert len(fake.requests("POST", SESSIONS)) == Payment.objects.count() == Order.objects.count() == 3
    neighbour, basket = Client(), a_basket_with((product.first, 1))
    neighbour.cookies[COOKIE] = sign(basket)
    assert press_at(neighbour, "203.0.113.10") == 303


def press_at(browser: Client, address: str) -> int:
    total = str(total_of(Basket.objects.latest("pk")))
    status: int = browser.post("/checkout/pay/", {"total": total}, REMOTE_ADDR=address).status_code
    return status


TAMPERED = {"price": "0.01", "amount": "1", "currency": "JPY", "discount": "99", "quantity": "1", "id": "1"}


def test_R09_prices_and_amounts_in_the_form_are_ignored(fake, shopper, basket):
    total = total_of(basket)
    press(shopper, basket, **TAMPERED)
    order = Order.objects.get()
    assert (order.currency, order.total_incl_tax) == ("GBP", total)
    (request,) = fake.requests("POST", SESSIONS)
    first, *_others = request["params"]["line_items"]
    assert (first["price_data"]["currency"], first["price_data"]["unit_amount"]) == ("gbp", "5000")


@pytest.mark.parametrize("total", ["0.01", "-1", "1e9", "NaN", ""])
def test_R09_another_total_places_nothing(fake, shopper, basket, total):
    answer = shopper.post("/checkout/pay/", {"total": total}, follow=True)
    assert answer.redirect_chain == [("/basket/", 302)]
    assert "The total has changed" in answer.content.decode()
    assert not Order.objects.exists()
    assert fake.requests() == []
