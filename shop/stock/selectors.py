"""What the ledger says, beside what the records say."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce

from shop.partner.models import StockRecord
from shop.stock.models import StockMovement

Kind = StockMovement.Kind

#: How each kind counts, per piece.
ON_HAND = {Kind.RECEIVED: 1, Kind.RETURNED: 1, Kind.CORRECTED: 1, Kind.SOLD: -1}
ALLOCATED = {Kind.ALLOCATED: 1, Kind.RELEASED: -1, Kind.SOLD: -1}


@dataclass(frozen=True)
class Difference:
    """A record whose numbers are not what its movements add up to; each pair is (on hand, allocated)."""

    stockrecord_id: int
    sku: str
    record: tuple[int, int]
    summed: tuple[int, int]
    last_movement: tuple[int, int]

    def __str__(self) -> str:
        return (
            f"{self.sku}: the record says {_pair(self.record)}; "
            f"its movements add up to {_pair(self.summed)}; the last one left {_pair(self.last_movement)}"
        )


def _pair(numbers: tuple[int, int]) -> str:
    return f"{numbers[0]} on hand and {numbers[1]} allocated"


def differences() -> list[Difference]:
    """Return every record that differs from its movements, by SKU; always one query."""
    return sorted(_differing(), key=lambda difference: difference.sku)


def _differing() -> Iterator[Difference]:
    rows = StockRecord.objects.annotate(
        summed_on_hand=_summed(ON_HAND),
        summed_allocated=_summed(ALLOCATED),
        last_on_hand=Coalesce(_last_movement("on_hand_after"), 0),
        last_allocated=Coalesce(_last_movement("allocated_after"), 0),
    ).filter(
        ~Q(num_in_stock=F("summed_on_hand"))
        | ~Q(num_allocated=F("summed_allocated"))
        | ~Q(num_in_stock=F("last_on_hand"))
        | ~Q(num_allocated=F("last_allocated"))
    )
    for row in rows:
        yield Difference(
            row.pk,
            row.partner_sku,
            (row.num_in_stock, row.num_allocated),
            (row.summed_on_hand, row.summed_allocated),
            (row.last_on_hand, row.last_allocated),
        )


def _summed(signs: dict[Kind, int]) -> Coalesce:
    """Sum a record's movements, each counted by its kind."""
    signed = Case(
        *(When(movements__kind=kind, then=F("movements__quantity") * sign) for kind, sign in signs.items()),
        default=0,
        output_field=IntegerField(),
    )
    return Coalesce(Sum(signed), 0)


def _last_movement(field: str) -> Subquery:
    newest = StockMovement.objects.filter(stockrecord=OuterRef("pk")).order_by("-pk")
    return Subquery(newest.values(field)[:1])
