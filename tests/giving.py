"""What donors do in tests: fill in the form, pay at the stand-in, and wait for a month to pass."""

from typing import Any

from django.test import Client

from shop.donations.models import Donation
from shop.payments.models import Payment, Subscription
from tests.fake_stripe_client import FakeStripe
from tests.paying import BUYER
from tests.till import ring

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
DECLINED, PAYS = "4000000000000002", "4242424242424242"
DAY = 24 * 3600.0


def send(browser: Client, *, address: str = "127.0.0.1", **typed: str) -> Any:
    """Send the form of the donation page as a browser does."""
    form = {"frequency": "once", "amount": "10", "other": "", "message": ""} | typed
    return browser.post("/donate/", form, headers=SAME_ORIGIN, REMOTE_ADDR=address)


def begin(browser: Client, **typed: str) -> Donation:
    """Send the form and return the donation that waits to be paid."""
    assert send(browser, **typed).status_code == 303
    return Donation.objects.latest("pk")


def pay(fake: FakeStripe, donation: Donation, **typed: str) -> str:
    """Pay at the stand-in, telling nobody yet; return the id of the session."""
    session_id = str(Payment.objects.get(donation=donation).session_id)
    assert fake.pay(session_id, **BUYER | typed)["outcome"] in ("paid", "processing")
    return session_id


def hear(fake: FakeStripe, *kinds: str, seen: set[str] | None = None) -> list[int]:
    """Deliver Stripe's events of these types, in this order, each in the order they happened; return the answers."""
    events = [event for kind in kinds for event in fake.events(kind) if event["id"] not in (seen or set())]
    if seen is not None:
        seen |= {event["id"] for event in events}
    return [ring(event).status_code for event in events]


def given(fake: FakeStripe, browser: Client, **typed: str) -> Donation:
    """Give, with all the events that come of it."""
    donation = begin(browser, **typed)
    pay(fake, donation)
    hear(fake, "checkout.session.completed", "invoice.paid")
    donation.refresh_from_db()
    return donation


def monthly(fake: FakeStripe, browser: Client, **typed: str) -> Donation:
    """Give every month; the first has come."""
    return given(fake, browser, **{"frequency": "monthly"} | typed)


def next_month(fake: FakeStripe) -> None:
    """Let Stripe's clock come to the next invoice of the only subscription."""
    stripe_id = Subscription.objects.get().stripe_id
    found = fake.stripe_client().v1.subscriptions.retrieve(stripe_id)
    fake.advance(found["items"].data[0].current_period_end - fake.now() + 1)
