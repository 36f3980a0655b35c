"""PaymentIntents and Charges: made by the payment page, read over the API."""

from typing import Any

from . import balance
from .cards import Card
from .events import emit
from .ids import new_id, random_text
from .resources import LIST_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .sessions import ON_EXPIRED
from .store import Document, Store
from .validation import Rule, merged_metadata, text, unsupported

INTENT, CHARGE = "payment_intent", "charge"


def intent_for(store: Store, bill: Document, customer: str | None = None) -> Document:
    """Return the PaymentIntent of a session or invoice, made at the first attempt.

    Needs the store's transaction.
    """
    known = store.find(bill.get("_intent") or "", INTENT)
    if known:
        return known
    intent = _new_intent(store, bill) | {"customer": customer}
    bill["_intent"] = intent["id"]
    store.save(intent)
    store.save(bill)
    emit(store, "payment_intent.created", intent)
    return intent


def _new_intent(store: Store, bill: Document) -> Document:
    intent_id, data = new_id("pi"), bill.get("_payment_intent_data", {})
    nothing = (
        "allowed_payment_method_types application application_fee_amount automatic_payment_methods "
        "canceled_at "
        "cancellation_reason customer customer_account excluded_payment_method_types last_payment_error "
        "latest_charge "
        "next_action on_behalf_of payment_method payment_method_configuration_details processing review "
        "setup_future_usage shipping source statement_descriptor transfer_data transfer_group"
    )
    return dict.fromkeys(nothing.split()) | {
        "id": intent_id,
        "object": INTENT,
        "amount": bill["amount_total"] if "amount_total" in bill else bill["amount_due"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": data.get("capture_method", "automatic_async"),
        "client_secret": f"{intent_id}_secret_{random_text(25)}",
        "confirmation_method": "automatic",
        "created": store.today(),
        "currency": bill["currency"],
        "description": data.get("description"),
        "livemode": False,
        "metadata": merged_metadata({}, data.get("metadata", {})),
        "payment_method_options": {},
        "payment_method_types": bill.get("payment_method_types", ["card"]),
        "receipt_email": data.get("receipt_email"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "_parent": bill["id"],
    }


def method_details(card: Card) -> Document:
    """Return a charge's `payment_method_details` for a card."""
    nothing = (
        "amount_authorized authorization_code extended_authorization incremental_authorization "
        "installments mandate multicapture network_token network_transaction_id overcapture regulated_status "
        "three_d_secure transaction_link_id wallet"
    )
    checks = {"address_line1_check": "pass", "address_postal_code_check": "pass", "cvc_check": "pass"}
    shown = {
        "brand": card.brand,
        "checks": checks,
        "country": "GB",
        "exp_month": 12,
        "exp_year": 2040,
        "fingerprint": f"fake{card.last4}fingerprint"[:16],
        "funding": "credit",
        "last4": card.last4,
        "network": card.brand,
    }
    return {"type": "card", "card": dict.fromkeys(nothing.split()) | shown}


def new_charge(store: Store, intent: Document, billing: Document, details: Document) -> Document:
    """Return an unsaved charge of the whole intent that succeeded."""
    charge_id = new_id("ch")
    nothing = (
        "application application_fee application_fee_amount balance_transaction "
        "failure_balance_transaction "
        "failure_code failure_message on_behalf_of receipt_number review source source_transfer "
        "statement_descriptor transfer_data transfer_group"
    )
    return dict.fromkeys(nothing.split()) | {
        "id": charge_id,
        "object": CHARGE,
        "amount": intent["amount"],
        "amount_captured": intent["amount"],
        "amount_refunded": 0,
        "billing_details": billing | {"tax_id": None},
        "calculated_statement_descriptor": "STORE",
        "captured": True,
        "created": store.today(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": _outcome("authorized", "approved_by_network", "Payment complete."),
        "paid": True,
        "payment_intent": intent["id"],
        "payment_method": new_id("pm"),
        "payment_method_details": details,
        "receipt_email": intent["receipt_email"],
        "receipt_url": f"{store.base_url}/receipts/{charge_id}",
        "refunded": False,
        "shipping": intent["shipping"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "succeeded",
        "_parent": intent["id"],
    }


def _outcome(kind: str, network_status: str, message: str, decline_code: str | None = None) -> Document:
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network_status,
        "reason": decline_code,
        "risk_level": "normal",
        "seller_message": message,
        "type": kind,
    }


def succeed(store: Store, intent: Document, charge: Document) -> None:
    """Take the money: the charge and the intent succeed."""
    charge |= {"status": "succeeded", "paid": True, "captured": True, "amount_captured": charge["amount"]}
    intent |= {
        "amount_received": intent["amount"],
        "last_payment_error": None,
        "latest_charge": charge["id"],
        "next_action": None,
        "payment_method": charge["payment_method"],
        "processing": None,
        "status": "succeeded",
    }
    store.save(charge)
    store.save(intent)
    emit(store, "charge.succeeded", charge)
    emit(store, "payment_intent.succeeded", intent)
    fee = balance.charge_fee(charge["amount"])
    charge["balance_transaction"] = balance.book(store, "charge", charge, charge["amount"], fee)["id"]
    store.save(charge)
    emit(store, "charge.updated", charge, {"balance_transaction": None})


def decline(store: Store, intent: Document, charge: Document, card: Card) -> None:
    """Refuse the card: the charge failed and the intent waits for another card."""
    charge |= {
        "amount_captured": 0,
        "captured": False,
        "failure_code": card.code,
        "failure_message": card.message,
        "outcome": _outcome(
            "issuer_declined", "declined_by_network", "The bank declined it.", card.decline_code
        ),
        "paid": False,
        "status": "failed",
    }
    error = {
        "charge": charge["id"],
        "code": card.code,
        "decline_code": card.decline_code,
        "doc_url": f"https://docs.stripe.com/error-codes#{card.code.replace('_', '-')}",
        "message": card.message,
        "type": "card_error",
    }
    fail(store, intent, charge, error)


def fail(store: Store, intent: Document, charge: Document, error: Document) -> None:
    """Write a charge that failed, for the reason in `error`."""
    intent |= {
        "last_payment_error": error,
        "latest_charge": charge["id"],
        "next_action": None,
        "payment_method": None,
        "processing": None,
        "status": "requires_payment_method",
    }
    store.save(charge)
    store.save(intent)
    emit(store, "charge.failed", charge)
    emit(store, "payment_intent.payment_failed", intent)


def _cancel_with_session(store: Store, session: Document) -> None:
    """A session that ends unpaid takes its intent with it."""
    intent = store.find(session.get("_intent") or "", INTENT)
    if intent:
        changes = {"canceled_at": store.today(), "cancellation_reason": "automatic", "next_action": None}
        intent |= {"status": "canceled"} | changes
        store.save(intent)
        emit(store, "payment_intent.canceled", intent)


ON_EXPIRED.append(_cancel_with_session)


def _retrieve_intent(store: Store, _params: dict[str, Any], intent_id: str) -> Document:
    return show(store, get(store, INTENT, intent_id))


def _list_intents(store: Store, params: dict[str, Any]) -> Document:
    customer = params.get("customer")
    found = [intent for intent in store.newest(INTENT) if customer in (None, intent["customer"])]
    return page(store, found, params, "/v1/payment_intents")


def _retrieve_charge(store: Store, _params: dict[str, Any], charge_id: str) -> Document:
    return show(store, get(store, CHARGE, charge_id))


def _list_charges(store: Store, params: dict[str, Any]) -> Document:
    wanted = {name: params[name] for name in ("customer", "payment_intent") if name in params}
    found = [
        charge
        for charge in store.newest(CHARGE)
        if all(charge[name] == value for name, value in wanted.items())
    ]
    return page(store, found, params, "/v1/charges")


_LIST_INTENTS: dict[str, Rule] = LIST_RULES | {"customer": text(), "customer_account": unsupported}
_LIST_CHARGES: dict[str, Rule] = LIST_RULES | {
    "payment_intent": text(),
    "customer": text(),
    "transfer_group": unsupported,
}
ROUTES = [
    Route("GET", "/v1/payment_intents", _LIST_INTENTS, _list_intents),
    Route("GET", "/v1/payment_intents/{id}", RETRIEVE_RULES, _retrieve_intent),
    Route("GET", "/v1/charges", _LIST_CHARGES, _list_charges),
    Route("GET", "/v1/charges/{id}", RETRIEVE_RULES, _retrieve_charge),
]
