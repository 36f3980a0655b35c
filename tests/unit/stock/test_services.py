import pytest
from django.db import IntegrityError

from shop.stock import services
from shop.stock.models import StockMovement
from shop.stock.selectors import differences
from shop.stock.services import InsufficientStock, Step

pytestmark = pytest.mark.both


def test_allocating_promises_pieces_and_leaves_them_on_hand(make_record, numbers):
    record = make_record("ROSE-M", 5)
    movement = services.allocate(steps=[Step(record.pk, 2, "line:1/payment:a")])[0]
    assert numbers(record) == (5, 2)
    assert (movement.kind, movement.quantity, movement.on_hand_after, movement.allocated_after) == (
        "allocated",
        2,
        5,
        2,
    )


def test_releasing_makes_pieces_available_again(make_record, numbers):
    record = make_record("ROSE-M", 5)
    services.allocate(steps=[Step(record.pk, 2, "line:1/payment:a")])
    services.release(steps=[Step(record.pk, 2, "line:1/cancel:1")])
    assert numbers(record) == (5, 0)


def test_selling_takes_pieces_off_the_shelf_and_off_the_promises(make_record, numbers):
    record = make_record("ROSE-M", 5)
    services.allocate(steps=[Step(record.pk, 3, "line:1/payment:a")])
    services.sell(steps=[Step(record.pk, 2, "line:1/parcel:1")])
    assert numbers(record) == (3, 1)


def test_returned_pieces_are_on_hand_again(make_record, numbers):
    record = make_record("ROSE-M", 5)
    services.take_back(steps=[Step(record.pk, 1, "line:1/return:1")])
    assert numbers(record) == (6, 0)


def test_a_correction_may_go_down_to_what_is_allocated_and_no_further(make_record, numbers):
    record = make_record("ROSE-M", 5)
    services.allocate(steps=[Step(record.pk, 3, "line:1/payment:a")])
    services.correct(stockrecord_id=record.pk, quantity=-2, reference="count:1", reason="counted")
    assert numbers(record) == (3, 3)
    with pytest.raises(InsufficientStock):
        services.correct(stockrecord_id=record.pk, quantity=-1, reference="count:2", reason="counted")
    assert numbers(record) == (3, 3)
    assert not StockMovement.objects.filter(reference="count:2").exists()


def test_every_short_record_is_named_and_nothing_is_written(make_record, numbers):
    plenty, short, empty = make_record("ROSE-S", 9), make_record("ROSE-M", 1), make_record("ROSE-L")
    steps = [Step(record.pk, 2, f"line:{record.pk}/payment:a") for record in (empty, short, plenty)]
    with pytest.raises(InsufficientStock) as refusal:
        services.allocate(steps=steps)
    assert refusal.value.stockrecord_ids == (short.pk, empty.pk)
    assert [numbers(record) for record in (plenty, short, empty)] == [(9, 0), (1, 0), (0, 0)]
    assert not StockMovement.objects.filter(kind="allocated").exists()


def test_two_lines_of_one_record_share_its_pieces(make_record, numbers):
    record = make_record("ROSE-M", 3)
    with pytest.raises(InsufficientStock) as refusal:
        services.allocate(
            steps=[Step(record.pk, 2, "line:1/payment:a"), Step(record.pk, 2, "line:2/payment:a")]
        )
    assert refusal.value.stockrecord_ids == (record.pk,)
    assert numbers(record) == (3, 0)


def test_a_repeated_step_returns_the_first_movement_and_counts_once(make_record, numbers):
    record = make_record("ROSE-M", 2)
    step = Step(record.pk, 2, "line:1/payment:a")
    first = services.allocate(steps=[step])
    assert services.allocate(steps=[step]) == first
    assert numbers(record) == (2, 2)


def test_a_step_given_twice_in_one_call_counts_once(make_record, numbers):
    record = make_record("ROSE-M", 5)
    step = Step(record.pk, 2, "line:1/payment:a")
    first, second = services.allocate(steps=[step, step])
    assert first == second
    assert numbers(record) == (5, 2)


def test_the_same_reference_may_allocate_and_release(make_record, numbers):
    record = make_record("ROSE-M", 2)
    services.allocate(steps=[Step(record.pk, 1, "line:1")])
    services.release(steps=[Step(record.pk, 1, "line:1")])
    assert numbers(record) == (2, 0)


@pytest.mark.parametrize("name", ["release", "sell"])
def test_more_than_is_allocated_can_neither_be_released_nor_sold(make_record, numbers, name):
    record = make_record("ROSE-M", 5)
    services.allocate(steps=[Step(record.pk, 1, "line:1/payment:a")])
    with pytest.raises(InsufficientStock):
        getattr(services, name)(steps=[Step(record.pk, 2, "line:1/step:1")])
    assert numbers(record) == (5, 1)


def test_a_record_that_does_not_exist_is_short(use_case):
    with pytest.raises(InsufficientStock) as refusal:
        services.receive(stockrecord_id=999_999, quantity=1, reference="delivery:1")
    assert refusal.value.stockrecord_ids == (999_999,)


@pytest.mark.parametrize("quantity", [0, -1])
def test_only_a_correction_may_be_negative(make_record, numbers, quantity):
    record = make_record("ROSE-M", 5)
    with pytest.raises(ValueError, match="cannot be"):
        services.allocate(steps=[Step(record.pk, quantity, "line:1/payment:a")])
    assert numbers(record) == (5, 0)


def test_a_correction_needs_a_reason(make_record, numbers):
    record = make_record("ROSE-M", 5)
    with pytest.raises(ValueError, match="needs a reason"):
        services.correct(stockrecord_id=record.pk, quantity=1, reference="count:1", reason=" ")
    assert numbers(record) == (5, 0)


def test_no_steps_are_no_movements(use_case):
    assert services.allocate(steps=[]) == []


def test_with_the_guard_off_the_database_still_refuses_to_promise_what_is_not_there(make_record, settings):
    record = make_record("ROSE-M", 1)
    settings.TEST_GUARDS_OFF = frozenset({"stock"})
    with pytest.raises(IntegrityError):
        services.allocate(steps=[Step(record.pk, 2, "line:1/payment:a")])


def test_after_all_kinds_of_steps_the_ledger_is_exact(make_record):
    record = make_record("ROSE-M", 10)
    services.allocate(steps=[Step(record.pk, 4, "line:1/payment:a")])
    services.sell(steps=[Step(record.pk, 3, "line:1/parcel:1")])
    services.release(steps=[Step(record.pk, 1, "line:1/cancel:1")])
    services.take_back(steps=[Step(record.pk, 2, "line:1/return:1")])
    services.correct(stockrecord_id=record.pk, quantity=-1, reference="count:1", reason="counted")
    assert differences() == []
