"""Stripe's objects, as plain data, read into our own words. Imports nothing of Stripe's client."""

from datetime import UTC, datetime
from typing import Any

from shop.payments.answers import InvoiceAnswer, RefundAnswer, Session, SubscriptionAnswer


def id_of(thing: Any) -> str:
    """Return the id of a thing that Stripe shows expanded, as its id, or not at all."""
    return str((thing.get("id") if isinstance(thing, dict) else thing) or "")


def moment(seconds: int | None) -> datetime | None:
    """Return a moment of Stripe's, which counts seconds."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def session(data: dict[str, Any]) -> Session:
    """Return a Checkout Session; in subscription mode its money is that of its first invoice."""
    found = Session(
        id=data["id"],
        url=data.get("url") or "",
        status=data.get("status") or "",
        payment_status=data.get("payment_status") or "",
        amount_total=data.get("amount_total"),
        currency=_currency(data),
        livemode=bool(data.get("livemode")),
        mode=data.get("mode") or "",
        client_reference_id=data.get("client_reference_id") or "",
        metadata=data.get("metadata") or {},
        **money_facts(data.get("payment_intent")),
        **_person_facts(data),
    )
    return found.of_invoice(*_begun(data)) if found.mode == "subscription" else found


def _begun(data: dict[str, Any]) -> tuple[InvoiceAnswer | None, SubscriptionAnswer | None]:
    """Return the invoice and the subscription that a session shows expanded."""
    bill, repeated = data.get("invoice"), data.get("subscription")
    return (
        invoice(bill) if isinstance(bill, dict) else None,
        subscription(repeated) if isinstance(repeated, dict) else None,
    )


def money_facts(intent: Any) -> dict[str, Any]:
    """Return what a payment intent tells of the money, for the fields of a Session."""
    if not isinstance(intent, dict):
        return {"intent_id": intent or ""}
    review = intent.get("review")
    return {
        "intent_id": intent["id"],
        "intent_status": intent.get("status") or "",
        "charge_id": id_of(intent.get("latest_charge")),
        "under_review": bool(review.get("open") if isinstance(review, dict) else review),
        "review_id": id_of(review),
        "captured": intent.get("amount_received") or 0,
    }


def _person_facts(data: dict[str, Any]) -> dict[str, Any]:
    customer = data.get("customer_details") or {}
    shipping = (data.get("collected_information") or {}).get("shipping_details") or {}
    address = shipping.get("address") or customer.get("address") or {}
    return {
        "email": customer.get("email") or data.get("customer_email") or "",
        "name": customer.get("name") or "",
        "phone": customer.get("phone") or "",
        "recipient": shipping.get("name") or customer.get("name") or "",
        "address": {key: value for key, value in address.items() if value},
    }


def refund(data: dict[str, Any]) -> RefundAnswer:
    """Return a refund."""
    return RefundAnswer(
        id=data["id"],
        status=data.get("status") or "",
        amount=data["amount"],
        metadata=data.get("metadata") or {},
        intent_id=id_of(data.get("payment_intent")),
        charge_id=id_of(data.get("charge")),
        reason=data.get("reason") or "",
        failure=data.get("failure_reason") or "",
    )


def subscription(data: dict[str, Any]) -> SubscriptionAnswer:
    """Return a subscription."""
    return SubscriptionAnswer(
        id=data["id"],
        status=data.get("status") or "",
        customer_id=id_of(data.get("customer")),
        livemode=bool(data.get("livemode")),
        latest_invoice_id=id_of(data.get("latest_invoice")),
        ends_at=moment(data.get("cancel_at")),
        ended_at=moment(data.get("ended_at")),
        metadata=data.get("metadata") or {},
    )


def invoice(data: dict[str, Any]) -> InvoiceAnswer:
    """Return an invoice; which payment intent paid it is known when its `payments` are expanded."""
    source = (data.get("parent") or {}).get("subscription_details") or {}
    return InvoiceAnswer(
        id=data["id"],
        status=data.get("status") or "",
        amount_paid=data.get("amount_paid") or 0,
        amount_due=data.get("amount_due") or 0,
        currency=_currency(data),
        livemode=bool(data.get("livemode")),
        is_first=data.get("billing_reason") == "subscription_create",
        is_tried=bool(data.get("attempted")),
        subscription_id=id_of(source.get("subscription")),
        metadata=source.get("metadata") or {},
        paid_at=moment((data.get("status_transitions") or {}).get("paid_at")),
        intent_id=_paying_intent(data),
    )


def _paying_intent(data: dict[str, Any]) -> str:
    paid = [part for part in (data.get("payments") or {}).get("data", []) if part.get("status") == "paid"]
    parts = paid or (data.get("payments") or {}).get("data", [])
    return id_of((parts[0].get("payment") or {}).get("payment_intent")) if parts else ""


def _currency(data: dict[str, Any]) -> str:
    return (data.get("currency") or "").upper()
