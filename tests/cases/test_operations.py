"""Days without a webhook, what processes write into their logs, and the pinned version of Stripe's API."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import stripe
from playwright.sync_api import expect

from shop.emails.models import Mail
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments import gateway
from shop.payments.models import Dispute, Payment, Refund, WebhookEvent
from shop.worker.models import Heartbeat
from tests import browser as chromium
from tests.factories import a_product
from tests.paying import BUYER
from tests.processes import WEBHOOK_SECRET, Store
from tests.shoppers import Shopper

pytestmark = pytest.mark.both

DAY = 24 * 3600.0
DECLINED, PAID = "4000000000000002", "4242424242424242"


@pytest.fixture
def working(store: Store) -> Iterator[Store]:
    """The store with its worker and webhooks, and nothing wrong with Stripe."""
    store.fake.clear_faults()
    store.fake.release()
    store.start_worker()
    yield store
    _stop(store, "worker")


def press_pay(store: Store, address: str, *, pieces: int = 1) -> tuple[Shopper, Payment]:
    """Let somebody fill a basket and press *Pay*."""
    shopper = Shopper(store.url, address)
    shopper.add(a_product(stock=5).first.pk, pieces)
    answer = shopper.pay()
    assert answer.status_code == 303, answer.text[:2000]
    session = urlsplit(answer.headers["Location"]).path.rpartition("/")[2]
    return shopper, Payment.objects.get(session_id=session)


def test_P01_four_days_without_a_webhook(store: Store) -> None:
    """Everything that may be told comes to pass while the store is down; one sweep later all is as at Stripe."""
    fake = store.fake
    people = [press_pay(store, f"198.51.100.{number}")[1] for number in range(1, 6)]
    paid, refunded, disputed, delayed, expired = people
    told = WebhookEvent.objects.count()
    _stop(store, "web")
    for payment in (paid, refunded, disputed):
        fake.pay(payment.session_id, wait=False, **BUYER)
    fake.pay(delayed.session_id, wait=False, **BUYER, method="bacs_debit")
    fake.settle(delayed.session_id, good=False)
    fake.refund(refunded.session_id)
    fake.dispute(disputed.session_id)
    fake.expire(expired.session_id)
    fake.advance(4 * DAY)
    fake.wait_until_delivered()
    fake.reset_clock()
    fake.hold()
    store.start_web()
    assert WebhookEvent.objects.count() == told
    Heartbeat.objects.all().delete()  # the sweep looks for missed events once an hour
    store.manage("worker", "--once")
    states = [Payment.objects.get(pk=payment.pk).state for payment in people]
    assert states == ["paid", "paid", "paid", "failed", "expired"]
    statuses = [Order.objects.get(number=payment.reference).status for payment in people]
    assert statuses == ["paid", "on_hold", "on_hold", "cancelled", "cancelled"]
    refund, dispute = (
        Refund.objects.get(payment__in=people),
        Dispute.objects.get(payment__in=people),
    )
    assert (refund.payment_id, refund.state, dispute.payment_id) == (refunded.pk, "succeeded", disputed.pk)
    assert "agree" in store.manage("reconcile_payments")
    store.manage("check_ledger")


def _stop(store: Store, name: str) -> None:
    process = store.processes.pop(name)
    process.terminate()
    process.wait(20)


def test_P03_no_log_names_a_person_or_a_secret(working: Store) -> None:
    store = working
    shopper, payment = press_pay(store, "198.51.100.77", pieces=2)
    order = _buy_with_every_mishap(store, shopper, payment)
    said = "".join(store.log(name) for name in ("web", "worker")) + _managed(store)
    assert "stripe: APIError 500 request req_" in said  # what went wrong is written down
    for secret in _secrets(store, order, payment):
        assert secret not in said, f"{secret} is in a log"
    assert re.search(r"[\w.]+@[\w.]+\.\w+", said) is None
    assert re.search(r"\b(?:\d[ -]?){13,19}\b", said) is None


def _buy_with_every_mishap(store: Store, shopper: Shopper, payment: Payment) -> Order:
    """Buy, be declined, meet errors of Stripe's, come back, get a parcel, a refund and a dispute."""
    fake = store.fake
    fake.decline(payment.session_id, **BUYER, card=DECLINED)
    fake.fault(
        method="GET", path="/v1/checkout/sessions", status=500, message="of robin@example.org", count=2
    )
    fake.webhook_fault("checkout.session.completed", times=2)
    fake.pay(payment.session_id, **BUYER, card=PAID, phone="+44 20 7946 0018")
    shopper.get(f"/checkout/return/?session_id={payment.session_id}")
    shopper.get("/orders/ABCDEFGHJK/?token=wrong-token")
    shopper.post("/webhooks/stripe/", body="of robin@example.org")
    fake.clear_faults()
    fake.refund(payment.session_id, 100)
    fake.dispute(payment.session_id)
    fake.flush()
    fake.wait_until_delivered()
    store.manage("worker", "--once")
    order = Order.objects.get(number=payment.reference)
    assert order.paid_at is not None
    assert order.status == Status.ON_HOLD
    assert shopper.get(order.link).status_code == 200
    assert Mail.objects.filter(to=BUYER["email"], state=Mail.State.SENT).exists()
    return order


def _managed(store: Store) -> str:
    return "".join(
        store.manage(*words) for words in (["worker", "--once"], ["reconcile_payments"], ["check_ledger"])
    )


def _secrets(store: Store, order: Order, payment: Payment) -> list[str]:
    typed = [BUYER[name] for name in ("email", "name", "line1", "postal_code")]
    keys = [store.environment["STRIPE_SECRET_KEY"], WEBHOOK_SECRET, store.environment["SECRET_KEY"]]
    return [*typed, *keys, order.token, PAID, DECLINED, "wrong-token", "7946", "198.51.100.77", "Robin"]


def test_P04_the_version_of_stripes_api_is_the_one_reviewed() -> None:
    """A newer `stripe` brings another API version: read its changelog, then change these two lines."""
    assert stripe.VERSION == "16.1.0"
    assert gateway.API_VERSION == stripe.api_version == "2026-10-28.endive"


def test_R10_the_browser_may_follow_pay_to_stripes_page(working: Store) -> None:
    """Chromium applies form-action to redirects of a form's POST too."""
    variant = a_product(stock=5).first
    complaints: list[str] = []
    with chromium.launched() as browser, browser.new_context(base_url=working.url) as context:
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(variant.get_absolute_url())
        page.get_by_role("button", name="Add to basket").click()
        answer = page.goto("/basket/")
        assert answer is not None
        assert f"form-action 'self' {working.fake.url}" in answer.headers["content-security-policy"]
        page.get_by_role("button", name=re.compile("^Pay £")).click()
        expect(page).to_have_url(re.compile(rf"^{re.escape(working.fake.url)}/c/pay/cs_test_"))
    assert [text for text in complaints if "Content Security Policy" in text] == []
