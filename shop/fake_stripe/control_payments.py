"""Control actions on what was paid: refunds from the dashboard, disputes, fraud warnings, reviews, cards on file."""

from collections.abc import Callable
from typing import Any

from . import cards, deviations, disputes, fraud_warnings, refunds, reviews, subscriptions
from .errors import BadRequest
from .payments import CHARGE, INTENT
from .resources import get, show
from .sessions import KIND as SESSION
from .store import Document, Store

Action = Callable[..., Any]


def actions(store: Store) -> dict[str, Action]:
    """Return the actions by method and address; `payments/{id}` may name a session, intent or charge."""
    found = _Actions(store)
    return {
        "POST payments/{id}/refund": found.refund,
        "POST payments/{id}/dispute": found.dispute,
        "POST payments/{id}/warning": found.warn,
        "POST payments/{id}/review": found.review,
        "POST refunds/{id}": found.move_refund,
        "POST disputes/{id}": found.move_dispute,
        "POST reviews/{id}": found.close_review,
        "POST subscriptions/{id}/card": found.change_card,
    }


class _Actions:
    def __init__(self, store: Store) -> None:
        self._store = store

    def refund(self, payment_id: str, amount: int | None = None, reason: str | None = None) -> Document:
        """Refund in Stripe's dashboard: nothing of ours in it."""
        if amount is not None and (not isinstance(amount, int) or amount < 1):
            raise BadRequest("The amount is a whole number of minor units above 0.")
        with self._store.transaction():
            charge = self._charge(payment_id)
            return show(self._store, refunds.make(self._store, charge, amount, {"reason": reason}))

    def dispute(
        self, payment_id: str, status: str = "needs_response", amount: int | None = None, **fields: Any
    ) -> Document:
        """Dispute a payment; `fields` are reason and due_by."""
        with self._store.transaction():
            deviations.allow(self._store, status, disputes.STATUSES)
            charge = self._charge(payment_id)
            fields["amount"] = charge["amount_captured"] if amount is None else amount
            if not 0 < fields["amount"] <= charge["amount_captured"]:
                raise BadRequest(f"The amount disputed is 1 to {charge['amount_captured']}.")
            found = disputes.open_dispute(self._store, charge["id"], status=status, **fields)
            return show(self._store, found)

    def move_dispute(self, dispute_id: str, status: str) -> Document:
        """Give a dispute any status, also one that Stripe has not invented yet."""
        with self._store.transaction():
            deviations.allow(self._store, status, disputes.STATUSES)
            return show(self._store, disputes.move(self._store, dispute_id, status))

    def warn(self, payment_id: str, **fields: str) -> Document:
        """Warn early of fraud; `fields` may have fraud_type."""
        with self._store.transaction():
            charge = self._charge(payment_id)
            return show(self._store, fraud_warnings.warn(self._store, charge["id"], **fields))

    def review(self, payment_id: str, reason: str = "rule") -> Document:
        """Put a payment under review."""
        with self._store.transaction():
            return show(self._store, reviews.open_review(self._store, self._charge(payment_id)["id"], reason))

    def close_review(self, review_id: str, reason: str = "approved") -> Document:
        """End a review as approved, refunded, refunded_as_fraud, disputed …; the refund is made with it."""
        if reason not in reviews.CLOSED_REASONS:
            raise BadRequest(f"A review is closed as one of {', '.join(reviews.CLOSED_REASONS)}.")
        with self._store.transaction():
            review = reviews.close(self._store, review_id, reason)
            if reason in ("refunded", "refunded_as_fraud"):
                why = "fraudulent" if reason == "refunded_as_fraud" else None
                refunds.make(self._store, self._charge(review["charge"]), None, {"reason": why})
            elif reason == "disputed":
                disputes.open_dispute(self._store, review["charge"])
            return show(self._store, review)

    def move_refund(self, refund_id: str, status: str) -> Document:
        """Give a refund another status, with its events."""
        if status not in refunds.STATUSES:
            raise BadRequest(f"A refund's status is one of {', '.join(refunds.STATUSES)}.")
        with self._store.transaction():
            return refunds.move(self._store, refund_id, status)

    def change_card(self, subscription_id: str, card: str) -> Document:
        """Let another test card, also one that is declined, pay what a subscription is billed from now on."""
        known = cards.find(card)
        if known is None:
            raise BadRequest(f"{card} is not a test card.")
        with self._store.transaction():
            subscription = get(self._store, subscriptions.KIND, subscription_id) | {"_card": known.number}
            self._store.save(subscription)
            return show(self._store, subscription)

    def _charge(self, payment_id: str) -> Document:
        """Return the successful charge of a session, intent or charge."""
        found = self._store.find(payment_id)
        if found and found.get("object") == SESSION:
            found = self._store.find(found.get("_intent") or "")
        if found and found.get("object") == INTENT:
            found = self._store.find(found["latest_charge"] or "")
        if not found or found.get("object") != CHARGE or found["status"] != "succeeded":
            raise BadRequest(f"{payment_id} is not the id of a session, intent or charge that was paid.")
        return found
