"""Subscriptions over the API: read, let end, cancel."""

from typing import Any

from .errors import invalid, missing_object
from .resources import LIST_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .subscriptions import KIND, cancel, change, end_at_period_end
from .validation import EXPAND, Rule, boolean, choice, fields, merged_metadata, metadata, text, unsupported

_STATUSES = (
    "active",
    "canceled",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
)


def _retrieve(store: Store, _params: dict[str, Any], subscription_id: str) -> Document:
    return show(store, get(store, KIND, subscription_id))


def _running(store: Store, subscription_id: str) -> Document:
    """Return a subscription that is not over; raise Stripe's 404 for one that is."""
    subscription = get(store, KIND, subscription_id)
    if subscription["status"] == "canceled":
        raise missing_object(KIND, subscription_id)
    return subscription


def _list(store: Store, params: dict[str, Any]) -> Document:
    """Return subscriptions; without a status, those that are not cancelled."""
    status = params.get("status")
    found = [
        item
        for item in store.newest(KIND)
        if params.get("customer", item["customer"]) == item["customer"] and _has(item, status)
    ]
    return page(store, found, params, "/v1/subscriptions")


def _has(subscription: Document, status: str | None) -> bool:
    if status is None:
        return bool(subscription["status"] != "canceled")
    wanted = "canceled" if status == "ended" else status
    return status == "all" or subscription["status"] == wanted


def _update(store: Store, params: dict[str, Any], subscription_id: str) -> Document:
    subscription = _running(store, subscription_id)
    if "cancel_at_period_end" in params:
        wanted = params["cancel_at_period_end"]
        subscription = end_at_period_end(store, subscription_id, wanted)
    changes = {"metadata": merged_metadata(subscription["metadata"], params.get("metadata", {}))}
    if "description" in params:
        changes["description"] = params["description"]
    if "cancellation_details" in params:
        changes["cancellation_details"] = (
            subscription["cancellation_details"] | params["cancellation_details"]
        )
    change(store, subscription, **changes)
    return show(store, subscription)


def _cancel(store: Store, params: dict[str, Any], subscription_id: str) -> Document:
    subscription = _running(store, subscription_id)
    for name in ("invoice_now", "prorate"):
        if params.get(name):
            raise invalid(f"This local stand-in for Stripe does not support {name}=true.", name)
    subscription["cancellation_details"] |= params.get("cancellation_details", {})
    cancel(store, subscription)
    return show(store, subscription)


_FEEDBACK = (
    "customer_service low_quality missing_features other switched_service too_complex too_expensive unused"
)
_DETAILS = fields((), comment=text(), feedback=choice(*_FEEDBACK.split()))
_UPDATE: dict[str, Rule] = {
    "cancel_at_period_end": boolean,
    "cancellation_details": _DETAILS,
    "description": text(500),
    "expand": EXPAND,
    "metadata": metadata,
    **dict.fromkeys(
        (
            "cancel_at",
            "default_payment_method",
            "items",
            "pause_collection",
            "proration_behavior",
            "trial_end",
        ),
        unsupported,
    ),
}
_CANCEL: dict[str, Rule] = {
    "cancellation_details": _DETAILS,
    "expand": EXPAND,
    "invoice_now": boolean,
    "prorate": boolean,
}
_LIST: dict[str, Rule] = LIST_RULES | {
    "customer": text(),
    "status": choice("all", "ended", *_STATUSES),
    **dict.fromkeys(("plan", "price", "test_clock"), unsupported),
}
_ONE = "/v1/subscriptions/{id}"

ROUTES = [
    Route("GET", "/v1/subscriptions", _LIST, _list),
    Route("GET", _ONE, RETRIEVE_RULES, _retrieve),
    Route("POST", _ONE, _UPDATE, _update),
    Route("DELETE", _ONE, _CANCEL, _cancel),
]
