"""Whatever happens to a store, in whatever order, money and stock agree."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fake_stripe_client import FakeStripe
from tests.machine.street import Street

pytestmark = pytest.mark.django_db

EXAMPLES, STEPS = (500, 30) if os.environ.get("TEST_NIGHTLY") else (50, 10)


def test_the_ledger_agrees_whatever_happens(fake: FakeStripe, settings: Any) -> None:
    settings.TEST_HOOK = None
    Street.fake = fake
    run_state_machine_as_test(Street, settings=PROFILE)


PROFILE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
