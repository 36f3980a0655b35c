"""Refunds, disputes and alerts in the back office, through its pages."""

import re
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from shop.emails.models import StaffAlert
from shop.money import shown
from shop.order.models import Order
from shop.payments.models import Dispute, Payment, Refund
from tests.factories import a_basket_with, a_product
from tests.fake_stripe_client import FakeStripe
from tests.paying import pay_for, stock_of
from tests.till import fake, ring_all, stand_in  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def order(fake: FakeStripe) -> Order:  # noqa: F811
    return pay_for(a_basket_with((a_product(stock=5).first, 3)), fake)


def page(order: Order) -> str:
    return reverse("admin:order_order_change", args=[order.pk])


def refund_url(order: Order) -> str:
    return reverse("admin:order_order_refund", args=[order.pk])


def form_of(browser: Client, order: Order) -> dict[str, str]:
    """Return the form as the page gives it, with its token, ready to be filled in."""
    html = browser.get(refund_url(order)).content.decode()
    token = re.search(r'name="token"[^>]*value="([^"]+)"', html) or re.search(
        r'value="([^"]+)"[^>]*name="token"', html
    )
    assert token
    return {"token": token[1], "how": "pieces", "reason": "too small"}


def said(answer: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def pieces(order: Order) -> str:
    return f"pieces_{order.lines.get().pk}"


def test_pieces_are_refunded_and_a_double_click_does_it_once(staff: Client, order: Order) -> None:
    form = form_of(staff, order) | {pieces(order): "2"}
    assert "£50.00 is refunded." in said(staff.post(refund_url(order), form))
    staff.post(refund_url(order), form)
    refund = Refund.objects.get()
    assert (refund.amount_minor, refund.state, refund.reason) == (5000, "succeeded", "too small")
    assert stock_of(order.lines.get().product) == (5, 1)


def test_an_amount_and_then_everything_that_is_left(staff: Client, order: Order) -> None:
    staff.post(refund_url(order), form_of(staff, order) | {"how": "amount", "amount": "12.34"})
    staff.post(refund_url(order), form_of(staff, order) | {"how": "everything"})
    amounts = sorted(Refund.objects.values_list("amount_minor", flat=True))
    assert amounts == sorted([1234, Payment.objects.get().amount_minor - 1234])
    assert "is not possible any more" in said(staff.post(refund_url(order), {}))


@pytest.mark.parametrize(
    "typed",
    [
        {"how": "amount"},
        {"how": "amount", "amount": "0"},
        {"how": "amount", "amount": "-1"},
        {"how": "amount", "amount": "1.234"},
        {"how": "amount", "amount": "NaN"},
        {"how": "amount", "amount": "99999"},
        {"how": "pieces"},
        {"how": "everything", "restock": "on"},
        {"how": "nothing"},
        {"how": "everything", "reason": ""},
        {"how": "everything", "token": "x"},
    ],
)
def test_what_makes_no_sense_is_said_and_refunds_nothing(
    staff: Client, order: Order, typed: dict[str, str]
) -> None:
    answer = staff.post(refund_url(order), form_of(staff, order) | typed)
    assert answer.status_code == 200 or "can still be refunded" in said(answer)
    assert not Refund.objects.exists()


def test_what_stripe_refuses_is_a_message(
    staff: Client,
    order: Order,
    fake: FakeStripe,  # noqa: F811
) -> None:
    fake.control("POST", f"payments/{Payment.objects.get().session_id}/dispute")
    answer = staff.post(refund_url(order), form_of(staff, order) | {"how": "everything"})
    assert "failed. The payment is disputed" in said(answer)
    assert Refund.objects.get().state == "failed"


def test_only_who_may_refund_has_the_button(
    helper: Callable[..., Client], staff: Client, order: Order
) -> None:
    form = form_of(staff, order) | {"how": "everything"}
    browser = helper("order.change_order")
    assert refund_url(order) not in browser.get(page(order)).content.decode()
    assert browser.post(refund_url(order), form).status_code == 403
    assert not Refund.objects.exists()


def test_the_order_shows_its_disputes_with_the_due_date_and_home_the_alert(
    staff: Client,
    order: Order,
    fake: FakeStripe,  # noqa: F811
) -> None:
    fake.control("POST", f"payments/{Payment.objects.get().session_id}/dispute", due_by=1796083200)
    ring_all(fake, "charge.dispute")
    html = staff.get(page(order)).content.decode()
    assert "Answer at Stripe by 1 Dec 2026" in html
    assert "disputed" in html
    assert staff.get(reverse("admin:payments_dispute_changelist")).status_code == 200
    page_of_it = reverse("admin:payments_dispute_change", args=[Dispute.objects.get().pk])
    assert staff.get(page_of_it).status_code == 200
    alert = StaffAlert.objects.get()
    assert alert.text in staff.get("/admin/").content.decode()
    done = reverse("admin:emails_staffalert_done", args=[alert.pk])
    assert "done" in said(staff.post(done))
    assert alert.text not in staff.get("/admin/").content.decode()
    for path in (
        reverse("admin:emails_staffalert_changelist"),
        f"/admin/emails/staffalert/{alert.pk}/change/",
    ):
        assert staff.get(path).status_code == 200


def test_delivery_is_refunded_as_a_line_of_its_own(
    staff: Client,
    fake: FakeStripe,  # noqa: F811
) -> None:
    order = pay_for(a_basket_with((a_product(stock=5).first, 1)), fake)
    delivery = shown(order.shipping_incl_tax, "GBP")
    assert f"Delivery: {delivery}" in staff.get(refund_url(order)).content.decode()
    answer = staff.post(refund_url(order), form_of(staff, order) | {"extra_delivery": "on"})
    assert f"{delivery} is refunded." in said(answer)
    assert Refund.objects.get().amount_minor == int(order.shipping_incl_tax * 100)
    assert stock_of(order.lines.get().product) == (5, 1)
    assert "extra_delivery" not in staff.get(refund_url(order)).content.decode()
    staff.post(refund_url(order), form_of(staff, order) | {"how": "everything"})
    assert Refund.objects.count() == 2


def test_a_payment_whose_order_is_gone_has_a_button_that_refunds_it(staff: Client, order: Order) -> None:
    payment = Payment.objects.get()
    shown_at = reverse("admin:payments_payment_change", args=[payment.pk])
    button = reverse("admin:payments_payment_refund", args=[payment.pk])
    assert button not in staff.get(shown_at).content.decode()
    assert "is not possible any more" in said(staff.post(button, {"reason": "x"}))
    Order.objects.all().delete()
    html = staff.get(shown_at).content.decode()
    assert button in html
    assert "does not exist any more" in html
    token = re.search(r'value="([0-9a-f-]{36})"', staff.get(button).content.decode())
    assert token
    form = {"token": token[1], "reason": "its order is gone"}
    assert "is refunded." in said(staff.post(button, form))
    staff.post(button, form)
    assert (Refund.objects.get().amount_minor, Refund.objects.get().state) == (
        payment.amount_minor,
        "succeeded",
    )
    assert button not in staff.get(shown_at).content.decode()


def test_only_who_may_refund_refunds_a_payment(helper: Callable[..., Client], order: Order) -> None:
    Order.objects.all().delete()
    payment = Payment.objects.get()
    button = reverse("admin:payments_payment_refund", args=[payment.pk])
    browser = helper("payments.view_payment")
    shown_at = reverse("admin:payments_payment_change", args=[payment.pk])
    assert button not in browser.get(shown_at).content.decode()
    assert browser.post(button, {"reason": "x"}).status_code == 403
    assert not Refund.objects.exists()
