"""Customers: made over the API, or by a session that needs one (amount 0, subscriptions, on request)."""

from typing import Any

from .errors import invalid
from .events import emit
from .ids import new_id, random_text
from .resources import LIST_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .validation import EXPAND, Rule, email, fields, merged_metadata, metadata, sequence, text

KIND = "customer"
_OWN = ("address", "description", "email", "name", "phone", "shipping")


def new_customer(store: Store, params: dict[str, Any]) -> Document:
    """Make a customer; needs the store's transaction."""
    customer = dict.fromkeys(_OWN) | {
        "id": new_id("cus"),
        "object": KIND,
        "balance": 0,
        "created": store.today(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "discount": None,
        "invoice_prefix": random_text(8).upper(),
        "invoice_settings": dict.fromkeys(
            ("custom_fields", "default_payment_method", "footer", "rendering_options")
        ),
        "livemode": False,
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "next_invoice_sequence": 1,
        "preferred_locales": params.get("preferred_locales", []),
        "tax_exempt": "none",
        "test_clock": None,
    }
    customer |= {name: params[name] for name in _OWN if name in params}
    store.save(customer)
    emit(store, "customer.created", customer)
    return customer


def for_session(store: Store, session: Document) -> str | None:
    """Return the id of the customer who pays, made now when the session needs one that is not there."""
    known = session["customer"] or session.get("_customer")
    needs = session["mode"] == "subscription" or session["customer_creation"] == "always"
    if known or not (needs or not session["amount_total"]):
        return known
    details = session["_collected"]["customer_details"]
    customer = new_customer(store, {name: details[name] for name in ("address", "email", "name", "phone")})
    session["_customer"] = customer["id"]
    store.save(session)
    return str(customer["id"])


def _create(store: Store, params: dict[str, Any]) -> Document:
    return show(store, new_customer(store, params))


def _existing(store: Store, customer_id: str) -> Document:
    customer = get(store, KIND, customer_id)
    if customer.get("_deleted"):
        raise invalid(f"No such customer: '{customer_id}'", "id", "resource_missing")
    return customer


def _update(store: Store, params: dict[str, Any], customer_id: str) -> Document:
    customer = _existing(store, customer_id)
    changes = {name: value for name, value in params.items() if name not in ("expand", "metadata")}
    changes["metadata"] = merged_metadata(customer["metadata"], params.get("metadata", {}))
    before = {name: customer[name] for name, value in changes.items() if customer[name] != value}
    customer |= changes
    store.save(customer)
    if before:
        emit(store, "customer.updated", customer, before)
    return show(store, customer)


def _delete(store: Store, _params: dict[str, Any], customer_id: str) -> Document:
    customer = _existing(store, customer_id)
    emit(store, "customer.deleted", customer)
    store.save(customer | {"_deleted": True})
    return {"id": customer_id, "object": KIND, "deleted": True}


def _retrieve(store: Store, _params: dict[str, Any], customer_id: str) -> Document:
    customer = get(store, KIND, customer_id)
    if customer.get("_deleted"):
        return {"id": customer_id, "object": KIND, "deleted": True}
    return show(store, customer)


def _list(store: Store, params: dict[str, Any]) -> Document:
    there = [customer for customer in store.newest(KIND) if not customer.get("_deleted")]
    found = [customer for customer in there if params.get("email", customer["email"]) == customer["email"]]
    return page(store, found, params, "/v1/customers")


_ADDRESS = fields((), **dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), text()))
_CHANGEABLE: dict[str, Rule] = {
    "address": _ADDRESS,
    "description": text(),
    "email": email,
    "expand": EXPAND,
    "metadata": metadata,
    "name": text(),
    "phone": text(),
    "preferred_locales": sequence(text()),
    "shipping": fields(("address", "name"), address=_ADDRESS, name=text(), phone=text()),
}
_ONE = "/v1/customers/{id}"

ROUTES = [
    Route("POST", "/v1/customers", _CHANGEABLE, _create),
    Route("GET", "/v1/customers", LIST_RULES | {"email": text()}, _list),
    Route("GET", _ONE, RETRIEVE_RULES, _retrieve),
    Route("POST", _ONE, _CHANGEABLE, _update),
    Route("DELETE", _ONE, {}, _delete),
]
