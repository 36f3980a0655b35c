"""Stock under real parallel connections: exact with the guard, and visibly not without it."""

import random
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shop.partner.models import StockRecord
from shop.stock import services as stock
from shop.stock.models import StockMovement
from shop.stock.selectors import differences
from tests.factories import a_product, record_of
from tests.races.parallel import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

BUYERS, PIECES = 24, 10


def _allocate(*steps: stock.Step) -> str:
    with transaction.atomic():
        stock.allocate(steps=steps)
    return "allocated"


def _buyers(record: StockRecord) -> list[Callable[[], str]]:
    return [partial(_allocate, stock.Step(record.pk, 1, f"line:{n}/payment:1")) for n in range(BUYERS)]


def _outcomes(results: list[str | Exception]) -> Counter[str]:
    return Counter(r if isinstance(r, str) else type(r).__name__ for r in results)


def test_as_many_as_there_are_get_a_piece_and_the_others_are_told() -> None:
    record = record_of(a_product(stock=PIECES).first)
    outcomes = _outcomes(at_once(_buyers(record)))
    assert outcomes == {"allocated": PIECES, "InsufficientStock": BUYERS - PIECES}
    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated) == (PIECES, PIECES)
    assert differences() == []


def test_without_the_guard_nobody_is_told_and_the_last_defence_crashes(settings: Any) -> None:
    settings.TEST_GUARDS_OFF = frozenset({"stock"})
    record = record_of(a_product(stock=PIECES).first)
    outcomes = _outcomes(at_once(_buyers(record)))
    assert outcomes["InsufficientStock"] == 0
    assert outcomes[IntegrityError.__name__] == BUYERS - PIECES


def test_the_same_step_taken_by_many_at_once_counts_once() -> None:
    record = record_of(a_product(stock=PIECES).first)
    step = stock.Step(record.pk, 2, "line:1/payment:1")
    assert _outcomes(at_once([partial(_allocate, step)] * 8)) == {"allocated": 8}
    record.refresh_from_db()
    assert record.num_allocated == 2
    assert StockMovement.objects.filter(reference=step.reference).count() == 1


def test_orders_of_several_variants_never_wait_for_each_other_in_a_circle() -> None:
    records = a_product(stock=500).records
    order = random.Random(7)  # noqa: S311

    def shop(number: int, rounds: int = 12) -> str:
        for n in range(rounds):
            chosen = order.sample(records, 3)
            _allocate(*[stock.Step(record.pk, 1, f"line:{number}/payment:{n}") for record in chosen])
        return "done"

    assert _outcomes(at_once([partial(shop, number) for number in range(6)])) == {"done": 6}
    assert sum(StockRecord.objects.values_list("num_allocated", flat=True)) == 6 * 12 * 3
    assert differences() == []


def test_selling_and_promising_at_once_keep_the_numbers_right() -> None:
    record = record_of(a_product(stock=PIECES).first)
    _allocate(*[stock.Step(record.pk, 1, f"line:{n}/payment:0") for n in range(5)])

    def sell(n: int) -> str:
        with transaction.atomic():
            stock.sell(steps=[stock.Step(record.pk, 1, f"line:{n}/parcel:1")])
        return "sold"

    results = at_once([partial(sell, n) for n in range(5)] + _buyers(record)[5:17])
    assert _outcomes(results) == {"sold": 5, "allocated": 5, "InsufficientStock": 7}
    record.refresh_from_db()
    assert (record.num_in_stock, record.num_allocated) == (5, 5)
    assert differences() == []
