"""Every change of stock: one conditional UPDATE of a record's numbers and the movement beside it.

All of these need an open transaction and open none of their own (only savepoints). Records are taken in the
order of their primary keys, so that two orders never wait for each other. A step is known by its reference,
kind and record: a repeated one changes nothing and returns the movement of the first time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from shop.partner.models import StockRecord
from shop.stock.models import StockMovement
from shop.testpoints import is_on
from shop.transactions import require_transaction

if TYPE_CHECKING:
    from shop.users.models import User

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Step:
    """Pieces of one record moved for one reason, which `reference` names (`line:7/payment:<uuid>`)."""

    stockrecord_id: int
    quantity: int
    reference: str


class InsufficientStock(Exception):
    """Some records hold too few pieces for the step (or do not exist); nothing was written."""

    def __init__(self, stockrecord_ids: tuple[int, ...]) -> None:
        super().__init__(f"not enough stock: {', '.join(map(str, stockrecord_ids))}")
        self.stockrecord_ids = stockrecord_ids


@dataclass(frozen=True)
class _Change:
    """What one kind of movement does to a record, for each piece."""

    kind: Kind
    on_hand: int
    allocated: int
    by: "User | None" = None
    reason: str = ""


def allocate(*, steps: Iterable[Step], by: "User | None" = None) -> list[StockMovement]:
    """Promise available pieces; raise InsufficientStock naming every record that is short."""
    return _take(_Change(Kind.ALLOCATED, on_hand=0, allocated=1, by=by), steps)


def release(*, steps: Iterable[Step], by: "User | None" = None) -> list[StockMovement]:
    """Make promised pieces available again; raise InsufficientStock where fewer are allocated."""
    return _take(_Change(Kind.RELEASED, on_hand=0, allocated=-1, by=by), steps)


def sell(*, steps: Iterable[Step], by: "User | None" = None) -> list[StockMovement]:
    """Let promised pieces leave (both numbers go down); raise InsufficientStock if fewer are allocated."""
    return _take(_Change(Kind.SOLD, on_hand=-1, allocated=-1, by=by), steps)


def take_back(*, steps: Iterable[Step], by: "User | None" = None) -> list[StockMovement]:
    """Put returned pieces back on the shelf."""
    return _take(_Change(Kind.RETURNED, on_hand=1, allocated=0, by=by), steps)


def receive(
    *, stockrecord_id: int, quantity: int, reference: str, by: "User | None" = None, reason: str = ""
) -> StockMovement:
    """Add pieces that arrived; raise InsufficientStock when there is no such record."""
    change = _Change(Kind.RECEIVED, on_hand=1, allocated=0, by=by, reason=reason)
    return _take(change, [Step(stockrecord_id, quantity, reference)])[0]


def correct(
    *, stockrecord_id: int, quantity: int, reference: str, reason: str, by: "User | None" = None
) -> StockMovement:
    """Change on hand by `quantity` (signed) after a count; raise InsufficientStock below what is allocated.

    Raise ValueError when it changes nothing or no reason is given.
    """
    if not reason.strip():
        raise ValueError("a correction needs a reason")
    change = _Change(Kind.CORRECTED, on_hand=1, allocated=0, by=by, reason=reason)
    return _take(change, [Step(stockrecord_id, quantity, reference)])[0]


def _take(change: _Change, steps: Iterable[Step]) -> list[StockMovement]:
    """Take all steps or none; the movements come in the order of the records."""
    require_transaction()
    ordered = sorted(steps, key=lambda step: (step.stockrecord_id, step.reference))
    _refuse_odd_quantities(change, ordered)
    known = _movements_of(change.kind, ordered)
    with transaction.atomic():
        found = [(step, known.get(_key(step)) or _take_step(change, step)) for step in ordered]
        short = sorted({step.stockrecord_id for step, movement in found if movement is None})
        if short:
            raise InsufficientStock(tuple(short))
    return [movement for _, movement in found if movement is not None]


def _refuse_odd_quantities(change: _Change, steps: list[Step]) -> None:
    for step in steps:
        if step.quantity == 0 or (step.quantity < 0 and change.kind != Kind.CORRECTED):
            raise ValueError(f"{step.quantity} pieces cannot be {change.kind.label}")


def _key(step: Step) -> tuple[int, str]:
    return step.stockrecord_id, step.reference


def _movements_of(kind: Kind, steps: list[Step]) -> dict[tuple[int, str], StockMovement]:
    """Return the movements of the steps that were taken before."""
    movements = StockMovement.objects.filter(
        kind=kind,
        reference__in={step.reference for step in steps},
        stockrecord__in={step.stockrecord_id for step in steps},
    )
    return {(movement.stockrecord_id, movement.reference): movement for movement in movements}


def _take_step(change: _Change, step: Step) -> StockMovement | None:
    """Take one step; None when the record holds too few.

    On PostgreSQL the same step may be taken by another transaction while this one waits for the record: its
    movement is then there when ours is refused (or the pieces are gone), and ours is undone to the savepoint.
    """
    try:
        with transaction.atomic():
            movement = _update_and_record(change, step)
    except IntegrityError:
        movement = _movements_of(change.kind, [step]).get(_key(step))
        if movement is None:
            raise
        return movement
    return movement or _movements_of(change.kind, [step]).get(_key(step))


def _update_and_record(change: _Change, step: Step) -> StockMovement | None:
    on_hand, allocated = change.on_hand * step.quantity, change.allocated * step.quantity
    changed = StockRecord.objects.filter(_holds_enough(on_hand, allocated), pk=step.stockrecord_id).update(
        num_in_stock=F("num_in_stock") + on_hand, num_allocated=F("num_allocated") + allocated
    )
    if not changed:
        return None
    after = StockRecord.objects.values_list("num_in_stock", "num_allocated").get(pk=step.stockrecord_id)
    return StockMovement.objects.create(
        stockrecord_id=step.stockrecord_id,
        kind=change.kind,
        quantity=step.quantity,
        reference=step.reference,
        reason=change.reason,
        by=change.by,
        on_hand_after=after[0],
        allocated_after=after[1],
    )


def _holds_enough(on_hand: int, allocated: int) -> Q:
    """Return the condition under which a record may change by so much: 0 ≤ allocated ≤ on hand stays true."""
    if not is_on("stock"):
        return Q()
    return Q(num_allocated__gte=-allocated, num_in_stock__gte=F("num_allocated") + allocated - on_hand)
