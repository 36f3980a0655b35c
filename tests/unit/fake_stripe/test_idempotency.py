"""Idempotency keys, and faults around them."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import FakeStripe
from tests.unit.fake_stripe.samples import line, params

PATH = "/v1/checkout/sessions"
KEY: Any = {"idempotency_key": "cs:one"}


def test_the_same_key_answers_the_same_bytes(fake: FakeStripe, api: Any) -> None:
    first = api.checkout.sessions.create(params(), KEY)
    fake.pay(first.id)
    again = api.checkout.sessions.create(params(), KEY)
    assert again.to_dict() == first.to_dict()
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert first.last_response.headers["Idempotency-Key"] == "cs:one"
    assert len(api.checkout.sessions.list().data) == 1


def test_another_request_with_the_key_is_refused(api: Any) -> None:
    api.checkout.sessions.create(params(), KEY)
    with pytest.raises(stripe.IdempotencyError) as caught:
        api.checkout.sessions.create(params(line_items=[line(2600)]), KEY)
    assert caught.value.http_status == 400
    assert caught.value.user_message == (
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        "Try using a key other than 'cs:one' if you meant to execute a different request."
    )
    assert len(api.checkout.sessions.list().data) == 1


def test_wrong_parameters_do_not_use_up_a_key(api: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.checkout.sessions.create(params(line_items=[line(1)]), KEY)
    assert api.checkout.sessions.create(params(), KEY).amount_total == 2500


def test_a_key_is_replayed_also_when_its_parameters_have_become_too_late(fake: FakeStripe, api: Any) -> None:
    asked = params(expires_at=int(time.time()) + 31 * 60)
    first = api.checkout.sessions.create(asked, KEY)
    fake.advance(10 * 60)
    assert api.checkout.sessions.create(asked, KEY).id == first.id


def test_after_a_day_a_key_is_new(fake: FakeStripe, api: Any) -> None:
    first = api.checkout.sessions.create(params(), KEY)
    fake.advance(24 * 3600 + 1)
    assert api.checkout.sessions.create(params(), KEY).id != first.id


def test_a_key_in_use_is_a_conflict(fake: FakeStripe, api: Any) -> None:
    fake.fault(path=f"{PATH}$", method="POST", delay=0.6)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(api.checkout.sessions.create, params(), KEY)
        time.sleep(0.2)
        with pytest.raises(stripe.APIError) as caught:
            fake.stripe_client().v1.checkout.sessions.create(params(), KEY)
        session = slow.result()
    assert caught.value.http_status == 409
    assert caught.value.error is not None
    assert caught.value.error.code == "idempotency_key_in_use"
    assert api.checkout.sessions.create(params(), KEY).id == session.id


def test_a_refused_piece_of_work_is_replayed_too(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    intent = fake.pay(session.id)["session"]["payment_intent"]
    api.refunds.create({"payment_intent": intent})
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
            api.refunds.create({"payment_intent": intent}, {"idempotency_key": "refund:2"})
    assert [seen["replayed"] for seen in fake.requests("POST", "/v1/refunds")] == [False, False, True]


def test_a_stored_500_comes_again_and_another_key_does_not(fake: FakeStripe, api: Any) -> None:
    fake.fault(path=PATH, method="POST", status=500)
    for _ in range(2):
        with pytest.raises(stripe.APIError) as caught:
            api.checkout.sessions.create(params(), KEY)
        assert caught.value.http_status == 500
    assert api.checkout.sessions.list().data == []
    assert api.checkout.sessions.create(params(), {"idempotency_key": "cs:two"}).status == "open"


def test_a_500_that_is_not_stored_can_be_tried_again(fake: FakeStripe, api: Any) -> None:
    fake.fault(path=PATH, method="POST", status=500, stored=False)
    with pytest.raises(stripe.APIError):
        api.checkout.sessions.create(params(), KEY)
    assert api.checkout.sessions.create(params(), KEY).status == "open"


def test_a_500_after_the_work_hides_a_session_that_exists(fake: FakeStripe, api: Any) -> None:
    fake.fault(path=PATH, method="POST", status=500, after=True)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            api.checkout.sessions.create(params(), KEY)
    assert len(api.checkout.sessions.list().data) == 1


@pytest.mark.parametrize(("moment", "made"), [("before", 0), ("after", 1)])
def test_a_cut_connection_leaves_all_or_nothing(fake: FakeStripe, api: Any, moment: str, made: int) -> None:
    fake.fault(path=PATH, method="POST", cut=moment)
    with pytest.raises(stripe.APIConnectionError):
        api.checkout.sessions.create(params(), KEY)
    assert len(api.checkout.sessions.list().data) == made
    session = api.checkout.sessions.create(params(), KEY)
    assert [found.id for found in api.checkout.sessions.list().data] == [session.id]


def test_the_library_s_own_retry_makes_one_session(fake: FakeStripe, api: Any) -> None:
    fake.fault(path=PATH, method="POST", cut="after")
    retrying = fake.stripe_client(retries=2)
    session = retrying.v1.checkout.sessions.create(params(), KEY)
    assert [found.id for found in api.checkout.sessions.list().data] == [session.id]
    seen = fake.requests("POST", PATH)
    assert [(call["status"], call["replayed"]) for call in seen] == [(0, False), (200, True)]
    assert {call["idempotency_key"] for call in seen} == {"cs:one"}


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_hang_is_a_timeout(fake: FakeStripe, moment: str) -> None:
    fake.fault(path=PATH, method="GET", hang=moment)
    impatient = fake.stripe_client(timeout=(1, 0.3))
    with pytest.raises(stripe.APIConnectionError):
        impatient.v1.checkout.sessions.list()
    assert impatient.v1.checkout.sessions.list().data == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_retry_after_a_timeout_is_not_refused(fake: FakeStripe, api: Any, moment: str) -> None:
    fake.fault(path=PATH, method="POST", hang=moment)
    with pytest.raises(stripe.APIConnectionError):
        fake.stripe_client(timeout=(1, 0.3)).v1.checkout.sessions.create(params(), KEY)
    session = api.checkout.sessions.create(params(), KEY)
    assert [found.id for found in api.checkout.sessions.list().data] == [session.id]


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, stripe.InvalidRequestError), (401, stripe.AuthenticationError), (429, stripe.RateLimitError)],
)
def test_statuses_can_be_ordered_by_number(
    fake: FakeStripe, api: Any, status: int, error: type[Exception]
) -> None:
    fake.fault(path=PATH, method="POST", status=status, count=2, message="as ordered")
    for _ in range(2):
        with pytest.raises(error, match="as ordered"):
            api.checkout.sessions.create(params(), KEY)
    assert api.checkout.sessions.create(params(), KEY).status == "open"


def test_an_answer_can_lie_about_the_amount(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.fault(path=f"{PATH}/.+", method="GET", answer={"amount_total": 2499})
    assert api.checkout.sessions.retrieve(session.id).amount_total == 2499
    assert api.checkout.sessions.retrieve(session.id).amount_total == 2500
