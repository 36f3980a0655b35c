"""The checker of requests and answers: it must find what differs."""

import copy
from typing import Any

import pytest

from shop.fake_stripe.api import ROUTES
from tests.fake_stripe_client import FakeStripe
from tests.stripe_types import assert_conforms, check_request, check_response
from tests.unit.fake_stripe.samples import line, params

SESSIONS = "/v1/checkout/sessions"


def test_the_store_s_kind_of_request_is_right() -> None:
    asked = params(
        line_items=[line()],
        client_reference_id="p-1",
        metadata={"payment": "p-1"},
        payment_intent_data={"metadata": {"payment": "p-1"}},
        shipping_address_collection={"allowed_countries": ["GB"]},
        adaptive_pricing={"enabled": False},
        expires_at=1_800_000_000,
        locale="en-GB",
    )
    assert check_request("POST", SESSIONS, asked) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"payment_method_types": ["card"]}, "params.payment_method_types: unknown"),
        ({"ui_mode": "hosted"}, "params.ui_mode: 'hosted' is not allowed"),
        ({"locale": "en_GB"}, "params.locale: 'en_GB' is not allowed"),
        ({"idempotency_key": "k"}, "params.idempotency_key: unknown"),
        ({"expires_at": "12.00"}, "params.expires_at: '12.00' is not int"),
        ({"metadata": {"a": 3}}, "params.metadata.a: 3 is not str"),
        ({"line_items": [{"price_data": {}}]}, "params.line_items[0].price_data.currency: missing"),
    ],
)
def test_wrong_requests_are_found(changes: dict[str, Any], complaint: str) -> None:
    assert check_request("POST", SESSIONS, params(**changes)) == [complaint]


def test_an_address_without_types_is_found() -> None:
    assert check_request("GET", "/v1/nothing", {}) == ["GET /v1/nothing: no known endpoint"]


def test_wrong_answers_are_found(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.pay(session.id)
    good = api.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]}).to_dict(for_json=True)
    assert check_response(good) == []
    wrong: list[tuple[str, Any, str]] = [
        ("status", "closed", "checkout.session.status: 'closed' is not allowed"),
        ("amount_total", "2500", "checkout.session.amount_total: '2500' is not int"),
        ("amount_total", True, "checkout.session.amount_total: True is not int"),
        ("shipping_details", None, "checkout.session.shipping_details: unknown"),
        ("id", None, "checkout.session.id: None is not str"),
    ]
    for name, value, complaint in wrong:
        assert check_response({**good, name: value}) == [complaint]
    without = copy.deepcopy(good)
    del without["payment_intent"]["amount_received"]
    assert check_response(without) == ["checkout.session.payment_intent.amount_received: missing"]
    assert check_response({"object": "list", "data": [], "has_more": False}) != []
    assert check_response({"error": {"type": "strange"}}) != []
    assert check_response({"object": "unicorn"}) != []


def test_a_log_is_judged_as_a_whole(fake: FakeStripe, api: Any) -> None:
    fake.pay(api.checkout.sessions.create(params()).id)
    log = fake.log()
    assert_conforms(log)
    log["events"][-1]["data"]["object"]["livemode"] = "no"
    with pytest.raises(AssertionError, match=r"session\.completed: about checkout\.session\.livemode"):
        assert_conforms(log)


def test_every_endpoint_has_its_type() -> None:
    for route in ROUTES:
        path = route.path.replace("{id}", "x")
        assert f"{route.method} {path}: no known endpoint" not in check_request(route.method, path, {})


def test_only_what_was_asked_for_may_differ(fake: FakeStripe, api: Any) -> None:
    dispute = fake.dispute(fake.pay(api.checkout.sessions.create(params()).id)["session"]["id"])
    fake.move_dispute(dispute["id"], "in_mediation")
    log = fake.log()
    assert log["deviations"] == ["in_mediation"]
    assert_conforms(log)
    with pytest.raises(AssertionError, match=r"dispute\.status: 'in_mediation' is not allowed"):
        assert_conforms(log | {"deviations": []})
