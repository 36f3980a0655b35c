"""What all objects share: how they are shown, expanded and listed."""

from collections.abc import Callable, Iterable
from typing import Any

from .errors import ApiError, invalid, missing_object
from .store import Document, Store
from .validation import EXPAND, Rule, created_range, integer, text

API_VERSION = "2026-10-28.endive"
MAX_EXPAND_DEPTH = 4

Presenter = Callable[[Store, Document], Document]
#: By object: fields worked out when it is shown.
PRESENTERS: dict[str, Presenter] = {}
#: By object and field: what is there only when it is asked for with `expand`.
EXPANSIONS: dict[tuple[str, str], Callable[[Store, Document], Any]] = {}

LIST_RULES: dict[str, Rule] = {
    "limit": integer(1, 100),
    "starting_after": text(),
    "ending_before": text(),
    "created": created_range,
    "expand": EXPAND,
}
PAGE_RULES: dict[str, Rule] = {name: rule for name, rule in LIST_RULES.items() if name != "created"}
RETRIEVE_RULES: dict[str, Rule] = {"expand": EXPAND}

_SINGULAR = {"payment_intent": "intent", "checkout.session": "session"}


def show(store: Store, document: Document) -> Document:
    """Return a document as the API answers it: without our own names, ids not expanded."""
    shown = {name: value for name, value in document.items() if not name.startswith("_")}
    present = PRESENTERS.get(document["object"])
    return shown | present(store, document) if present else shown


def get(store: Store, kind: str, document_id: str) -> Document:
    """Return the object of an address; raise Stripe's 404."""
    found = store.find(document_id, kind)
    if found is None:
        raise missing_object(kind, document_id, _SINGULAR.get(kind, "id"))
    return found


def referenced(store: Store, kind: str, document_id: str, param: str) -> Document:
    """Return the object that a parameter names; raise Stripe's 400."""
    found = store.find(document_id, kind)
    if found is None:
        raise missing_object(kind, document_id, param, 400)
    return found


def page(store: Store, documents: Iterable[Document], params: dict[str, Any], url: str) -> Document:
    """Return one page of a list, newest first, by `limit` and the cursors."""
    found = [item for item in documents if _created_within(item, params.get("created", {}))]
    after, before = params.get("starting_after"), params.get("ending_before")
    if after and before:
        raise invalid("You can only use one of starting_after or ending_before.", "ending_before")
    limit = params.get("limit", 10)
    if before:
        rest = found[: _position(store, found, before, "ending_before")]
        chosen = rest[-limit:]
    else:
        rest = found[_position(store, found, after, "starting_after") + 1 :] if after else found
        chosen = rest[:limit]
    data = [show(store, item) for item in chosen]
    return {"object": "list", "data": data, "has_more": len(rest) > len(chosen), "url": url}


def _created_within(document: Document, bounds: dict[str, int]) -> bool:
    tests: dict[str, Callable[[int, int], bool]] = {
        "gt": int.__gt__,
        "gte": int.__ge__,
        "lt": int.__lt__,
        "lte": int.__le__,
    }
    return all(tests[name](document["created"], moment) for name, moment in bounds.items())


def _position(store: Store, documents: list[Document], cursor: str, param: str) -> int:
    for position, document in enumerate(documents):
        if document["id"] == cursor:
            return position
    raise missing_object("object", cursor, param, 400)


def expand(store: Store, shown: Document, paths: list[str]) -> None:
    """Put whole objects in the place of ids, in place, for paths as `data.payment_intent.latest_charge`."""
    for path in paths:
        names = path.split(".")
        if len(names) > MAX_EXPAND_DEPTH:
            raise invalid(
                f"You cannot expand more than {MAX_EXPAND_DEPTH} levels of a property ({path}).", "expand"
            )
        _expand(store, shown, names, path)


def _expand(store: Store, node: Any, names: list[str], path: str) -> None:
    if isinstance(node, list):
        for item in node:
            _expand(store, item, names, path)
        return
    if not isinstance(node, dict) or not names:
        return
    node[names[0]] = _expanded(store, node, names[0], path)
    _expand(store, node[names[0]], names[1:], path)


def _expanded(store: Store, node: Document, name: str, path: str) -> Any:
    value = node.get(name)
    virtual = EXPANSIONS.get((str(node.get("object")), name))
    if virtual and not isinstance(value, dict):
        return virtual(store, node)
    if name not in node or not isinstance(value, str | dict | list | None):
        raise _not_expandable(path)
    if not isinstance(value, str):
        return value
    found = store.find(value)
    if found is None or "object" not in found:
        raise _not_expandable(path)
    return show(store, found)


def _not_expandable(path: str) -> ApiError:
    return invalid(f"This property cannot be expanded ({path}).", "expand")
