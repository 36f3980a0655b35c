"""Whatever is in the basket, its parts sum to its total, to the penny."""

from decimal import Decimal as D
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.models import Garment
from shop.checkout.quote import Quote, quote
from shop.money import to_minor
from shop.partner.models import StockRecord
from tests.factories import a_basket_with, a_garment, a_product, record_of
from tests.unit.checkout.makers import NOW, a_voucher, an_offer, with_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.both]

pence = st.integers(0, 6000).map(lambda p: D(p).scaleb(-2))
offers = st.one_of(
    st.tuples(st.just("Percentage"), st.integers(1, 100).map(str), st.integers(1, 3)),
    st.tuples(st.just("Absolute"), pence.filter(bool).map(str), st.integers(1, 3)),
    st.tuples(st.just("Fixed price"), pence.filter(bool).map(str), st.integers(2, 4)),
    st.tuples(st.just("Multibuy"), st.none(), st.integers(2, 4)),
    st.tuples(st.just("Shipping absolute"), pence.filter(bool).map(str), st.integers(1, 2)),
    st.tuples(st.just("Shipping percentage"), st.integers(1, 100).map(str), st.integers(1, 2)),
)
lines = st.lists(st.tuples(pence, st.integers(1, 10)), min_size=1, max_size=4)
numbers = count(1)


@pytest.fixture
def variants():
    zero = a_garment("booklet", vat_code=Garment.VatCode.ZERO)
    reduced = a_garment("seat", vat_code=Garment.VatCode.REDUCED)
    return [
        a_product().first,
        a_product().first,
        a_product(garment=zero).first,
        a_product(garment=reduced).first,
    ]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    lines=lines,
    site=st.lists(offers, max_size=2),
    by_code=st.lists(offers, max_size=2),
    gift=pence,
    country=st.sampled_from(["GB", "JE", "FR"]),
)
def test_the_parts_of_any_basket_sum_to_its_total(variants, *, lines, site, by_code, gift, country):
    with transaction.atomic():
        q = _quoted(variants, lines=lines, site=site, by_code=by_code, gift=gift, country=country)
        transaction.set_rollback(True)
    assert sum(line.total for line in q.lines) + q.delivery + q.gift == q.total
    assert sum(line.before for line in q.lines) - q.discount == sum(line.total for line in q.lines)
    assert sum(line.vat for line in q.lines) + q.delivery_vat == q.vat
    assert q.net + q.vat == q.total
    assert sum(saving.saved for saving in q.offers if not saving.is_delivery) == q.discount
    assert all(D(0) <= line.total <= line.before for line in q.lines)
    assert all(D(0) <= line.vat <= line.total and line.net + line.vat == line.total for line in q.lines)
    assert sum(to_minor(line.total, "GBP") for line in q.lines) + to_minor(
        q.delivery + q.gift, "GBP"
    ) == to_minor(q.total, "GBP")


def _quoted(variants, *, lines, site, by_code, gift, country) -> Quote:
    wanted = []
    for variant, (price, quantity) in zip(variants, lines, strict=False):
        StockRecord.objects.filter(pk=record_of(variant).pk).update(price=price)
        wanted.append((variant, quantity))
    for kind, value, least in site:
        an_offer(kind, value, least=least)
    basket = a_basket_with(*wanted, gift_amount=gift, country=country)
    if by_code:
        made = [an_offer(kind, value, least=least) for kind, value, least in by_code]
        with_voucher(basket, a_voucher(f"CODE{next(numbers)}", *made))
    return quote(basket, now=NOW)
