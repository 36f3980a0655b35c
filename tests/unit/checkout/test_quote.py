from datetime import UTC, datetime
from decimal import Decimal

import pytest

from shop.checkout.quote import quote
from tests.factories import a_basket_with, a_product

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def test_goods_and_delivery_sum_to_the_total():
    shirt = a_product(price="12.50").first
    priced = quote(a_basket_with((shirt, 2)), now=NOW)
    assert priced.goods == Decimal("25.00")
    assert priced.delivery == Decimal("3.95")
    assert priced.total == Decimal("28.95")
    assert priced.vat == Decimal("4.17") + Decimal("0.66")
    assert priced.is_payable
