"""Early fraud warnings: a bank believes that a payment was fraud, before any dispute."""

from typing import Any

from .disputes import ON_DISPUTED
from .events import emit
from .ids import new_id
from .payments import CHARGE
from .refunds import ON_REFUNDED
from .resources import LIST_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .validation import Rule, text

KIND = "radar.early_fraud_warning"


def warn(store: Store, charge_id: str, fraud_type: str = "made_with_stolen_card") -> Document:
    """Warn of a charge; needs the store's transaction. Returns the saved warning."""
    charge = get(store, CHARGE, charge_id)
    warning = {
        "id": new_id("issfr"),
        "object": KIND,
        "actionable": not charge["disputed"] and not charge["refunded"],
        "charge": charge_id,
        "created": store.today(),
        "fraud_type": fraud_type,
        "livemode": False,
        "payment_intent": charge["payment_intent"],
        "_parent": charge_id,
    }
    store.save(warning)
    emit(store, "radar.early_fraud_warning.created", warning)
    return warning


def _settle(store: Store, charge: Document) -> None:
    """A warning of a payment that is disputed or given back needs nobody's action any more."""
    if not charge["disputed"] and not charge["refunded"]:
        return
    for warning in store.children(KIND, charge["id"]):
        if warning["actionable"]:
            warning["actionable"] = False
            store.save(warning)
            emit(store, "radar.early_fraud_warning.updated", warning, {"actionable": True})


ON_DISPUTED.append(_settle)
ON_REFUNDED.append(lambda store, charge, _refund: _settle(store, charge))


def _retrieve(store: Store, _params: dict[str, Any], warning_id: str) -> Document:
    return show(store, get(store, KIND, warning_id))


def _list(store: Store, params: dict[str, Any]) -> Document:
    wanted = {name: params[name] for name in ("charge", "payment_intent") if name in params}
    found = [
        item for item in store.newest(KIND) if all(item[name] == value for name, value in wanted.items())
    ]
    return page(store, found, params, "/v1/radar/early_fraud_warnings")


_LIST: dict[str, Rule] = LIST_RULES | {"charge": text(), "payment_intent": text()}

ROUTES = [
    Route("GET", "/v1/radar/early_fraud_warnings", _LIST, _list),
    Route("GET", "/v1/radar/early_fraud_warnings/{id}", RETRIEVE_RULES, _retrieve),
]
