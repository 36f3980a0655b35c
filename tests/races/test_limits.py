"""Of many tries at the same moment no more pass than may; without the guard, all do."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from shop.limits.services import Limit, take
from shop.testpoints import GUARDS
from tests.races.parallel import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

TIMES = 8
THREE = Limit("a door", most=3, within=timedelta(minutes=10))


@pytest.mark.parametrize(("off", "passed"), [("", 3), ("limit", TIMES)])
def test_only_the_guard_keeps_tries_within_the_limit(off: str, passed: int, settings: Any) -> None:
    assert not off or off in GUARDS
    settings.TEST_GUARDS_OFF = frozenset(off.split())
    assert at_once([partial(take, THREE, "ada")] * TIMES).count(True) == passed
