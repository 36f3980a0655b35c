from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from shop.partner.models import StockRecord
from shop.stock.selectors import differences

pytestmark = pytest.mark.both


def test_an_exact_ledger_is_said_to_be_exact(make_record):
    make_record("ROSE-M", 5)
    out = StringIO()
    call_command("check_ledger", stdout=out)
    assert out.getvalue() == "The ledger is exact: 1 stock records.\n"


def test_a_number_written_past_the_ledger_is_named_and_fails_the_command(make_record):
    make_record("ROSE-S", 5)
    record = make_record("ROSE-M", 5)
    StockRecord.objects.filter(pk=record.pk).update(num_in_stock=7, num_allocated=1)
    err = StringIO()
    with pytest.raises(CommandError, match="1 stock record"):
        call_command("check_ledger", stderr=err)
    assert err.getvalue() == (
        "ROSE-M: the record says 7 on hand and 1 allocated; "
        "its movements add up to 5 on hand and 0 allocated; the last one left 5 on hand and 0 allocated\n"
    )


def test_a_movement_that_tells_another_number_than_the_sum_is_named(make_record):
    record = make_record("ROSE-M", 5)
    record.movements.update(on_hand_after=4)
    (difference,) = differences()
    assert (difference.record, difference.summed, difference.last_movement) == ((5, 0), (5, 0), (4, 0))


def test_the_proof_takes_one_query(make_record, django_assert_num_queries):
    for number in range(3):
        make_record(f"ROSE-{number}", number + 1)
    with django_assert_num_queries(1):
        assert differences() == []
