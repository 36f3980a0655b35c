"""Checkout Sessions: created open, then exactly one of complete and expired."""

from typing import Any

from . import timers
from .errors import invalid
from .events import emit
from .ids import new_id
from .resources import EXPANSIONS, LIST_RULES, PAGE_RULES, PRESENTERS, RETRIEVE_RULES, get, page, show
from .routing import Route
from .session_lines import add_line
from .session_rules import CREATE, LATEST_EXPIRY, check_create, currency_of, total
from .store import Document, Store
from .validation import EXPAND, Rule, choice, merged_metadata, metadata, text, unsupported

KIND = "checkout.session"
LINES_SHOWN = 10


def page_address(store: Store, session: Document) -> str:
    """Return the address of a session's payment page."""
    return f"{store.base_url}/c/pay/{session['id']}"


def _present(store: Store, session: Document) -> Document:
    return {"url": page_address(store, session) if session["status"] == "open" else None}


PRESENTERS[KIND] = _present


def _create(store: Store, params: dict[str, Any]) -> Document:
    session = _new(store, params)
    for line in reversed(params["line_items"]):
        add_line(store, session, line)
    store.save(session)
    return show(store, session)


def _new(store: Store, params: dict[str, Any]) -> Document:
    amount, created = total(params["line_items"]), store.today()
    expires_at = params.get("expires_at", created + LATEST_EXPIRY)
    return _frame(params) | {
        "id": new_id("cs"),
        "amount_subtotal": amount,
        "amount_total": amount,
        "created": created,
        "currency": currency_of(params),
        "customer_details": _customer_details(params),
        "expires_at": expires_at,
        "payment_status": "unpaid" if amount else "no_payment_required",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "_due": expires_at,
        "_payment_intent_data": params.get("payment_intent_data", {}),
        "_subscription_data": params.get("subscription_data", {}),
    }


def _customer_details(params: dict[str, Any]) -> Document | None:
    if "customer_email" not in params:
        return None
    nothing = dict.fromkeys(("address", "name", "phone", "tax_ids", "business_name", "individual_name"))
    return nothing | {"email": params["customer_email"], "tax_exempt": "none"}


def _frame(params: dict[str, Any]) -> Document:
    """Return the fields that only repeat what was asked for, or are always so."""
    texts = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")
    return {
        "object": KIND,
        "adaptive_pricing": {"enabled": False},
        "after_expiration": None,
        "allow_promotion_codes": params.get("allow_promotion_codes"),
        "allowed_payment_method_types": params.get("allowed_payment_method_types"),
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": params.get("billing_address_collection"),
        "cancel_url": params.get("cancel_url"),
        "client_reference_id": params.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": dict.fromkeys(texts) | params.get("custom_text", {}),
        "customer": params.get("customer"),
        "customer_account": None,
        "customer_creation": _customer_creation(params),
        "customer_email": params.get("customer_email"),
        "discounts": [],
        "excluded_payment_method_types": params.get("excluded_payment_method_types"),
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": None,
        "livemode": False,
        "locale": params.get("locale"),
        "managed_payments": {"enabled": False},
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "mode": params["mode"],
        "origin_context": params.get("origin_context"),
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "always" if params["mode"] == "subscription" else "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": _methods(params),
        "permissions": None,
        "phone_number_collection": params.get("phone_number_collection", {"enabled": False}),
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": params.get("shipping_address_collection"),
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": params.get("submit_type"),
        "subscription": None,
        "success_url": params["success_url"],
        "ui_mode": "hosted_page",
        "wallet_options": None,
    }


def _customer_creation(params: dict[str, Any]) -> str | None:
    if params["mode"] == "subscription" or "customer" in params:
        return None
    return str(params.get("customer_creation", "if_required"))


def _methods(params: dict[str, Any]) -> list[str]:
    allowed = params.get("allowed_payment_method_types", ["card", "bacs_debit"])
    bacs = currency_of(params) == "gbp" and params["mode"] == "payment"
    excluded = params.get("excluded_payment_method_types", [])
    offered = [name for name in allowed if name not in excluded and (bacs or name != "bacs_debit")]
    return offered or ["card"]


def lines(store: Store, session_id: str) -> list[Document]:
    """Return a session's line items in the order they were given."""
    return store.children("item", session_id)


def _lines_page(store: Store, session: Document, params: dict[str, Any]) -> Document:
    return page(
        store, lines(store, session["id"]), params, f"/v1/checkout/sessions/{session['id']}/line_items"
    )


EXPANSIONS[(KIND, "line_items")] = lambda store, session: _lines_page(store, session, {"limit": LINES_SHOWN})


def expire(store: Store, session: Document) -> list[str]:
    """End an open session unpaid; needs the store's transaction."""
    session |= {"status": "expired", "_due": None}
    store.save(session)
    for hook in ON_EXPIRED:
        hook(store, session)
    return emit(store, "checkout.session.expired", session)


#: What else happens when a session ends unpaid.
ON_EXPIRED: list[Any] = []


def _expire_due(store: Store) -> None:
    for session in store.due(KIND, store.now()):
        expire(store, session)


timers.TIMERS.append(_expire_due)


def _expire(store: Store, _params: dict[str, Any], session_id: str) -> Document:
    session = get(store, KIND, session_id)
    if session["status"] != "open":
        raise invalid(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a '
            "status of "
            f"`{session['status']}`."
        )
    expire(store, session)
    return show(store, session)


def _update(store: Store, params: dict[str, Any], session_id: str) -> Document:
    session = get(store, KIND, session_id)
    session["metadata"] = merged_metadata(session["metadata"], params.get("metadata", {}))
    store.save(session)
    return show(store, session)


def _retrieve(store: Store, _params: dict[str, Any], session_id: str) -> Document:
    return show(store, get(store, KIND, session_id))


def _list_lines(store: Store, params: dict[str, Any], session_id: str) -> Document:
    return _lines_page(store, get(store, KIND, session_id), params)


_FILTERS = ("customer", "payment_intent", "status", "subscription")


def _list(store: Store, params: dict[str, Any]) -> Document:
    wanted = {name: params[name] for name in _FILTERS if name in params}
    found = [
        session
        for session in store.newest(KIND)
        if all(session[name] == value for name, value in wanted.items())
    ]
    return page(store, found, params, "/v1/checkout/sessions")


_LIST: dict[str, Rule] = LIST_RULES | {
    "payment_intent": text(),
    "status": choice("complete", "expired", "open"),
    "customer": text(),
    "customer_details": unsupported,
    "payment_link": unsupported,
    "subscription": text(),
}
_ONE = "/v1/checkout/sessions/{id}"

ROUTES = [
    Route("POST", "/v1/checkout/sessions", CREATE, _create, check=check_create),
    Route("GET", "/v1/checkout/sessions", _LIST, _list),
    Route("GET", _ONE, RETRIEVE_RULES, _retrieve),
    Route("POST", _ONE, {"metadata": metadata, "expand": EXPAND}, _update),
    Route("POST", f"{_ONE}/expire", {"expand": EXPAND}, _expire),
    Route("GET", f"{_ONE}/line_items", PAGE_RULES, _list_lines),
]
