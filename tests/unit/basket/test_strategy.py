from decimal import Decimal as D

import pytest
from oscar.apps.partner.availability import StockRequired, Unavailable
from oscar.core.loading import get_class

from tests.factories import a_product, stocked

pytestmark = [pytest.mark.django_db, pytest.mark.both]


class Stranger:
    """A request that must not be asked anything."""

    def __getattr__(self, name: str):
        raise AssertionError(f"asked for {name}")


def strategy():
    return get_class("partner.strategy", "Selector")().strategy(request=Stranger(), user=Stranger())


def test_the_shelf_price_includes_vat_and_its_tax_is_decided_later():
    price = strategy().fetch_for_product(a_product(price="25.00").first).price
    assert (price.incl_tax, price.excl_tax, price.tax) == (D("25.00"), D("25.00"), D("0.00"))
    assert (price.effective_price, price.currency) == (D("25.00"), "GBP")


def test_availability_is_what_is_not_allocated():
    found = strategy().fetch_for_product(a_product(stock=3).first).availability
    assert isinstance(found, StockRequired)
    assert found.is_purchase_permitted(3)[0]
    assert not found.is_purchase_permitted(4)[0]


@pytest.mark.parametrize("hide", ["variant", "parent", "design"])
def test_nothing_hidden_is_available(hide):
    shirt = a_product().first
    hidden = {"variant": shirt, "parent": shirt.parent, "design": shirt.parent.design}[hide]
    hidden.is_public = False
    hidden.save()
    assert isinstance(strategy().fetch_for_product(shirt).availability, Unavailable)


def test_a_parent_costs_what_its_cheapest_variant_costs_and_has_their_stock():
    made = a_product(price="25.00", stock=0, colours=["white"], sizes=["S", "M"])
    made.variants["white", "S"].stockrecords.all().delete()
    stocked(made.variants["white", "S"], sku="CHEAP", price=D("20.00"), pieces=2)
    found = strategy().fetch_for_parent(made.parent)
    assert found.price.incl_tax == D("20.00")
    assert found.availability.num_available == 2


def test_a_product_without_stock_record_has_no_price():
    shirt = a_product(stock=0).first
    shirt.stockrecords.all().delete()
    found = strategy().fetch_for_product(shirt)
    assert not found.price.exists
    assert isinstance(found.availability, Unavailable)
