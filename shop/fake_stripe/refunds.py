"""Refunds of charges, by amount, never more than was taken."""

from typing import Any

from .errors import ApiError, invalid
from .events import emit
from .ids import new_id
from .money import written
from .payments import CHARGE, INTENT
from .resources import EXPANSIONS, LIST_RULES, RETRIEVE_RULES, get, page, referenced, show
from .routing import Route
from .store import Document, Store
from .validation import EXPAND, Rule, choice, integer, merged_metadata, metadata, text, unsupported

KIND = "refund"
#: Statuses whose money counts as given back.
_COUNTED = ("pending", "requires_action", "succeeded")
STATUSES = ("pending", "requires_action", "succeeded", "failed", "canceled")


def _check(store: Store, params: dict[str, Any]) -> None:
    if not {"charge", "payment_intent"} & set(params):
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    charge = _charge(store, params)
    if params.get("payment_intent", charge["payment_intent"]) != charge["payment_intent"]:
        raise invalid("The charge does not belong to the payment_intent.", "charge")


def _charge(store: Store, params: dict[str, Any]) -> Document:
    if "charge" in params:
        return referenced(store, CHARGE, params["charge"], "charge")
    intent = referenced(store, INTENT, params["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        raise invalid(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return referenced(store, CHARGE, intent["latest_charge"], "payment_intent")


def _create(store: Store, params: dict[str, Any]) -> Document:
    charge = _charge(store, params)
    left = _refundable(charge)
    amount = params.get("amount", left)
    if amount > left:
        asked, rest = written(amount, charge["currency"]), written(left, charge["currency"])
        raise invalid(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})", "amount"
        )
    refund = _new(store, charge, amount, params)
    store.save(refund)
    emit(store, "refund.created", refund)
    _count(store, charge["id"])
    return show(store, refund)


def _refundable(charge: Document) -> int:
    if charge["status"] != "succeeded":
        raise _refused(
            f"Charge {charge['id']} did not succeed and cannot be refunded.", "charge_not_refundable"
        )
    left: int = charge["amount_captured"] - charge["amount_refunded"]
    if not left:
        raise _refused(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
    return left


def _refused(message: str, code: str) -> ApiError:
    return invalid(message, None, code)


def _new(store: Store, charge: Document, amount: int, params: dict[str, Any]) -> Document:
    nothing = (
        "balance_transaction customer customer_account receipt_number source_transfer_reversal "
        "transfer_reversal"
    )
    return dict.fromkeys(nothing.split()) | {
        "id": new_id("re"),
        "object": KIND,
        "amount": amount,
        "charge": charge["id"],
        "created": store.today(),
        "currency": charge["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": merged_metadata({}, params.get("metadata", {})),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": params.get("reason"),
        "status": "succeeded",
        "_parent": charge["id"],
    }


def _count(store: Store, charge_id: str) -> None:
    """Add up a charge's refunds anew, and say so."""
    charge = get(store, CHARGE, charge_id)
    before = {name: charge[name] for name in ("amount_refunded", "refunded")}
    refunds = store.children(KIND, charge_id)
    charge["amount_refunded"] = sum(item["amount"] for item in refunds if item["status"] in _COUNTED)
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    store.save(charge)
    more = charge["amount_refunded"] > before["amount_refunded"]
    emit(store, "charge.refunded" if more else "charge.updated", charge, before)


def move(store: Store, refund_id: str, status: str) -> Document:
    """Give a refund another status, as a bank would days later; needs the store's transaction."""
    refund = get(store, KIND, refund_id)
    before = {"status": refund["status"]}
    refund["status"] = status
    if status == "failed":
        refund["failure_reason"] = "lost_or_stolen_card"
    store.save(refund)
    emit(store, "refund.updated", refund, before)
    if status == "failed":
        emit(store, "refund.failed", refund)
    if (status in _COUNTED) != (before["status"] in _COUNTED):
        _count(store, refund["charge"])
    return show(store, refund)


def _update(store: Store, params: dict[str, Any], refund_id: str) -> Document:
    refund = get(store, KIND, refund_id)
    before = {"metadata": refund["metadata"]}
    refund["metadata"] = merged_metadata(refund["metadata"], params.get("metadata", {}))
    store.save(refund)
    if refund["metadata"] != before["metadata"]:
        emit(store, "refund.updated", refund, before)
    return show(store, refund)


def _cancel(store: Store, _params: dict[str, Any], refund_id: str) -> Document:
    refund = get(store, KIND, refund_id)
    if refund["status"] != "requires_action":
        raise invalid(f"Refunds with status `{refund['status']}` cannot be canceled.")
    return move(store, refund_id, "canceled")


def _retrieve(store: Store, _params: dict[str, Any], refund_id: str) -> Document:
    return show(store, get(store, KIND, refund_id))


def _list(store: Store, params: dict[str, Any]) -> Document:
    wanted = {name: params[name] for name in ("charge", "payment_intent") if name in params}
    found = [
        refund
        for refund in store.newest(KIND)
        if all(refund[name] == value for name, value in wanted.items())
    ]
    return page(store, found, params, "/v1/refunds")


def _of_charge(store: Store, charge: Document) -> Document:
    return page(store, store.children(KIND, charge["id"]), {}, f"/v1/charges/{charge['id']}/refunds")


EXPANSIONS[(CHARGE, "refunds")] = _of_charge

_CREATE: dict[str, Rule] = {
    "amount": integer(1),
    "charge": text(),
    "payment_intent": text(),
    "reason": choice("duplicate", "fraudulent", "requested_by_customer"),
    "metadata": metadata,
    "expand": EXPAND,
    "instructions_email": text(),
    **dict.fromkeys(
        ("currency", "customer", "origin", "refund_application_fee", "reverse_transfer"), unsupported
    ),
}
_LIST: dict[str, Rule] = LIST_RULES | {"charge": text(), "payment_intent": text()}
_ONE = "/v1/refunds/{id}"

ROUTES = [
    Route("POST", "/v1/refunds", _CREATE, _create, check=_check),
    Route("GET", "/v1/refunds", _LIST, _list),
    Route("GET", _ONE, RETRIEVE_RULES, _retrieve),
    Route("POST", _ONE, {"metadata": metadata, "expand": EXPAND}, _update),
    Route("POST", f"{_ONE}/cancel", {"expand": EXPAND}, _cancel),
]
