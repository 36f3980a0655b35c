"""Radar reviews: a payment that succeeded, but that a person should look at before anything ships."""

from typing import Any

from .disputes import ON_DISPUTED
from .errors import invalid
from .events import emit
from .ids import new_id
from .payments import CHARGE, INTENT
from .refunds import ON_REFUNDED
from .resources import LIST_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .validation import EXPAND

KIND = "review"
CLOSED_REASONS = (
    "acknowledged",
    "approved",
    "canceled",
    "disputed",
    "payment_never_settled",
    "redacted",
    "refunded",
    "refunded_as_fraud",
)


def open_review(store: Store, charge_id: str, reason: str = "rule") -> Document:
    """Put a charge under review; needs the store's transaction. Returns the saved review."""
    charge = get(store, CHARGE, charge_id)
    intent = get(store, INTENT, charge["payment_intent"])
    review = {
        "id": new_id("prv"),
        "object": KIND,
        "billing_zip": charge["billing_details"]["address"]["postal_code"],
        "charge": charge_id,
        "closed_reason": None,
        "created": store.today(),
        "ip_address": None,
        "ip_address_location": None,
        "livemode": False,
        "open": True,
        "opened_reason": reason,
        "payment_intent": intent["id"],
        "reason": reason,
        "session": None,
        "_parent": charge_id,
    }
    store.save(review)
    for under_review in (charge, intent):
        under_review["review"] = review["id"]
        store.save(under_review)
    emit(store, "review.opened", review)
    return review


def close(store: Store, review_id: str, reason: str) -> Document:
    """End a review; a closed one stays as it is. Needs the store's transaction.

    The payment keeps pointing to its review; `open` tells whether it is still held.
    """
    review = get(store, KIND, review_id)
    if review["open"]:
        review |= {"open": False, "closed_reason": reason, "reason": reason}
        store.save(review)
        emit(store, "review.closed", review)
    return review


def _refunded(store: Store, charge: Document, refund: Document) -> None:
    if charge["refunded"]:
        _close_all(store, charge, "refunded_as_fraud" if refund["reason"] == "fraudulent" else "refunded")


def _close_all(store: Store, charge: Document, reason: str) -> None:
    for review in store.children(KIND, charge["id"]):
        close(store, review["id"], reason)


ON_REFUNDED.append(_refunded)
ON_DISPUTED.append(lambda store, charge: _close_all(store, charge, "disputed"))


def _approve(store: Store, _params: dict[str, Any], review_id: str) -> Document:
    if not get(store, KIND, review_id)["open"]:
        raise invalid("This review has already been closed.")
    return show(store, close(store, review_id, "approved"))


def _retrieve(store: Store, _params: dict[str, Any], review_id: str) -> Document:
    return show(store, get(store, KIND, review_id))


def _list(store: Store, params: dict[str, Any]) -> Document:
    """Return the open reviews, as Stripe does."""
    found = [review for review in store.newest(KIND) if review["open"]]
    return page(store, found, params, "/v1/reviews")


ROUTES = [
    Route("GET", "/v1/reviews", LIST_RULES, _list),
    Route("GET", "/v1/reviews/{id}", RETRIEVE_RULES, _retrieve),
    Route("POST", "/v1/reviews/{id}/approve", {"expand": EXPAND}, _approve),
]
