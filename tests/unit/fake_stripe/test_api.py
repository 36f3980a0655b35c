"""Keys, addresses, lists, expansion: what all endpoints share."""

import json
import socket
import urllib.error
import urllib.request
from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import ControlError, FakeStripe
from tests.unit.fake_stripe.samples import params


def ask(url: str, **headers: str) -> tuple[int, dict[str, Any], dict[str, str]]:
    """GET an address; return status, JSON and headers."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, json.load(answer), dict(answer.headers.items())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error), dict(error.headers.items())


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({}, "You did not provide an API key."),
        ({"Authorization": "Bearer "}, "You did not provide an API key."),
        ({"Authorization": "Basic !"}, "You did not provide an API key."),
        ({"Authorization": "Bearer sk_live_abc"}, "Invalid API Key provided: sk_live_"),
    ],
)
def test_only_test_keys_are_let_in(fake: FakeStripe, header: dict[str, str], message: str) -> None:
    status, body, _ = ask(f"{fake.url}/v1/events", **header)
    assert status == 401
    assert body["error"]["type"] == "invalid_request_error"
    assert body["error"]["message"].startswith(message)


def test_answers_carry_a_request_id_and_the_version_asked_for(fake: FakeStripe) -> None:
    headers = {"Authorization": "Bearer sk_test_any", "Stripe-Version": "2026-10-28.endive"}
    status, body, found = ask(f"{fake.url}/v1/account", **headers)
    assert (status, body["object"]) == (200, "account")
    assert found["Request-Id"].startswith("req_")
    assert found["Stripe-Version"] == "2026-10-28.endive"


def test_an_unknown_address_is_a_404(fake: FakeStripe) -> None:
    status, body, _ = ask(f"{fake.url}/v1/coupons", Authorization="Bearer sk_test_any")
    assert status == 404
    assert body["error"]["message"].startswith("Unrecognized request URL (GET: /v1/coupons).")


@pytest.mark.parametrize(
    "query",
    [
        f"a[{'9' * 5000}]=1",
        "a[b=1",
        "[a]=1",
        "a=1&a[b]=2",
        "a[b]=1&a=2",
        "%ff=1",
        "&".join(["a[b][c][d][e][f][g][h][i]=1"]),
    ],
)
def test_garbled_parameters_are_a_400(fake: FakeStripe, query: str) -> None:
    status, body, _ = ask(f"{fake.url}/v1/events?{query}", Authorization="Bearer sk_test_any")
    assert (status, body["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    "sent",
    [
        b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v1/refunds HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/refunds HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n",
        b"POST /v1/refunds HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n\xff\xff",
    ],
)
def test_what_is_not_http_gets_a_plain_400(fake: FakeStripe, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", fake.port), timeout=5) as connection:
        connection.sendall(sent)
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


def test_lists_are_newest_first_and_paged_both_ways(api: Any) -> None:
    made = [api.checkout.sessions.create(params()).id for _ in range(5)][::-1]
    first = api.checkout.sessions.list({"limit": 2})
    assert ([item.id for item in first.data], first.has_more) == (made[:2], True)
    second = api.checkout.sessions.list({"limit": 3, "starting_after": made[1]})
    assert ([item.id for item in second.data], second.has_more) == (made[2:], False)
    back = api.checkout.sessions.list({"limit": 2, "ending_before": made[3]})
    assert ([item.id for item in back.data], back.has_more) == (made[1:3], True)
    assert [item.id for item in api.checkout.sessions.list({"limit": 2}).auto_paging_iter()] == made


def test_an_unknown_cursor_and_a_wrong_limit_are_refused(api: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.checkout.sessions.list({"starting_after": "cs_test_none"})
    assert (caught.value.code, caught.value.param) == ("resource_missing", "starting_after")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.checkout.sessions.list({"limit": 101})
    assert caught.value.param == "limit"


def test_lists_can_be_limited_to_a_time(fake: FakeStripe, api: Any) -> None:
    old = api.checkout.sessions.create(params())
    fake.advance(100)
    new = api.checkout.sessions.create(params())
    assert [item.id for item in api.checkout.sessions.list({"created": {"gte": new.created}}).data] == [
        new.id
    ]
    assert [item.id for item in api.checkout.sessions.list({"created": {"lt": new.created}}).data] == [old.id]


def test_ids_are_expanded_on_demand(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.pay(session.id)
    plain = api.checkout.sessions.retrieve(session.id)
    assert plain.payment_intent.startswith("pi_")
    paths = ["data.payment_intent.latest_charge", "data.line_items"]
    full = api.checkout.sessions.list({"expand": paths}).data[0]
    assert full.payment_intent.latest_charge.payment_intent == plain.payment_intent
    assert full.line_items.data[0].amount_total == 2500
    deep = api.checkout.sessions.line_items.list(session.id, {"expand": ["data.price.product"]})
    assert deep.data[0].price.product.name == "T-shirt, M"
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        api.checkout.sessions.retrieve(session.id, {"expand": ["amount_total"]})


def test_an_expansion_of_nothing_stays_null(api: Any) -> None:
    session = api.checkout.sessions.create(params(), {})
    shown = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert shown.payment_intent is None


def test_an_empty_id_is_the_list_as_with_stripe(api: Any) -> None:
    assert api.checkout.sessions.retrieve("").object == "list"


def test_every_request_is_remembered(fake: FakeStripe, api: Any) -> None:
    api.checkout.sessions.create(params(), {"idempotency_key": "k"})
    api.events.list({"limit": 3})
    first, second = fake.requests()
    assert (first["method"], first["path"], first["idempotency_key"], first["status"]) == (
        "POST",
        "/v1/checkout/sessions",
        "k",
        200,
    )
    assert first["params"]["line_items"][0]["price_data"]["unit_amount"] == "2500"
    assert (second["method"], second["params"]) == ("GET", {"limit": "3"})


def test_the_control_api_says_what_is_wrong(fake: FakeStripe) -> None:
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "nothing", {}),
        ("POST", "faults", {"wrong": 1}),
        ("POST", "faults", {"path": "("}),
        ("POST", "faults", {"cut": "sideways"}),
        ("POST", "sessions/cs_test_none/pay", {}),
        ("POST", "sessions/cs_test_none/settle", {}),
        ("POST", "clock", {"advance": "soon"}),
    ]
    for method, action, fields in asked:
        with pytest.raises(ControlError):
            fake.control(method, action, **fields)


def test_browsers_of_other_sites_cannot_reach_the_control_api(fake: FakeStripe) -> None:
    status, _, _ = ask(f"{fake.url}/_control/log", Origin="http://evil.example")
    assert status == 403
