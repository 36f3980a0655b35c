"""kill -9 of a web server's process that has Stripe's event in hand."""

from pathlib import Path

import pytest

from shop.emails.models import Mail
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments.models import Payment
from tests.databases import Database
from tests.factories import a_product
from tests.identities import assert_identities
from tests.paying import BUYER
from tests.processes import LIVE, Store, prepared
from tests.shoppers import Shopper

pytestmark = pytest.mark.both


def _session(store: Store) -> str:
    shopper = Shopper(store.url)
    shopper.add(a_product(stock=3, colours=["white"], sizes=["M"]).first.pk)
    page = shopper.pay().headers["Location"]
    return page.rpartition("/")[2]


@pytest.mark.parametrize("point", ["webhook.stored", "webhook.applied"])
def test_stripe_sends_the_event_again_to_the_process_that_follows(
    point: str, live_database: Database, tmp_path: Path
) -> None:
    with prepared(live_database, tmp_path, workers=1, fault=f"{point}:kill") as store:
        live_database.use(LIVE)
        store.start_web()
        session = _session(store)
        store.fake.pay(session, **BUYER)
        assert (tmp_path / "fault-happened").exists()
        assert store.fake.deliveries()[-1]["state"] != "delivered"
        store.wait_until_healthy()
        store.fake.flush()
        assert Order.objects.get().status == Status.PAID
        assert Payment.objects.get().state == Payment.State.PAID
        store.manage("worker", "--once")
        assert Mail.objects.get().state == Mail.State.SENT
        assert len(store.mails) == 1
        assert_identities(store.fake, at_rest=True)
