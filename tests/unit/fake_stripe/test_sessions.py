"""Checkout Sessions over the real library."""

import time
from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import FakeStripe
from tests.unit.fake_stripe.samples import RETURN_URL, WITH_ADDRESS, line, params

HOUR = 3600


def test_a_new_session_is_open_unpaid_and_has_a_page(fake: FakeStripe, api: Any) -> None:
    lines = [line(2500, "T-shirt, M", 2), line(395, "Delivery")]
    session = api.checkout.sessions.create(
        params(
            line_items=lines,
            client_reference_id="p-1",
            metadata={"payment": "p-1"},
            cancel_url="http://store.example/c",
        )
    )
    assert session.id.startswith("cs_test_")
    assert len(session.id) == 66
    assert (session.status, session.payment_status, session.mode) == ("open", "unpaid", "payment")
    assert (session.amount_total, session.amount_subtotal, session.currency) == (5395, 5395, "gbp")
    assert (session.payment_intent, session.customer, session.livemode) == (None, None, False)
    assert session.url == f"{fake.url}/c/pay/{session.id}"
    assert session.client_reference_id == "p-1"
    assert session.metadata["payment"] == "p-1"
    assert session.expires_at == session.created + 24 * HOUR
    assert "line_items" not in session


def test_line_items_keep_their_order_and_amounts(api: Any) -> None:
    lines = [line(100 + number, f"Line {number}") for number in range(12)]
    session = api.checkout.sessions.create(params(line_items=lines))
    found = list(api.checkout.sessions.line_items.list(session.id, {"limit": 5}).auto_paging_iter())
    assert [item.description for item in found] == [f"Line {number}" for number in range(12)]
    assert [item.amount_total for item in found] == [100 + number for number in range(12)]
    shown = api.checkout.sessions.retrieve(session.id, {"expand": ["line_items"]}).line_items
    assert (len(shown.data), shown.has_more) == (10, True)


def test_a_paid_session_shows_who_paid_and_where_it_goes(fake: FakeStripe, api: Any) -> None:
    asked = params(
        **WITH_ADDRESS, metadata={"a": "session"}, payment_intent_data={"metadata": {"a": "intent"}}
    )
    session = api.checkout.sessions.create(asked)
    outcome = fake.pay(session.id, name="Zoë Ångström", country="IM", postal_code="IM1 1AA", line1="2 Quay")
    assert outcome["outcome"] == "paid"
    assert outcome["redirect_url"] == RETURN_URL.replace("{CHECKOUT_SESSION_ID}", session.id)
    paid = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details.email == "shopper@example.com"
    details = paid.collected_information.shipping_details
    assert (details.name, details.address.line1, details.address.country) == ("Zoë Ångström", "2 Quay", "IM")
    assert (paid.payment_intent.status, paid.payment_intent.amount_received) == ("succeeded", 2500)
    assert paid.payment_intent.metadata.to_dict() == {"a": "intent"}
    assert (paid.payment_intent.latest_charge.paid, paid.payment_intent.latest_charge.amount) == (True, 2500)


def test_session_metadata_does_not_reach_the_payment(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params(metadata={"payment": "p-1"}))
    fake.pay(session.id)
    intent = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}).payment_intent
    assert intent.metadata.to_dict() == {}


def test_a_total_of_nothing_asks_for_no_card(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params(line_items=[line(0)], **WITH_ADDRESS))
    assert session.payment_status == "no_payment_required"
    assert fake.pay(session.id, card="", expiry="", cvc="")["outcome"] == "no_payment_required"
    done = api.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status, done.payment_intent) == (
        "complete",
        "no_payment_required",
        None,
    )
    assert done.collected_information.shipping_details.address.country == "GB"
    assert api.charges.list().data == []


def test_expiring_ends_a_session_once(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    expired = api.checkout.sessions.expire(session.id)
    assert (expired.status, expired.payment_status, expired.url) == ("expired", "unpaid", None)
    with pytest.raises(stripe.InvalidRequestError, match="status of `expired`"):
        api.checkout.sessions.expire(session.id)
    assert fake.pay(session.id)["outcome"] == "expired"
    assert [event["type"] for event in fake.events()] == ["checkout.session.expired"]


def test_a_paid_session_cannot_be_expired(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.pay(session.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.checkout.sessions.expire(session.id)
    assert caught.value.user_message == (
        'Only Checkout Sessions with a status in ["open"] can be expired. '
        "This Checkout Session has a status of `complete`."
    )
    assert fake.pay(session.id)["outcome"] == "complete"
    assert len(api.charges.list().data) == 1


def test_the_clock_expires_a_session(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params(expires_at=int(time.time()) + 45 * 60))
    fake.advance(44 * 60)
    assert api.checkout.sessions.retrieve(session.id).status == "open"
    fake.advance(2 * 60)
    assert api.checkout.sessions.retrieve(session.id).status == "expired"
    assert [event["type"] for event in fake.events()] == ["checkout.session.expired"]


def test_sessions_are_listed_by_state_and_payment(fake: FakeStripe, api: Any) -> None:
    sessions = [api.checkout.sessions.create(params()) for _ in range(3)]
    fake.pay(sessions[0].id)
    api.checkout.sessions.expire(sessions[1].id)
    by_state = {
        status: [found.id for found in api.checkout.sessions.list({"status": status}).data]
        for status in ("complete", "expired", "open")
    }
    assert by_state == {
        "complete": [sessions[0].id],
        "expired": [sessions[1].id],
        "open": [sessions[2].id],
    }
    intent = api.checkout.sessions.retrieve(sessions[0].id).payment_intent
    assert [found.id for found in api.checkout.sessions.list({"payment_intent": intent}).data] == [
        sessions[0].id
    ]


def test_metadata_can_be_changed_afterwards(api: Any) -> None:
    session = api.checkout.sessions.create(params(metadata={"a": "1", "b": "2"}))
    changed = api.checkout.sessions.update(session.id, {"metadata": {"a": "", "c": "3"}})
    assert changed.metadata.to_dict() == {"b": "2", "c": "3"}


_LONG = {f"key{number}": "x" for number in range(51)}
_WRONG: list[tuple[dict[str, Any], str | None, str | None]] = [
    ({"line_items": None}, "line_items", "parameter_missing"),
    ({"mode": None}, "mode", "parameter_missing"),
    ({"success_url": None}, "success_url", "parameter_missing"),
    ({"mode": "paymnt"}, "mode", None),
    ({"mode": "setup"}, "mode", None),
    ({"success_url": "/return/"}, "success_url", "url_invalid"),
    ({"payment_method_types": ["card"]}, "payment_method_types", "parameter_unknown"),
    ({"ui_mode": "hosted"}, "ui_mode", None),
    ({"locale": "en_GB"}, "locale", None),
    ({"customer_email": "nobody"}, "customer_email", "email_invalid"),
    (
        {"shipping_address_collection": {"allowed_countries": ["UK"]}},
        "shipping_address_collection[allowed_countries][0]",
        None,
    ),
    ({"line_items": [{"quantity": 1}]}, "line_items[0]", None),
    ({"line_items": [line() | {"price": "price_1"}]}, "line_items[0]", None),
    ({"line_items": [{"price": "price_1", "quantity": 1}]}, "line_items[0][price]", "resource_missing"),
    ({"line_items": [{"price_data": line()["price_data"]}]}, "line_items[0][quantity]", "parameter_missing"),
    ({"line_items": [line(-5)]}, "line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),
    ({"line_items": [line("1.00")]}, "line_items[0][price_data][unit_amount]", "parameter_invalid_integer"),  # type: ignore[arg-type]
    ({"line_items": [line(29)]}, "line_items", "amount_too_small"),
    (
        {"line_items": [line(name="")]},
        "line_items[0][price_data][product_data][name]",
        "parameter_invalid_empty",
    ),
    ({"line_items": [line()] * 101}, "line_items", None),
    ({"metadata": _LONG}, "metadata", None),
    ({"metadata": {"k" * 41: "x"}}, "metadata", None),
    ({"metadata": {"k": "x" * 501}}, "metadata[k]", None),
    ({"client_reference_id": "x" * 201}, "client_reference_id", None),
    (
        {"payment_intent_data": {"statement_descriptor": "X"}},
        "payment_intent_data[statement_descriptor]",
        None,
    ),
    ({"adaptive_pricing": {"enabled": True}}, "adaptive_pricing[enabled]", None),
    ({"allow_promotion_codes": True}, "allow_promotion_codes", None),
]


@pytest.mark.parametrize(("changes", "param", "code"), _WRONG)
def test_wrong_parameters_are_named_and_make_nothing(
    fake: FakeStripe, api: Any, changes: dict[str, Any], param: str | None, code: str | None
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.checkout.sessions.create(params(**changes))
    assert (caught.value.http_status, caught.value.param, caught.value.code) == (400, param, code)
    assert api.checkout.sessions.list().data == []
    assert fake.events() == []


def test_thirty_pence_is_enough(api: Any) -> None:
    assert api.checkout.sessions.create(params(line_items=[line(30)])).amount_total == 30


def test_one_session_has_one_currency(api: Any) -> None:
    euros = line()
    euros["price_data"] = euros["price_data"] | {"currency": "eur"}
    with pytest.raises(stripe.InvalidRequestError, match="same currency"):
        api.checkout.sessions.create(params(line_items=[line(), euros]))


@pytest.mark.parametrize(
    ("ahead", "message"),
    [
        (29 * 60, "must be at least 30 minutes from Checkout Session creation"),
        (24 * HOUR + 60, "must be less than 24 hours from Checkout Session creation"),
    ],
)
def test_a_session_lives_between_30_minutes_and_24_hours(api: Any, ahead: int, message: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=message):
        api.checkout.sessions.create(params(expires_at=int(time.time()) + ahead))


def test_an_unknown_session_is_a_404(api: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.checkout.sessions.retrieve("cs_test_none")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    assert caught.value.user_message == "No such checkout.session: 'cs_test_none'"


def test_an_escaped_placeholder_is_not_replaced(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(
        params(success_url="http://store.example/?s=%7BCHECKOUT_SESSION_ID%7D")
    )
    assert fake.pay(session.id)["redirect_url"] == "http://store.example/?s=%7BCHECKOUT_SESSION_ID%7D"
