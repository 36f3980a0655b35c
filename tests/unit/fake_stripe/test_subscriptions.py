"""Monthly gifts: sessions in subscription mode, invoices by the clock, declined cards, ends."""

import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from shop.fake_stripe.periods import nth_period_start
from tests.fake_stripe_client import ControlError, FakeStripe
from tests.unit.fake_stripe.samples import line, params

DAY = 24 * 3600
DECLINED, ASKS = "4000000000000002", "4000002500003155"


def monthly(**changes: Any) -> Any:
    """Return what a session for 5.00 a month is created with."""
    gift = line(500, "Monthly gift")
    gift["price_data"]["recurring"] = {"interval": "month"}
    data = {"metadata": {"payment": "p-1"}}
    return params(mode="subscription", line_items=[gift], subscription_data=data, **changes)


@pytest.fixture
def given(fake: FakeStripe, api: Any) -> Any:
    """A subscription just paid for the first time."""
    session = fake.pay(api.checkout.sessions.create(monthly()).id)["session"]
    return api.subscriptions.retrieve(session["subscription"])


def period_end(api: Any, subscription_id: str) -> int:
    """Return when the paid period ends."""
    return int(api.subscriptions.retrieve(subscription_id)["items"].data[0].current_period_end)


def next_month(fake: FakeStripe, api: Any, subscription_id: str) -> None:
    """Let the clock come to the next invoice."""
    fake.advance(period_end(api, subscription_id) - fake.now() + 1)


def test_a_session_begins_a_subscription(fake: FakeStripe, api: Any) -> None:
    made = api.checkout.sessions.create(monthly())
    assert (made.mode, made.payment_intent, made.subscription, made.customer_creation) == (
        "subscription",
        None,
        None,
        None,
    )
    done = fake.pay(made.id, email="giver@example.com")["session"]
    paths = ["subscription.latest_invoice", "invoice.payments", "customer"]
    session = api.checkout.sessions.retrieve(made.id, {"expand": paths})
    assert (session.status, session.payment_status, session.payment_intent) == ("complete", "paid", None)
    assert session.customer.email == "giver@example.com"
    subscription = session.subscription
    assert (subscription.status, subscription.metadata.to_dict()) == ("active", {"payment": "p-1"})
    assert subscription.latest_invoice.id == session.invoice.id == done["invoice"]
    [paid] = session.invoice.payments.data
    assert api.payment_intents.retrieve(paid.payment.payment_intent).amount_received == 500
    assert api.checkout.sessions.list({"subscription": subscription.id}).data[0].id == made.id


def test_the_page_says_how_often(api: Any) -> None:
    with urllib.request.urlopen(api.checkout.sessions.create(monthly()).url) as answer:  # noqa: S310
        text = answer.read().decode()
    assert "£5.00 every month" in text
    assert "Pay £5.00 and subscribe" in text
    assert "Bacs Direct Debit" not in text


def test_the_first_invoice_is_told_before_the_session(fake: FakeStripe, api: Any, given: Any) -> None:
    told = [event["type"] for event in fake.events()]
    wanted = ["customer.subscription.created", "invoice.paid", "checkout.session.completed"]
    assert [kind for kind in told if kind in wanted] == wanted
    invoice = fake.events("invoice.paid")[0]["data"]["object"]
    details = invoice["parent"]["subscription_details"]
    assert (details["subscription"], details["metadata"]) == (given.id, {"payment": "p-1"})
    assert (invoice["billing_reason"], invoice["amount_paid"]) == ("subscription_create", 500)


def test_each_month_has_its_invoice(fake: FakeStripe, api: Any, given: Any) -> None:
    first_end = period_end(api, given.id)
    assert 28 * DAY <= first_end - given.start_date <= 31 * DAY
    fake.advance(first_end - fake.now() - 60)
    assert len(api.invoices.list().data) == 1
    next_month(fake, api, given.id)
    invoices = api.invoices.list({"subscription": given.id, "status": "paid"}).data
    assert [item.billing_reason for item in invoices] == ["subscription_cycle", "subscription_create"]
    assert invoices[0].lines.data[0].period.start == first_end
    assert api.subscriptions.retrieve(given.id).latest_invoice == invoices[0].id
    assert len(api.charges.list({"customer": given.customer}).data) == 2
    assert len({item.id for item in invoices}) == 2


def test_months_slept_through_are_billed_one_by_one(fake: FakeStripe, api: Any, given: Any) -> None:
    fake.advance(95 * DAY)
    invoices = api.invoices.list({"limit": 100}).data
    starts = [item.lines.data[0].period.start for item in reversed(invoices)]
    anchor = given.billing_cycle_anchor
    assert starts == [nth_period_start(anchor, "month", 1, number) for number in range(4)]
    assert [item.created for item in reversed(invoices)] == starts


def test_an_intent_leads_to_the_invoice_it_pays(fake: FakeStripe, api: Any, given: Any) -> None:
    next_month(fake, api, given.id)
    for invoice in api.invoices.list({"expand": ["data.payments"]}).data:
        [paid] = invoice.payments.data
        asked = {"type": "payment_intent", "payment_intent": paid.payment.payment_intent}
        [found] = api.invoice_payments.list({"payment": asked}).data
        assert (found.id, found.invoice, found.status) == (paid.id, invoice.id, "paid")
    assert len(api.invoice_payments.list({"status": "paid"}).data) == 2
    nobody = {"type": "payment_intent", "payment_intent": "pi_nobody"}
    assert api.invoice_payments.list({"payment": nobody}).data == []


def test_a_declined_month_is_paid_later(fake: FakeStripe, api: Any, given: Any) -> None:
    fake.change_card(given.id, DECLINED)
    next_month(fake, api, given.id)
    [invoice] = api.invoices.list({"status": "open"}).data
    assert (invoice.amount_paid, invoice.attempt_count) == (0, 1)
    assert api.subscriptions.retrieve(given.id).status == "past_due"
    fake.change_card(given.id, "4242424242424242")
    fake.advance(3 * DAY)
    assert api.invoices.retrieve(invoice.id).status == "paid"
    assert api.subscriptions.retrieve(given.id).status == "active"
    kinds = ("invoice.paid", "invoice.payment_failed", "customer.subscription.updated")
    told = [event["type"] for event in fake.events() if event["type"] in kinds]
    assert told == [
        "invoice.paid",
        "customer.subscription.updated",
        "invoice.payment_failed",
        "customer.subscription.updated",
        "invoice.paid",
        "customer.subscription.updated",
    ]


def test_a_card_that_stays_declined_ends_it(fake: FakeStripe, api: Any, given: Any) -> None:
    fake.change_card(given.id, DECLINED)
    next_month(fake, api, given.id)
    fake.advance(20 * DAY)
    ended = api.subscriptions.retrieve(given.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "payment_failed")
    assert [item.attempt_count for item in api.invoices.list({"status": "open"}).data] == [4]
    fake.advance(90 * DAY)
    assert len(api.invoices.list().data) == 2
    assert len(fake.events("customer.subscription.deleted")) == 1


def test_a_bank_that_asks_is_told(fake: FakeStripe, api: Any, given: Any) -> None:
    fake.change_card(given.id, ASKS)
    next_month(fake, api, given.id)
    assert len(fake.events("invoice.payment_action_required")) == 1
    assert len(fake.events("invoice.payment_failed")) == 1


def test_a_declined_first_payment_begins_nothing(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(monthly())
    assert fake.decline(session.id)["outcome"] == "declined"
    assert api.subscriptions.list({"status": "all"}).data == []
    assert api.invoices.list().data == []
    assert fake.pay(session.id, card=ASKS)["outcome"] == "authenticate"
    assert fake.confirm(session.id)["outcome"] == "paid"
    assert len(api.subscriptions.list().data) == 1


def test_it_is_cancelled_now(fake: FakeStripe, api: Any, given: Any) -> None:
    ended = api.subscriptions.cancel(given.id, {"cancellation_details": {"feedback": "too_expensive"}})
    assert (ended.status, ended.cancellation_details.feedback) == ("canceled", "too_expensive")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.subscriptions.cancel(given.id)
    assert caught.value.http_status == 404
    fake.advance(40 * DAY)
    assert len(api.invoices.list().data) == 1
    assert (api.subscriptions.list().data, len(api.subscriptions.list({"status": "all"}).data)) == ([], 1)


def test_it_ends_with_its_paid_month(fake: FakeStripe, api: Any, given: Any) -> None:
    asked = api.subscriptions.update(given.id, {"cancel_at_period_end": True, "metadata": {"k": "v"}})
    assert (asked.status, asked.cancel_at) == ("active", period_end(api, given.id))
    assert asked.metadata.to_dict() == {"payment": "p-1", "k": "v"}
    next_month(fake, api, given.id)
    assert api.subscriptions.retrieve(given.id).status == "canceled"
    assert len(api.invoices.list().data) == 1
    assert len(fake.events("customer.subscription.deleted")) == 1


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"line_items": [line()]}, "line_items[0]"),
        ({"payment_intent_data": {"description": "x"}}, "payment_intent_data"),
        ({"customer_creation": "always"}, "customer_creation"),
        ({"mode": "payment", "subscription_data": None}, "line_items[0]"),
        ({"mode": "payment", "line_items": [line()]}, "subscription_data"),
    ],
)
def test_modes_do_not_mix(fake: FakeStripe, api: Any, changes: dict[str, Any], param: str) -> None:
    asked = {name: value for name, value in (monthly() | changes).items() if value is not None}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.checkout.sessions.create(asked)
    assert caught.value.param == param
    assert api.checkout.sessions.list().data == []


def test_only_test_cards_are_put_on_file(fake: FakeStripe, given: Any) -> None:
    with pytest.raises(ControlError, match="not a test card"):
        fake.change_card(given.id, "4111")


def test_months_keep_their_day() -> None:
    anchor = int(datetime(2027, 1, 31, 12, tzinfo=UTC).timestamp())
    found = [datetime.fromtimestamp(nth_period_start(anchor, "month", 1, n), UTC) for n in range(1, 14)]
    assert [(day.month, day.day) for day in found[:3]] == [(2, 28), (3, 31), (4, 30)]
    assert (found[11].year, found[11].month, found[12].day) == (2028, 1, 29)
    assert nth_period_start(anchor, "week", 2, 1) - anchor == 14 * DAY
