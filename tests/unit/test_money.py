from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money import UnknownCurrency, from_minor, rounded, shown, spread, to_minor, to_pence_parts, vat_in

pence = st.integers(0, 10**7).map(lambda p: D(p).scaleb(-2))
weights = st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=30)


@given(total=pence, weights=weights)
def test_spread_parts_sum_to_the_total_and_are_whole_pence(total, weights):
    parts = spread(total, weights)
    assert sum(parts) == total
    assert all(part >= 0 and to_minor(part, "GBP") == part.scaleb(2) for part in parts)


@given(total=pence, weights=weights)
def test_spread_gives_each_its_share_to_within_a_penny(total, weights):
    whole = sum(weights) or D(len(weights))
    shares = weights if sum(weights) else [D(1)] * len(weights)
    for part, weight in zip(spread(total, weights), shares, strict=True):
        assert abs(part - total * weight / whole) < D("0.01000001")


@given(total=pence, weights=weights)
def test_spread_gives_a_weightless_part_nothing(total, weights):
    if sum(weights):
        assert all(part == 0 for part, w in zip(spread(total, weights), weights, strict=True) if w == 0)


def test_spread_gives_odd_pennies_to_the_earlier():
    assert spread(D("1.00"), [D(1), D(1), D(1)]) == [D("0.34"), D("0.33"), D("0.33")]
    assert spread(D("0.05"), [D(0), D(0)]) == [D("0.03"), D("0.02")]


def test_spread_over_nothing_is_only_right_for_nothing():
    assert spread(D("0.00"), []) == []
    with pytest.raises(ValueError, match="nothing to spread"):
        spread(D("0.01"), [])


@given(exact=st.lists(st.decimals(0, 10**5, places=4), max_size=30))
def test_pence_parts_sum_to_the_rounded_sum_and_stay_beside_their_amount(exact):
    parts = to_pence_parts(exact)
    assert sum(parts) == rounded(sum(exact, D(0)))
    assert all(abs(part - amount) < D("0.01") for part, amount in zip(parts, exact, strict=True))


@given(exact=st.lists(pence, max_size=30))
def test_pence_parts_leave_whole_pence_alone(exact):
    assert to_pence_parts(exact) == exact


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("25.00", "GBP", 2500),
        ("0.01", "eur", 1),
        ("500", "JPY", 500),
        ("1.230", "KWD", 1230),
        ("3", "ISK", 300),
    ],
)
def test_minor_units_go_there_and_back(amount, currency, minor):
    assert to_minor(D(amount), currency) == minor
    assert from_minor(minor, currency) == D(amount)


def test_what_is_finer_than_a_minor_unit_is_refused():
    with pytest.raises(ValueError, match="finer"):
        to_minor(D("0.001"), "GBP")
    with pytest.raises(UnknownCurrency):
        to_minor(D("1"), "DOGE")


@pytest.mark.parametrize(
    ("gross", "rate", "vat"), [("25.00", "0.20", "4.17"), ("10.00", "0.05", "0.48"), ("9.99", "0", "0")]
)
def test_vat_is_what_a_vat_inclusive_price_contains(gross, rate, vat):
    assert vat_in(D(gross), D(rate)) == D(vat)


def test_amounts_are_written_for_people():
    assert shown(D("1234.5")) == "£1,234.50"
    assert shown(D("3"), "EUR") == "€3.00"
