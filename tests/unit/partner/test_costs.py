"""Where the money of a sale goes: parts that sum to the price to the penny, by the costs of the day."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.partner.costs import Costs, Share, costs_of, costs_of_all, parts_of_price, split
from shop.partner.models import PaymentFee, PieceCost
from tests.factories import a_garment, a_piece_cost

COSTS = Costs(Decimal("7.20"), Decimal("3.10"), Decimal("1.35"), Decimal("1.5"), Decimal("0.20"))
TODAY = date(2026, 6, 15)
pence = st.integers(0, 10_000).map(lambda number: Decimal(number).scaleb(-2))


def amounts(parts) -> dict[str, str]:
    return {part.share.value: str(part.amount) for part in parts}


def test_a_price_is_made_of_its_parts():
    assert amounts(parts_of_price(Decimal("25.00"), costs=COSTS, vat_rate=Decimal("0.20"))) == {
        "cloth": "7.20",
        "printing": "3.10",
        "packing": "1.35",
        "fee": "0.57",
        "vat": "4.17",
        "newsroom": "8.61",
    }


def test_the_parts_stand_one_after_the_other():
    parts = parts_of_price(Decimal("25.00"), costs=COSTS, vat_rate=Decimal("0.20"))
    assert [str(part.start) for part in parts] == ["0.00", "7.20", "10.30", "11.65", "12.22", "16.39"]


def test_what_costs_nothing_is_no_part():
    free = Costs(*[Decimal(0)] * 5)
    assert amounts(parts_of_price(Decimal("9.99"), costs=free, vat_rate=Decimal(0))) == {"newsroom": "9.99"}


def test_a_price_below_its_costs_has_no_parts_to_show():
    assert parts_of_price(Decimal("12.00"), costs=COSTS, vat_rate=Decimal("0.20")) == ()


def test_a_price_that_just_covers_its_costs_leaves_nothing():
    assert amounts(split(Decimal("3.00"), {Share.CLOTH: Decimal("3.00")})) == {"cloth": "3.00"}


@given(total=st.integers(1, 100_000), known=st.lists(pence, max_size=6), percent=st.integers(0, 9_999))
def test_the_parts_sum_to_the_total_to_the_penny(total, known, percent):
    whole = Decimal(total).scaleb(-2)
    exact = dict(zip(Share, known, strict=False)) | {Share.FEE: whole * percent / 30_000}
    parts = split(whole, exact)
    if sum(exact.values()) > whole:
        assert parts == ()
    else:
        assert sum(part.amount for part in parts) == whole
        assert all(part.amount > 0 for part in parts)


@pytest.mark.django_db
@pytest.mark.both
class TestDatedCosts:
    @pytest.fixture
    def shirt(self):
        PaymentFee.objects.all().delete()
        PaymentFee.objects.create(valid_from=date(2020, 1, 1), percent="1.4", fixed="0.20")
        PaymentFee.objects.create(valid_from=date(2026, 1, 1), percent="1.5", fixed="0.25")
        garment = a_garment()
        a_piece_cost(garment, since=date(2025, 1, 1), cloth="7.00")
        a_piece_cost(garment, since=date(2026, 6, 15), cloth="7.50")
        return garment

    def test_the_newest_row_that_has_begun_counts(self, shirt):
        found = costs_of(shirt.pk, on=TODAY)
        assert (found.cloth, found.fee_percent, found.fee_fixed) == (
            Decimal("7.50"),
            Decimal("1.5"),
            Decimal("0.25"),
        )

    def test_an_older_day_has_its_own_costs(self, shirt):
        found = costs_of(shirt.pk, on=date(2025, 12, 31))
        assert (found.cloth, found.fee_percent) == (7, Decimal("1.4"))

    def test_before_the_first_row_nothing_is_known(self, shirt):
        assert costs_of(shirt.pk, on=date(2024, 12, 31)) is None

    def test_garments_are_asked_for_in_one_question(self, shirt, django_assert_num_queries):
        cushion = a_garment("cushion")
        a_piece_cost(cushion, cloth="10.40")
        with django_assert_num_queries(1):
            found = costs_of_all({shirt.pk, cushion.pk, 0}, on=TODAY)
        assert {pk: costs.cloth for pk, costs in found.items()} == {
            shirt.pk: Decimal("7.50"),
            cushion.pk: Decimal("10.40"),
        }

    def test_a_new_store_knows_the_card_fee(self):
        assert PaymentFee.objects.get().percent == Decimal("1.5")
        assert not PieceCost.objects.exists()
