"""Refunds of charges, by amount, never more than was taken."""

from collections.abc import Callable
from typing import Any

from . import balance, cards, timers
from .disputes import forbids_refund
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
#: Seconds by the clock until a test card's slow refund succeeds, or its failing refund fails.
DECIDED_AFTER = 600
#: What else happens when a charge's refunds add up to another sum: called with store, charge and refund.
ON_REFUNDED: list[Callable[[Store, Document, Document], None]] = []


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
    refund = make(store, _charge(store, params), params.get("amount"), params)
    return show(store, refund)


def make(store: Store, charge: Document, amount: int | None, params: dict[str, Any]) -> Document:
    """Refund a charge, all that is left of it when `amount` is None; needs the store's transaction.

    `params` may have reason and metadata. Raises Stripe's 400 when the charge is disputed or given back, or
    less is left.
    """
    left = _refundable(store, charge)
    amount = left if amount is None else amount
    if amount > left:
        asked, rest = written(amount, charge["currency"]), written(left, charge["currency"])
        raise invalid(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})", "amount"
        )
    refund = _new(store, charge, amount, params)
    _plan(store, refund, charge)
    refund["balance_transaction"] = balance.book(store, "refund", refund, -amount)["id"]
    store.save(refund)
    emit(store, "refund.created", refund)
    _count(store, refund)
    return refund


def _plan(store: Store, refund: Document, charge: Document) -> None:
    """Let the test card decide what becomes of its refund, after its time by the clock."""
    card = cards.CARDS.get(charge.get("_card", ""))
    brings = card.brings if card else ""
    if brings in ("slow refund", "failing refund"):
        slow = brings == "slow refund"
        refund |= {"status": "pending" if slow else "succeeded", "_due": store.now() + DECIDED_AFTER}
        refund["_becomes"] = "succeeded" if slow else "failed"


def _decide_due(store: Store) -> None:
    for refund in store.due(KIND, store.now()):
        move(store, refund["id"], refund["_becomes"])


timers.TIMERS.append(_decide_due)


def _refundable(store: Store, charge: Document) -> int:
    if charge["status"] != "succeeded":
        raise _refused(
            f"Charge {charge['id']} did not succeed and cannot be refunded.", "charge_not_refundable"
        )
    if forbids_refund(store, charge):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise _refused(message, "charge_disputed")
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


def _count(store: Store, refund: Document) -> None:
    """Add up the refunds of this one's charge anew, and say so."""
    charge = get(store, CHARGE, refund["charge"])
    before = {name: charge[name] for name in ("amount_refunded", "refunded")}
    refunds = store.children(KIND, charge["id"])
    charge["amount_refunded"] = sum(item["amount"] for item in refunds if item["status"] in _COUNTED)
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    store.save(charge)
    more = charge["amount_refunded"] > before["amount_refunded"]
    emit(store, "charge.refunded" if more else "charge.updated", charge, before)
    for hook in ON_REFUNDED:
        hook(store, charge, refund)


def move(store: Store, refund_id: str, status: str) -> Document:
    """Give a refund another status, as a bank would days later; needs the store's transaction."""
    refund = get(store, KIND, refund_id)
    before = {"status": refund["status"]}
    refund |= {"status": status, "_due": None}
    failed = status in ("failed", "canceled")
    if failed and not refund.get("failure_balance_transaction"):
        entry = balance.book(store, "refund_failure", refund, refund["amount"])
        refund |= {"failure_balance_transaction": entry["id"], "failure_reason": "lost_or_stolen_card"}
    store.save(refund)
    emit(store, "refund.updated", refund, before)
    if status == "failed":
        emit(store, "refund.failed", refund)
    if (status in _COUNTED) != (before["status"] in _COUNTED):
        _count(store, refund)
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
