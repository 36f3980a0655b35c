"""Where the money of an order went stands on its page: the parts sum to what was paid."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.money import ZERO
from shop.order import services
from shop.order.refunding import Asked, refund
from shop.order.selectors import order_page
from shop.partner.models import PieceCost
from shop.storefront.order_money import parts_of_order
from tests.factories import a_basket_with, a_piece_cost, a_product
from tests.paying import pay_for

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    product = a_product(price="25.00")
    a_piece_cost(product.parent.garment)
    return product


def amounts(order) -> dict[str, Decimal]:
    return {part.share.value: part.amount for part in parts_of_order(order_page(order.number))}


def test_an_orders_parts_sum_to_what_was_paid(fake, product, client):
    order = pay_for(a_basket_with((product.first, 2), gift_amount=Decimal("3.00")), fake)
    found = amounts(order)
    assert found["cloth"] == Decimal("14.40")
    assert found["printing"] == Decimal("6.20")
    assert found["packing"] == Decimal("2.70") + order.shipping_excl_tax
    assert found["vat"] == order.total_incl_tax - order.total_excl_tax
    assert found["gift"] == Decimal("3.00")
    assert sum(found.values()) == order.total_incl_tax
    text = client.get(order.link).content.decode()
    assert f"Where your £{order.total_incl_tax} goes" in text


def test_an_order_abroad_pays_no_vat(fake, product):
    order = pay_for(a_basket_with((product.first, 1), country="FR"), fake, country="FR")
    assert "vat" not in amounts(order)
    assert sum(amounts(order).values()) == order.total_incl_tax


def test_the_costs_of_the_day_of_the_order_count(fake, product):
    order = pay_for(a_basket_with((product.first, 1)), fake)
    before = amounts(order)
    PieceCost.objects.create(
        garment=product.parent.garment,
        valid_from="2999-01-01",
        cloth=Decimal(20),
        printing=ZERO,
        packing=ZERO,
    )
    assert amounts(order) == before


def test_without_all_costs_nothing_is_claimed(fake, product, client):
    order = pay_for(a_basket_with((product.first, 1)), fake)
    PieceCost.objects.all().delete()
    assert amounts(order) == {}
    assert "Where your" not in client.get(order.link).content.decode()


def test_an_order_of_which_money_went_back_claims_nothing(fake, product):
    order = pay_for(a_basket_with((product.first, 2)), fake)
    pieces = {order.lines.get().pk: 1}
    refund(number=order.number, asked=Asked(pieces=pieces), reason="", step="token", by="Sam")
    assert amounts(order) == {}


def test_a_cancelled_order_claims_nothing(fake, product):
    order = pay_for(a_basket_with((product.first, 1)), fake)
    services.cancel(number=order.number, reason="", by="Sam")
    assert amounts(order) == {}


def test_many_lines_ask_no_more_than_one(fake, product):
    basket = a_basket_with(*[(variant, 1) for variant in product.variants.values()])
    order = order_page(pay_for(basket, fake).number)
    with CaptureQueriesContext(connection) as asked:
        assert parts_of_order(order)
    assert len(asked) == 3
