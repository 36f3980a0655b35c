"""Events: what happened, frozen at that moment, and one delivery of it for each endpoint that wants it."""

from contextvars import ContextVar
from typing import Any

from .ids import new_id
from .resources import API_VERSION, LIST_RULES, PRESENTERS, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .validation import Rule, boolean, sequence, text

#: How long the API lists an event, in seconds by the clock.
KEPT = 30 * 24 * 3600
#: Request id and idempotency key of the API call at work; None for what shopper or time does.
CAUSE: ContextVar[tuple[str | None, str | None]] = ContextVar("cause", default=(None, None))


def emit(store: Store, kind: str, document: Document, previous: Document | None = None) -> list[str]:
    """Record that `kind` happened; return the ids of its deliveries. Needs the store's transaction."""
    data: Document = {"object": show(store, document)}
    if previous is not None:
        data["previous_attributes"] = previous
    request_id, key = CAUSE.get()
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": store.today(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": request_id, "idempotency_key": key},
        "type": kind,
        "_parent": document["id"],
    }
    return _tell(store, event)


def twin(store: Store, event_id: str) -> list[str]:
    """Record the same happening again under another id, as Stripe sometimes does."""
    event = get(store, "event", event_id)
    return _tell(store, event | {"id": new_id("evt")}, planned=True)


def _tell(store: Store, event: Document, planned: bool = False) -> list[str]:
    store.save(event)
    return [
        _queue(store, event, endpoint, planned)
        for endpoint in store.newest("webhook_endpoint")
        if wants(endpoint, event["type"])
    ]


def wants(endpoint: Document, kind: str) -> bool:
    """Return whether an endpoint is enabled and listens for this type."""
    listens = kind in endpoint["enabled_events"] or "*" in endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and listens


def _queue(store: Store, event: Document, endpoint: Document, planned: bool) -> str:
    """Write a delivery; a planned one meets no fault that plans deliveries."""
    delivery = {
        "id": new_id("dlv"),
        "event": event["id"],
        "endpoint": endpoint["id"],
        "type": event["type"],
        "created": store.now(),
        "state": "pending",
        "attempts": 0,
        "status": None,
        "_parent": event["id"],
        "_due": store.now(),
        "_planned": planned,
    }
    store.put("delivery", delivery)
    return str(delivery["id"])


def _pending(store: Store, event: Document) -> Document:
    deliveries = store.children("delivery", event["id"])
    return {"pending_webhooks": sum(delivery["state"] == "pending" for delivery in deliveries)}


PRESENTERS["event"] = _pending


def _all_delivered(store: Store, event: Document) -> bool:
    return all(item["state"] == "delivered" for item in store.children("delivery", event["id"]))


def _retrieve(store: Store, _params: dict[str, Any], event_id: str) -> Document:
    return show(store, get(store, "event", event_id))


def _list(store: Store, params: dict[str, Any]) -> Document:
    kinds = set(params.get("types", [])) | {params[name] for name in ("type",) if name in params}
    kept = [event for event in store.newest("event") if event["created"] > store.now() - KEPT]
    found = [event for event in kept if not kinds or _matches(event["type"], kinds)]
    if "delivery_success" in params:
        found = [event for event in found if _all_delivered(store, event) == params["delivery_success"]]
    return page(store, found, params, "/v1/events")


def _matches(kind: str, wanted: set[str]) -> bool:
    """A wanted type may end in `.*`."""
    return any(kind == name or (name.endswith("*") and kind.startswith(name[:-1])) for name in wanted)


_LIST: dict[str, Rule] = LIST_RULES | {
    "type": text(),
    "types": sequence(text(), 20),
    "delivery_success": boolean,
}

ROUTES = [
    Route("GET", "/v1/events", _LIST, _list),
    Route("GET", "/v1/events/{id}", RETRIEVE_RULES, _retrieve),
]
