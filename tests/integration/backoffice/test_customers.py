"""Customers in the back office: to read, and to help who cannot log in."""

from collections.abc import Callable

import pytest
from django.test import Client

from shop.emails.models import Mail
from shop.order.models import Order
from tests.integration.backoffice.conftest import Placed, a_person

LIST = "/admin/customer/customer/"


@pytest.fixture
def page(paid: Placed) -> str:
    """The page of a customer with one order."""
    person = a_person("reader@example.org")
    Order.objects.filter(pk=paid.order.pk).update(user=person)
    return f"{LIST}{person.pk}/change/"


def test_customers_are_listed_with_their_orders_and_staff_are_not(staff: Client, page: str) -> None:
    text = staff.get(LIST).content.decode()
    assert "reader@example.org" in text
    assert "owner@example.org" not in text.split("<table")[1]


def test_a_customer_is_found_by_order_number(staff: Client, page: str, paid: Placed) -> None:
    assert "reader@example.org" in staff.get(LIST, {"q": paid.order.number}).content.decode()
    assert "reader@example.org" not in staff.get(LIST, {"q": "NOSUCHNUMB"}).content.decode()


def test_the_page_shows_the_orders_and_changes_nothing(staff: Client, page: str, paid: Placed) -> None:
    text = staff.get(page).content.decode()
    assert paid.order.number in text
    assert "Send password link" in text
    assert staff.post(page, {"email": "x@example.org"}).status_code == 405


def test_a_password_link_is_sent_to_the_customer(staff: Client, page: str) -> None:
    assert staff.post(page.replace("change", "password-link"), follow=True).status_code == 200
    mail = Mail.objects.get(kind="account")
    assert (mail.to, mail.headline) == ("reader@example.org", "Choose a new password")


def test_who_may_not_see_orders_sees_none(helper: Callable[..., Client], page: str, paid: Placed) -> None:
    text = helper("customer.view_customer").get(page).content.decode()
    assert "reader@example.org" in text
    assert paid.order.number not in text
    assert "Send password link" not in text
    assert helper("order.view_order").get(page).status_code == 403
