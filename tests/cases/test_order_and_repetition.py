"""Events early, late, twice, in the wrong order, or never. Those at the same moment are in `test_at_once`."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.basket.models import Basket
from shop.checkout import services as checkout
from shop.emails.models import Mail
from shop.order.models import Order
from shop.order.services import NotPossible, ship
from shop.payments.models import Payment, Refund, WebhookEvent
from shop.stock.models import StockMovement
from shop.worker.services import run_once
from tests.cases.walking import come_back, completed, press, sales, session_event, sessions_at
from tests.paying import BUYER, order_of, press_pay, stock_of
from tests.till import an_event, ring

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def payment(fake, basket) -> Payment:
    return press_pay(basket)


def assert_ordered_once(payment: Payment) -> None:
    (order,) = sales()
    payment.refresh_from_db()
    assert (order.number, order.status, payment.state) == (payment.reference, "paid", "paid")
    assert list(Mail.objects.values_list("kind", "subject")) == [("confirmation", f"order:{order.number}")]
    moved = StockMovement.objects.exclude(kind="received")
    assert list(moved.values_list("kind", "quantity")) == [("allocated", 2)]


def test_O01_the_same_event_again_and_again_and_after_a_day(fake, payment):
    fake.pay(payment.session_id, **BUYER)
    event = completed(payment)
    for _time in range(10):
        assert ring(event).status_code == 200
    assert_ordered_once(payment)
    a_day_ago = timezone.now() - timedelta(days=1)
    WebhookEvent.objects.update(received_at=a_day_ago, processed_at=a_day_ago)
    assert ring(event).status_code == 200
    assert ring(event | {"id": "evt_twin"}).status_code == 200
    assert_ordered_once(payment)


def test_O05_no_event_comes_but_the_shopper_does(fake, shopper, basket):
    press(shopper, basket)
    fake.pay(Payment.objects.get().session_id, **BUYER)
    assert "/orders/" in come_back(shopper).redirect_chain[-1][0]
    assert_ordered_once(Payment.objects.get())
    assert not WebhookEvent.objects.exists()


def test_O06_neither_an_event_nor_the_shopper_comes(fake, payment):
    fake.pay(payment.session_id, **BUYER)
    run_once()
    assert sales() == []
    six_minutes_ago = timezone.now() - timedelta(minutes=6)
    Payment.objects.update(created_at=six_minutes_ago, checked_at=six_minutes_ago)
    assert run_once()["payments settled"] == 1
    run_once()
    assert_ordered_once(payment)


def test_O07_the_event_comes_and_the_shopper_never_does(fake, payment):
    fake.pay(payment.session_id, **BUYER)
    assert ring(completed(payment)).status_code == 200
    assert_ordered_once(payment)
    order = order_of(payment)
    assert (order.guest_email, order.shipping_address.postcode) == ("robin@example.org", "LS1 1AA")
    assert WebhookEvent.objects.get().state == "done"


def test_O08_a_decline_told_after_the_success(fake, payment):
    assert fake.decline(payment.session_id, **BUYER)["outcome"] == "declined"
    declined = fake.events("payment_intent.payment_failed")
    assert ring(session_event("completed", payment)).status_code == 200  # a bell too early
    assert sales() == []
    fake.pay(payment.session_id, **BUYER)
    assert ring(completed(payment, id="evt_good")).status_code == 200
    intent = declined[0]["data"]["object"] if declined else {"id": "pi_1", "object": "payment_intent"}
    for kind in ("payment_intent.payment_failed", "charge.failed"):
        assert ring(an_event(kind, intent)).status_code == 200
    assert_ordered_once(payment)
    assert not Refund.objects.exists()


# --- Delayed methods ------------------------------------------------------------------------------


@pytest.fixture
def delayed(fake, shopper, basket) -> Payment:
    """A payment by a method whose result comes in days; the event of its completion has come."""
    press(shopper, basket)
    payment = Payment.objects.get()
    assert fake.pay(payment.session_id, **BUYER, method="bacs_debit")["outcome"] == "processing"
    assert ring(completed(payment)).status_code == 200
    return payment


def test_O10_complete_but_unpaid_waits_for_the_bank(fake, shopper, delayed, product):
    order = order_of(delayed)
    delayed.refresh_from_db()
    assert (delayed.state, order.status) == ("processing", "processing_payment")
    with pytest.raises(NotPossible):
        ship(number=order.number, by="Sam", parcels_before=0)
    answer = come_back(shopper)
    page = answer.content.decode()
    assert "/orders/" in answer.redirect_chain[-1][0]
    assert "Payment on its way" in page
    assert "/checkout/pay/" not in page
    assert stock_of(product.first) == (5, 2)
    assert not Mail.objects.filter(kind="confirmation").exists()


def test_O11_then_the_bank_pays(fake, delayed):
    fake.settle(delayed.session_id)
    for event in (session_event("async_payment_succeeded", delayed), completed(delayed, id="evt_again")):
        assert ring(event).status_code == 200
    assert_ordered_once(delayed)


def test_O11_also_when_the_first_event_comes_last(fake, payment):
    fake.pay(payment.session_id, **BUYER, method="bacs_debit")
    fake.settle(payment.session_id)
    for event in (session_event("async_payment_succeeded", payment), completed(payment)):
        assert ring(event).status_code == 200
    assert_ordered_once(payment)


def test_O12_then_the_bank_says_no(fake, delayed, product):
    fake.settle(delayed.session_id, good=False)
    for _time in range(2):
        assert ring(session_event("async_payment_failed", delayed)).status_code == 200
    delayed.refresh_from_db()
    assert (delayed.state, order_of(delayed).status) == ("failed", "cancelled")
    assert stock_of(product.first) == (5, 0)
    (mail,) = Mail.objects.exclude(kind="alert")
    assert (mail.kind, mail.to) == ("payment_failed", "robin@example.org")
    (link,) = {word for word in mail.text.split() if word.startswith("http://testserver/")}
    _try_again(link, fake, product)


def _try_again(link, fake, product):
    """Follow the mail's link in another browser: it leads to a session of its own."""
    browser = Client()
    page = browser.get(link.removeprefix("http://testserver")).content.decode()
    number = Order.objects.get().number
    action = next(found for found in re.findall(r'action="([^"]+)"', page) if "/again/" in found)
    assert action.startswith(f"/orders/{number}/again/?token=")
    assert browser.post(f"/orders/{number}/again/?token=wrong").status_code == 404
    assert browser.post(html.unescape(action), follow=True).redirect_chain == [("/basket/", 302)]
    basket = Basket.objects.get(status=Basket.OPEN)
    assert list(basket.lines.values_list("product_id", "quantity")) == [(product.first.pk, 2)]
    assert press(browser, basket).status_code == 303
    new, old = sessions_at(fake)
    assert (old.status, new.status) == ("complete", "open")
    assert Order.objects.filter(status="pending_payment").count() == 1


def test_O14_the_end_of_an_older_session_told_after_the_newer_one_is_paid(fake, payment, basket, product):
    checkout.change_order(basket_id=basket.pk, now=timezone.now())
    second = press_pay(basket)
    fake.pay(second.session_id, **BUYER)
    assert ring(completed(second)).status_code == 200
    second.refresh_from_db()
    before = (second.state, second.paid_at, order_of(second).status)
    assert ring(session_event("expired", payment)).status_code == 200
    second.refresh_from_db()
    assert (second.state, second.paid_at, order_of(second).status) == before
    assert before[0] == before[2] == "paid"
    assert stock_of(product.first) == (5, 2)
    assert Order.objects.get(number=payment.reference).status == "cancelled"
