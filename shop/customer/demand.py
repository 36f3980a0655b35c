"""What to print again: per sold-out variant, who asked to be told and how often it was chosen all the same."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalogue.models import Product
from shop.customer.models import ProductAlert
from shop.partner.models import StockRecord
from shop.stock.models import SoldOutPick

#: Older picks say little about what would sell now.
PICKS_COUNT_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Missing:
    """A sold-out variant that people would like to have."""

    colour: str
    size: str
    asked: int
    picked: int

    @property
    def wanted(self) -> int:
        """How many to print: who asks has mostly chosen the size first, so the two are not added up."""
        return max(self.asked, self.picked)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is missing of one product, by colour and size."""

    product: Product
    missing: tuple[Missing, ...]

    @property
    def wanted(self) -> int:
        return sum(one.wanted for one in self.missing)

    @property
    def asked(self) -> int:
        return sum(one.asked for one in self.missing)

    @property
    def picked(self) -> int:
        return sum(one.picked for one in self.missing)

    @property
    def words(self) -> str:
        """Say it as a printer is told: "Black: L 9 · White: S 4, M 11"."""
        by_colour = groupby(self.missing, key=lambda one: one.colour)
        return " · ".join(f"{colour}: {_sizes(list(rows))}" for colour, rows in by_colour)


def _sizes(rows: Sequence[Missing]) -> str:
    return ", ".join(f"{row.size} {row.wanted}" for row in rows)


def demand(product: Product | None = None) -> list[Demand]:
    """Return what to print again, the most wanted product first; of `product` alone when given (one query)."""
    found: dict[Product, list[Missing]] = defaultdict(list)
    for record in _wanted(product):
        variant = record.product
        colour, size = (
            getattr(value, name, "") for value, name in ((variant.colour, "name"), (variant.size, "code"))
        )
        found[variant.parent].append(Missing(colour, size, record.asked, record.picked))
    rows = [Demand(parent, tuple(missing)) for parent, missing in found.items()]
    return sorted(rows, key=lambda one: (-one.wanted, one.product.title))


def _wanted(product: Product | None) -> QuerySet[StockRecord, Any]:
    sold_out = StockRecord.objects.filter(
        num_in_stock__lte=F("num_allocated"), product__is_public=True, product__parent__is_public=True
    )
    if product is not None:
        sold_out = sold_out.filter(product__parent=product)
    counted = sold_out.annotate(asked=_count(_requests()), picked=_count(_picks()))
    order = (
        "product__parent",
        "product__colour__position",
        "product__colour__name",
        "product__size__position",
        "pk",
    )
    related = ("product__parent", "product__colour", "product__size")
    return counted.filter(Q(asked__gt=0) | Q(picked__gt=0)).select_related(*related).order_by(*order)


def _count(rows: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(rows.values("number")[:1], output_field=IntegerField()), 0)


def _requests() -> QuerySet[Any, Any]:
    """Only confirmed requests: anybody can enter an address."""
    active = ProductAlert.objects.filter(product=OuterRef("product"), status=ProductAlert.ACTIVE)
    return active.order_by().values("product").annotate(number=Count("pk"))


def _picks() -> QuerySet[Any, Any]:
    since = timezone.localdate() - PICKS_COUNT_FOR
    recent = SoldOutPick.objects.filter(stockrecord=OuterRef("pk"), day__gte=since)
    return recent.order_by().values("stockrecord").annotate(number=Sum("picks"))
