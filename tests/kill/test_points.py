"""kill -9 at every named point, a new process, one sweep: nothing paid, held or written to anybody is lost."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pytest
from django.db import connection

from shop.basket.models import Basket
from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.order.models import Order
from shop.partner.models import StockRecord
from shop.payments.models import Refund
from shop.testpoints import POINTS
from tests.databases import ROOT, Database
from tests.identities import assert_identities
from tests.processes import LIVE, Store, prepared

pytestmark = pytest.mark.both

ROUNDS = range(3 if os.environ.get("TEST_NIGHTLY") else 1)
SIGKILLED = "-9"

PAY = [point for point in POINTS if point.startswith("pay.")]
SETTLE = [point for point in POINTS if point.startswith("settle.")]
MAIL = [point for point in POINTS if point.startswith("mail.")]
REFUND = [point for point in POINTS if point.startswith("refund.")]


class Case(NamedTuple):
    """A journey, where it is killed, what is done again, the order's status in the end (none: nothing placed)."""

    journey: str
    point: str
    again: str
    ends: str | None


CASES = [
    *[Case("pay", point, "", "cancelled") for point in PAY[2:] + SETTLE],
    *[Case("pay", point, "", None) for point in PAY[:2]],
    *[Case("pay", point, "pay_again", "paid") for point in PAY + SETTLE],
    *[Case("webhook", point, "", "paid") for point in ["webhook.stored", *SETTLE, "webhook.applied"]],
    *[Case("come_back", point, "", "paid") for point in SETTLE],
    *[Case("sweep_paid", point, "", "paid") for point in SETTLE + MAIL],
    *[Case("sweep_unpaid", point, "", "cancelled") for point in SETTLE],
    *[Case("change_order", point, "", "cancelled") for point in SETTLE],
    *[Case("mail", point, "", "paid") for point in MAIL],
    *[Case("ship", point, "staff_again", "shipped") for point in ("ship.sold", "ship.committed")],
    *[Case("cancel", point, "", "cancelled") for point in REFUND[1:]],
    *[Case("cancel", point, "cancel_again", "cancelled") for point in REFUND],
    *[Case("refund", point, "", "paid") for point in REFUND[1:]],
    *[Case("refund", point, "refund_again", "paid") for point in REFUND],
]
#: On hand and allocated in the end, of three pieces.
STOCK = {"paid": (3, 1), "shipped": (2, 0), "cancelled": (3, 0), None: (3, 0)}
GIVEN_BACK = {"cancel": "all", "refund": 500}


@dataclass
class Machine:
    """A store whose processes are started by the step, on a database of its own."""

    store: Store
    database: Database
    loaded: subprocess.Popen[str]

    def renew(self) -> None:
        """Begin again with an empty store."""
        connection.close()
        self.database.fresh(LIVE)
        self.store.fake.reset()
        self.store.fake.reset_clock()
        for path in (self.store.folder / "mail").glob("*.log"):
            path.unlink()
        self.database.use(LIVE)

    def step(self, name: str, fault: str = "") -> str:
        """Take a step in a process of its own and return how that ended."""
        connection.close()
        assert self.loaded.stdin is not None
        assert self.loaded.stdout is not None
        self.loaded.stdin.write(json.dumps({"step": name, "fault": fault}) + "\n")
        self.loaded.stdin.flush()
        return self.loaded.stdout.readline().strip()

    @property
    def handed_over(self) -> Counter[str]:
        """How often each mail was handed over, by Message-ID."""
        return Counter(
            found[1] for mail in self.store.mails if (found := re.search(r"^Message-ID: (\S+)", mail, re.M))
        )


@pytest.fixture(scope="module")
def machine(live_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with prepared(live_database, tmp_path_factory.mktemp("machine"), webhooks=False) as store:
        words = [sys.executable, "-m", "tests.kill.journey", str(store.fake.port)]
        environment = store.environment | {"ALLOWED_HOSTS": "testserver"}
        with (store.folder / "steps.log").open("w") as log:
            loaded = subprocess.Popen(
                words,
                cwd=ROOT,
                env=environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        with loaded:
            assert loaded.stdout is not None
            assert loaded.stdout.readline() == "ready\n", (store.folder / "steps.log").read_text()
            yield Machine(store, live_database, loaded)
            assert loaded.stdin is not None
            loaded.stdin.close()


def test_every_point_is_tried() -> None:
    assert {case.point for case in CASES} == set(POINTS)


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(filter(None, case[:3])))
def test_killed_at(machine: Machine, case: Case, round_: int) -> None:
    machine.renew()
    assert machine.step(case.journey, f"{case.point}:kill") == SIGKILLED, machine.store.log("steps")
    if case.again:
        assert machine.step(case.again) == "0", machine.store.log("steps")
    assert machine.step("later") == "0", machine.store.log("steps")
    assert "Traceback" not in machine.store.log("steps")
    assert_identities(machine.store.fake, at_rest=True)
    _assert_ended(case)
    _assert_money(machine, case)
    _assert_mails(machine, case)


def _assert_ended(case: Case) -> None:
    orders = list(Order.objects.values_list("status", flat=True))
    assert orders == ([case.ends] if case.ends else [])
    record = StockRecord.objects.get()
    assert (record.num_in_stock, record.num_allocated) == STOCK[case.ends]
    is_sold = case.ends in ("paid", "shipped")
    assert (Basket.objects.get().status == Basket.OPEN) is not (is_sold or Refund.objects.exists())


def _assert_money(machine: Machine, case: Case) -> None:
    charges = [c.to_dict() for c in machine.store.fake.stripe_client().v1.charges.list().data]
    is_paid = case.ends in ("paid", "shipped") or case.journey == "cancel"
    assert len(charges) == is_paid
    for charge in charges:
        back = GIVEN_BACK.get(case.journey, 0)
        assert charge["amount_refunded"] == (charge["amount"] if back == "all" else back)


def _assert_mails(machine: Machine, case: Case) -> None:
    """None is lost; the one in hand may have been handed over twice, as the same mail."""
    mails = Mail.objects.all()
    assert set(mails.values_list("state", flat=True)) <= {Mail.State.SENT}
    assert Mail.objects.filter(kind="confirmation").count() == Order.objects.exclude(paid_at=None).count()
    assert set(machine.handed_over) == set(mails.values_list("message_id", flat=True))
    repeated = [number for number in machine.handed_over.values() if number > 1]
    assert repeated == ([2] if case.point == "mail.handed_over" else [])


@pytest.mark.parametrize("point", [*PAY[2:], *SETTLE])
def test_killed_while_somebody_begins_to_give(machine: Machine, point: str) -> None:
    machine.renew()
    assert machine.step("give", f"{point}:kill") == SIGKILLED, machine.store.log("steps")
    assert machine.step("later") == "0", machine.store.log("steps")
    assert_identities(machine.store.fake, at_rest=True)
    assert Donation.objects.get().state == Donation.State.NOT_GIVEN
    assert machine.store.mails == []


@pytest.mark.parametrize("point", SETTLE)
def test_killed_while_a_donation_is_settled(machine: Machine, point: str) -> None:
    machine.renew()
    assert machine.step("give_and_come_back", f"{point}:kill") == SIGKILLED, machine.store.log("steps")
    assert machine.step("later") == "0", machine.store.log("steps")
    assert_identities(machine.store.fake, at_rest=True)
    assert Donation.objects.get().state == Donation.State.RECEIVED
    assert set(machine.handed_over.values()) == {1}
    assert Mail.objects.get().kind == "donation"
