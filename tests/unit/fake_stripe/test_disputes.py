"""Disputes, early fraud warnings and reviews over the real library."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import ControlError, FakeStripe
from tests.unit.fake_stripe.samples import params

FRAUDULENT, NOT_RECEIVED, INQUIRY = "4000000000000259", "4000000000002685", "4000000000001976"
MULTIPLE, WARNING, REVIEW = "4000000404000079", "4000000000005423", "4000000000009235"


def paid(fake: FakeStripe, api: Any, card: str = "4242424242424242") -> str:
    """Return the id of a session over 25.00 paid with `card`."""
    session = api.checkout.sessions.create(params())
    assert fake.pay(session.id, card=card)["outcome"] == "paid"
    return str(session.id)


def told(fake: FakeStripe, *beginnings: str) -> list[str]:
    """Return the types of the events so far that begin like this."""
    return [event["type"] for event in fake.events() if event["type"].startswith(beginnings)]


@pytest.mark.parametrize(
    ("card", "reason"), [(FRAUDULENT, "fraudulent"), (NOT_RECEIVED, "product_not_received")]
)
def test_a_test_card_brings_a_dispute_that_takes_the_money(
    fake: FakeStripe, api: Any, card: str, reason: str
) -> None:
    session_id = paid(fake, api, card)
    [dispute] = api.disputes.list({"expand": ["data.charge"]}).data
    assert (dispute.status, dispute.reason, dispute.amount) == ("needs_response", reason, 2500)
    assert (dispute.charge.disputed, dispute.is_charge_refundable) == (True, False)
    assert [(entry.amount, entry.net) for entry in dispute.balance_transactions] == [(-2500, -4500)]
    assert dispute.evidence_details.due_by > fake.now()
    assert told(fake, "checkout", "charge.dispute") == [
        "checkout.session.completed",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
    ]
    assert api.checkout.sessions.retrieve(session_id).payment_status == "paid"


def test_an_inquiry_moves_no_money(fake: FakeStripe, api: Any) -> None:
    paid(fake, api, INQUIRY)
    [dispute] = api.disputes.list().data
    assert (dispute.status, dispute.is_charge_refundable) == ("warning_needs_response", True)
    closed = fake.move_dispute(dispute.id, "warning_closed")
    assert (closed["status"], closed["balance_transactions"]) == ("warning_closed", [])
    assert told(fake, "charge.dispute") == ["charge.dispute.created", "charge.dispute.closed"]


def test_several_disputes_of_a_charge_never_exceed_it(fake: FakeStripe, api: Any) -> None:
    paid(fake, api, MULTIPLE)
    found = api.disputes.list({"payment_intent": api.payment_intents.list().data[0].id}).data
    assert [dispute.amount for dispute in found] == [1250, 1250]
    assert len({dispute.charge for dispute in found}) == 1


@pytest.mark.parametrize(
    ("status", "events", "booked"),
    [
        ("won", ["funds_reinstated", "closed"], [-2500, 2500]),
        ("prevented", ["funds_reinstated", "closed"], [-2500, 2500]),
        ("lost", ["closed"], [-2500]),
        ("under_review", ["updated"], [-2500]),
        ("in_mediation", ["updated"], [-2500]),
    ],
)
def test_a_dispute_moves_to_any_status(
    fake: FakeStripe, api: Any, status: str, events: list[str], booked: list[int]
) -> None:
    dispute = fake.dispute(paid(fake, api), "duplicate", due_by=1_900_000_000)
    assert dispute["evidence_details"]["due_by"] == 1_900_000_000
    fake.move_dispute(dispute["id"], status)
    fake.move_dispute(dispute["id"], status)
    found = api.disputes.retrieve(dispute["id"])
    assert (found.status, found.reason) == (status, "duplicate")
    assert [entry.amount for entry in found.balance_transactions] == booked
    assert told(fake, "charge.dispute")[2:] == [f"charge.dispute.{name}" for name in events]


def test_an_inquiry_may_become_a_dispute(fake: FakeStripe, api: Any) -> None:
    dispute = fake.dispute(paid(fake, api), status="warning_needs_response")
    assert len(fake.move_dispute(dispute["id"], "needs_response")["balance_transactions"]) == 1
    assert told(fake, "charge.dispute")[1:] == ["charge.dispute.updated", "charge.dispute.funds_withdrawn"]


@pytest.mark.parametrize(
    ("words", "status"),
    [("winning_evidence", "won"), ("losing_evidence", "lost"), ("We sent it.", "under_review")],
)
def test_evidence_is_sent_to_the_bank(fake: FakeStripe, api: Any, words: str, status: str) -> None:
    dispute = fake.dispute(paid(fake, api))
    draft = api.disputes.update(dispute["id"], {"evidence": {"product_description": "Tee"}, "submit": False})
    assert (draft.status, draft.evidence_details.submission_count) == ("needs_response", 0)
    sent = api.disputes.update(dispute["id"], {"evidence": {"uncategorized_text": words}})
    assert (sent.status, sent.evidence_details.submission_count) == (status, 1)
    assert sent.evidence.product_description == "Tee"


def test_a_dispute_can_be_accepted_once(fake: FakeStripe, api: Any) -> None:
    dispute = fake.dispute(paid(fake, api))
    assert api.disputes.close(dispute["id"]).status == "lost"
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        api.disputes.close(dispute["id"])
    assert told(fake, "charge.dispute.closed") == ["charge.dispute.closed"]


def test_a_disputed_charge_cannot_be_refunded(fake: FakeStripe, api: Any) -> None:
    session_id = paid(fake, api)
    dispute = fake.dispute(session_id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        api.refunds.create({"charge": dispute["charge"]})
    assert caught.value.code == "charge_disputed"
    assert api.refunds.list().data == []
    fake.move_dispute(dispute["id"], "won")
    assert api.refunds.create({"charge": dispute["charge"]}).status == "succeeded"


def test_a_due_date_passes(fake: FakeStripe, api: Any) -> None:
    dispute = fake.dispute(paid(fake, api), due_by=int(fake.now()) + 50)
    assert api.disputes.retrieve(dispute["id"]).evidence_details.past_due is False
    fake.advance(100)
    assert api.disputes.retrieve(dispute["id"]).evidence_details.past_due is True


def test_a_warning_is_actionable_until_the_money_is_back(fake: FakeStripe, api: Any) -> None:
    session_id = paid(fake, api, WARNING)
    [warning] = api.radar.early_fraud_warnings.list().data
    assert (warning.actionable, warning.fraud_type) == (True, "made_with_stolen_card")
    fake.refund(session_id, 500)
    assert api.radar.early_fraud_warnings.retrieve(warning.id).actionable is True
    fake.refund(session_id)
    assert api.radar.early_fraud_warnings.retrieve(warning.id).actionable is False
    assert told(fake, "radar") == ["radar.early_fraud_warning.created", "radar.early_fraud_warning.updated"]


def test_a_warned_payment_may_still_be_disputed(fake: FakeStripe, api: Any) -> None:
    session_id = paid(fake, api)
    assert fake.warn_of_fraud(session_id, "misc")["fraud_type"] == "misc"
    fake.dispute(session_id)
    assert api.radar.early_fraud_warnings.list().data[0].actionable is False


def test_a_held_payment_is_told_before_its_session(fake: FakeStripe, api: Any) -> None:
    session_id = paid(fake, api, REVIEW)
    session = api.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent.review"]})
    assert (session.payment_status, session.payment_intent.review.open) == ("paid", True)
    assert told(fake, "review", "checkout") == ["review.opened", "checkout.session.completed"]
    review = api.reviews.approve(session.payment_intent.review.id)
    assert (review.open, review.closed_reason) == (False, "approved")
    assert api.reviews.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="already been closed"):
        api.reviews.approve(review.id)


@pytest.mark.parametrize(
    ("reason", "refunded", "disputed"),
    [("approved", 0, 0), ("refunded", 1, 0), ("refunded_as_fraud", 1, 0), ("disputed", 0, 1)],
)
def test_a_review_ends_with_what_it_says(
    fake: FakeStripe, api: Any, reason: str, refunded: int, disputed: int
) -> None:
    review = fake.review(paid(fake, api))
    assert fake.close_review(review["id"], reason)["closed_reason"] == reason
    assert len(told(fake, "review.closed")) == 1
    assert (len(api.refunds.list().data), len(api.disputes.list().data)) == (refunded, disputed)


def test_a_refund_ends_the_review(fake: FakeStripe, api: Any) -> None:
    session_id = paid(fake, api, REVIEW)
    review = api.reviews.list().data[0]
    fake.refund(session_id, reason="fraudulent")
    assert api.reviews.retrieve(review.id).closed_reason == "refunded_as_fraud"


def test_only_what_was_paid_can_be_disputed(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    for payment_id in (session.id, "pi_none"):
        with pytest.raises(ControlError, match="that was paid"):
            fake.dispute(payment_id)
    assert fake.events() == []


def test_a_part_of_a_direct_debit_can_be_disputed(fake: FakeStripe, api: Any) -> None:
    session = api.checkout.sessions.create(params())
    fake.pay(session.id, method="bacs_debit")
    with pytest.raises(ControlError, match="that was paid"):
        fake.dispute(session.id)
    fake.settle(session.id)
    for amount in (0, 2501):
        with pytest.raises(ControlError, match="1 to 2500"):
            fake.dispute(session.id, amount=amount)
    dispute = fake.dispute(session.id, "debit_not_authorized", amount=1000)
    assert (dispute["amount"], dispute["payment_method_details"]) == (1000, None)
