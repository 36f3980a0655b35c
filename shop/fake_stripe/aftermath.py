"""What a test card brings after its payment: disputes, a fraud warning, a review."""

from . import disputes, fraud_warnings, reviews
from .cards import Card
from .store import Document, Store


def before_completion(store: Store, card: Card, charge: Document) -> None:
    """Do what comes before the session is complete: Radar may hold the payment first."""
    if card.brings == "review":
        reviews.open_review(store, charge["id"])


def after_completion(store: Store, card: Card, charge: Document) -> None:
    """Do what the bank does at once after a payment in test mode; needs the store's transaction."""
    if card.brings == "warning":
        fraud_warnings.warn(store, charge["id"])
    elif card.brings == "inquiry":
        disputes.open_dispute(store, charge["id"], status="warning_needs_response")
    elif card.brings == "disputes":
        half = charge["amount"] // 2
        for part in (half, charge["amount"] - half):
            disputes.open_dispute(store, charge["id"], amount=part)
    elif card.brings in ("fraudulent", "product_not_received"):
        disputes.open_dispute(store, charge["id"], reason=card.brings)
