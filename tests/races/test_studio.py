"""Two at the same range at once: on real connections, one range comes of it."""

from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from catalogue.models import Product, ProductImage
from shop.partner.models import StockRecord
from shop.stock.selectors import differences
from shop.studio import services
from shop.studio.matrix import grid_of
from shop.studio.models import RangeDraft
from shop.studio.services import Chosen
from shop.transactions import durably
from shop.users.models import User
from tests.factories import a_design, a_garment, a_staff_user
from tests.races.parallel import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
State = RangeDraft.State


def a_draft(by: User, design: object = None) -> RangeDraft:
    """Return an unsaved draft of six variants."""
    garment = a_garment()
    chosen = Chosen(garment, list(garment.colours.all()), list(garment.sizes.all()), Decimal("25.00"))
    return services.make_draft(design=design or a_design(), chosen=[chosen], pieces=3, by=by)  # type: ignore[arg-type]


def rows_of(draft: RangeDraft) -> list[dict[str, object]]:
    return [row.as_json() for row in grid_of(draft).rows]


def drawn(draft: RangeDraft) -> dict[str, str]:
    """Bring a draft to where its pictures are there; return their final names."""
    services.start(draft_id=draft.pk, rows=rows_of(draft), by=draft.by)
    keys = [item.key for item in services.wanted(RangeDraft.objects.get(pk=draft.pk), draft.design)]
    RangeDraft.objects.filter(pk=draft.pk).update(pictures={key: f"studio/{key}.jpg" for key in keys})
    return {f"studio/{key}.jpg": f"products/{key}.jpg" for key in keys}


def write(draft_id: int, names: dict[str, str]) -> int:
    return durably(partial(services.write, draft_id, names))


def test_a_draft_saved_by_many_at_once_is_started_once() -> None:
    person = a_staff_user()
    draft = a_draft(person)
    start = partial(services.start, draft_id=draft.pk, rows=rows_of(draft), by=person)
    assert Counter(at_once([start] * 6)) == {True: 1, False: 5}


def test_a_drawn_range_written_by_many_at_once_is_written_once() -> None:
    draft = a_draft(a_staff_user())
    names = drawn(draft)
    assert Counter(at_once([partial(write, draft.pk, names)] * 6)) == {6: 1, 0: 5}
    assert Product.objects.filter(structure=Product.PARENT).count() == 1
    assert StockRecord.objects.count() == 6
    assert ProductImage.objects.count() == 6
    assert differences() == []


@pytest.mark.parametrize(
    ("off", "outcomes", "states"),
    [
        ("", {6: 1, 0: 1}, {State.DONE: 2}),
        ("range", {6: 1, "IntegrityError": 1}, {State.DONE: 1, State.DRAWING: 1}),
    ],
)
def test_only_the_guard_lets_two_studios_make_one_range(
    off: str, outcomes: dict[object, int], states: dict[str, int], settings: Any
) -> None:
    """The second finds what the first has made and adds what is missing; else it stops at the last defence."""
    settings.TEST_GUARDS_OFF = frozenset(off.split())
    people = [a_staff_user(), a_staff_user()]
    design = a_design()
    drafts = [a_draft(person, design) for person in people]
    results = at_once([partial(write, draft.pk, drawn(draft)) for draft in drafts])
    assert Counter(r if isinstance(r, int) else type(r).__name__ for r in results) == outcomes
    assert Counter(RangeDraft.objects.values_list("state", flat=True)) == states
    assert Product.objects.filter(structure=Product.PARENT).count() == 1
    assert StockRecord.objects.count() == ProductImage.objects.count() == 6
    assert differences() == []
