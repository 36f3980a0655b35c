"""Webhook endpoints: where events are sent, and the secrets they are signed with."""

import hashlib
import hmac
import re
from typing import Any

from .errors import invalid
from .ids import new_id
from .resources import API_VERSION, PAGE_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .validation import (
    EXPAND,
    Rule,
    boolean,
    choice,
    merged_metadata,
    metadata,
    sequence,
    text,
    unsupported,
    url,
)

MAX_ENDPOINTS = 16
#: What a store handles; Stripe advises against asking for all.
STORE_EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.payment_failed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "radar.early_fraud_warning.created",
    "radar.early_fraud_warning.updated",
    "review.opened",
    "review.closed",
    "invoice.paid",
    "invoice.payment_failed",
    "invoice.payment_action_required",
    "customer.subscription.updated",
    "customer.subscription.deleted",
)
_EVENT_NAME = re.compile(r"\*|[a-z0-9_]+(\.[a-z0-9_]+)+\Z")


def signature(secrets: list[str], moment: int, body: bytes) -> str:
    """Return the `Stripe-Signature` of `body`: the time and one `v1` for each active secret."""
    signed = str(moment).encode() + b"." + body
    parts = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={moment}", *(f"v1={part}" for part in parts)])


def register(store: Store, address: str, secret: str | None, enabled_events: list[str]) -> Document:
    """Add an endpoint, or give the one with this address this secret; needs the store's transaction."""
    found = next((item for item in store.newest("webhook_endpoint") if item["url"] == address), None)
    endpoint = found or _new(store, address)
    endpoint |= {"enabled_events": enabled_events, "status": "enabled"}
    if secret:
        endpoint["_secrets"] = [secret]
    store.save(endpoint)
    return endpoint


def roll(store: Store, endpoint_id: str, keep_old: bool) -> str:
    """Give an endpoint a new secret and return it; with `keep_old`, the old ones go on signing too."""
    endpoint = get(store, "webhook_endpoint", endpoint_id)
    secret = new_id("whsec")
    endpoint["_secrets"] = [*(endpoint["_secrets"] if keep_old else []), secret]
    store.save(endpoint)
    return secret


def _new(store: Store, address: str) -> Document:
    return {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "created": store.today(),
        "description": None,
        "enabled_events": [],
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": address,
        "_secrets": [new_id("whsec")],
    }


def _event_name(value: Any, path: str) -> str:
    name = text()(value, path)
    if not _EVENT_NAME.match(name):
        raise invalid(f"Invalid {path}: {name} is not the name of an event type.", path)
    return str(name)


def _create(store: Store, params: dict[str, Any]) -> Document:
    if len(store.newest("webhook_endpoint")) >= MAX_ENDPOINTS:
        raise invalid(f"You have reached the maximum of {MAX_ENDPOINTS} test webhook endpoints.")
    endpoint = _new(store, params["url"])
    endpoint |= {name: value for name, value in params.items() if name != "expand"}
    store.save(endpoint)
    return show(store, endpoint) | {"secret": endpoint["_secrets"][0]}


def _update(store: Store, params: dict[str, Any], endpoint_id: str) -> Document:
    endpoint = get(store, "webhook_endpoint", endpoint_id)
    if "metadata" in params:
        params["metadata"] = merged_metadata(endpoint["metadata"], params["metadata"])
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    endpoint |= {name: value for name, value in params.items() if name not in ("disabled", "expand")}
    store.save(endpoint)
    return show(store, endpoint)


def _retrieve(store: Store, _params: dict[str, Any], endpoint_id: str) -> Document:
    return show(store, get(store, "webhook_endpoint", endpoint_id))


def _list(store: Store, params: dict[str, Any]) -> Document:
    return page(store, store.newest("webhook_endpoint"), params, "/v1/webhook_endpoints")


def _delete(store: Store, _params: dict[str, Any], endpoint_id: str) -> Document:
    store.remove(get(store, "webhook_endpoint", endpoint_id)["id"])
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}


_CHANGEABLE: dict[str, Rule] = {
    "url": url,
    "enabled_events": sequence(_event_name),
    "description": text(),
    "metadata": metadata,
    "expand": EXPAND,
}
_CREATE: dict[str, Rule] = _CHANGEABLE | {"api_version": choice(API_VERSION), "connect": unsupported}

_ONE = "/v1/webhook_endpoints/{id}"
ROUTES = [
    Route("POST", "/v1/webhook_endpoints", _CREATE, _create, required=("url", "enabled_events")),
    Route("GET", "/v1/webhook_endpoints", PAGE_RULES, _list),
    Route("GET", _ONE, RETRIEVE_RULES, _retrieve),
    Route("POST", _ONE, _CHANGEABLE | {"disabled": boolean}, _update),
    Route("DELETE", _ONE, {}, _delete),
]
