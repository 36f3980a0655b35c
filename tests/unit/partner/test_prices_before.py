"""What a reduced thing cost before: the lowest price of the 30 days before the reduction began."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from shop.partner.models import PriceChange
from shop.partner.selectors import prices_before
from tests.factories import a_product, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def was(*history: tuple[int, str]) -> str | None:
    """Return the earlier price of a variant whose price became that so many days before NOW."""
    variant = a_product(colours=["white"], sizes=["M"]).first
    record = record_of(variant)
    record.price_changes.all().delete()
    for days, price in history:
        PriceChange.objects.create(
            stockrecord=record, price=Decimal(price), changed_at=NOW - timedelta(days=days)
        )
    found = prices_before([variant.pk], now=NOW).get(variant.pk)
    return None if found is None else str(found)


def test_a_price_that_never_changed_has_no_earlier_one():
    assert was((100, "25.00")) is None
    assert was() is None


def test_a_reduction_is_measured_from_the_price_before_it():
    assert was((100, "30.00"), (5, "25.00")) == "30.00"


def test_a_raise_for_a_day_is_not_the_earlier_price():
    assert was((100, "25.00"), (6, "40.00"), (5, "26.00")) is None
    assert was((100, "28.00"), (6, "40.00"), (5, "26.00")) == "28.00"


def test_a_low_price_that_ended_more_than_30_days_before_does_not_count():
    assert was((100, "20.00"), (36, "30.00"), (5, "25.00")) == "30.00"
    assert was((100, "20.00"), (34, "30.00"), (5, "25.00")) is None


def test_reductions_in_a_row_are_one():
    assert was((100, "30.00"), (10, "25.00"), (5, "20.00")) == "30.00"


def test_a_raise_is_no_reduction():
    assert was((100, "20.00"), (5, "25.00")) is None


def test_a_reduction_is_announced_for_30_days():
    assert was((100, "30.00"), (30, "25.00")) == "30.00"
    assert was((100, "30.00"), (31, "25.00")) is None


def test_one_question_serves_all_variants(django_assert_num_queries):
    product = a_product()
    keys = [variant.pk for variant in product.variants.values()]
    with django_assert_num_queries(1):
        assert prices_before(keys, now=NOW) == {}
