"""Disputes of charges: opened by a bank, moved from status to status, ended; some move money."""

from collections.abc import Callable

from . import balance
from .events import emit
from .ids import new_id
from .payments import CHARGE
from .resources import PRESENTERS, get
from .store import Document, Store

KIND = "dispute"
STATUSES = (
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "appeal_needs_response",
    "appeal_under_review",
    "won",
    "lost",
    "prevented",
)
ENDED = ("warning_closed", "won", "lost", "prevented")
#: Entering one of these takes the money, unless it is taken; the others below give it back.
_TAKES_MONEY = ("needs_response", "under_review", "lost")
_GIVES_BACK = ("warning_closed", "won", "prevented")
_REFUNDABLE = ("warning_needs_response", "warning_under_review", "warning_closed", "won")
_DUE_AFTER = 14 * 24 * 3600

_EVIDENCE = (
    "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure "
    "cancellation_rebuttal customer_communication customer_email_address customer_name "
    "customer_purchase_ip customer_signature duplicate_charge_documentation "
    "duplicate_charge_explanation duplicate_charge_id product_description receipt refund_policy "
    "refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
    "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
    "uncategorized_file uncategorized_text"
)
EVIDENCE = tuple(_EVIDENCE.split())

#: What else happens when a charge is disputed: called with the store and the charge.
ON_DISPUTED: list[Callable[[Store, Document], None]] = []


def open_dispute(
    store: Store,
    charge_id: str,
    *,
    reason: str = "fraudulent",
    status: str = "needs_response",
    amount: int | None = None,
    due_by: int | None = None,
) -> Document:
    """Dispute a charge, whole or in part; needs the store's transaction. Returns the saved dispute.

    `due_by` is when the answer is due, by the clock (seconds since 1970; 0 when the bank takes no answer).
    When it has passed, `past_due` becomes true and nothing else happens by itself.
    """
    charge = get(store, CHARGE, charge_id)
    dispute = _new(store, charge, reason, status)
    dispute["amount"] = charge["amount_captured"] if amount is None else amount
    if due_by is not None:
        dispute["evidence_details"]["due_by"] = due_by
    charge["disputed"] = True
    store.save(charge)
    store.save(dispute)
    emit(store, "charge.dispute.created", dispute)
    _move_money(store, dispute)
    for hook in ON_DISPUTED:
        hook(store, charge)
    if status in ENDED:
        emit(store, "charge.dispute.closed", dispute)
    return dispute


def _new(store: Store, charge: Document, reason: str, status: str) -> Document:
    return {
        "id": new_id("du"),
        "object": KIND,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": store.today(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(EVIDENCE) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": store.today() + _DUE_AFTER,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _method(charge, status),
        "reason": reason,
        "status": status,
        "_parent": charge["id"],
    }


def _method(charge: Document, status: str) -> Document | None:
    card = charge["payment_method_details"].get("card")
    if card is None:
        return None
    case = {"prevented": "resolution"}.get(
        status, "inquiry" if status.startswith("warning") else "chargeback"
    )
    shown = {"brand": card["brand"], "case_type": case, "network": card["network"]}
    return {"type": "card", "card": shown | {"network_reason_code": "10.4"}}


def _present(store: Store, dispute: Document) -> Document:
    details = dispute["evidence_details"]
    charge = get(store, CHARGE, dispute["charge"])
    return {
        "evidence_details": details
        | {"past_due": bool(details["due_by"]) and store.now() > details["due_by"]},
        "is_charge_refundable": dispute["status"] in _REFUNDABLE and not charge["refunded"],
    }


PRESENTERS[KIND] = _present


def move(store: Store, dispute_id: str, status: str) -> Document:
    """Give a dispute another status, with its money and events; needs the store's transaction.

    Every status may follow every other, also one that Stripe has not invented yet: it is shown and told as
    `charge.dispute.updated` and moves no money. The same status again changes nothing.
    """
    dispute = get(store, KIND, dispute_id)
    if dispute["status"] == status:
        return dispute
    before = {"status": dispute["status"]}
    dispute["status"] = status
    store.save(dispute)
    if status not in ENDED:
        emit(store, "charge.dispute.updated", dispute, before)
    _move_money(store, dispute)
    if status in ENDED:
        emit(store, "charge.dispute.closed", dispute, before)
    return dispute


def _move_money(store: Store, dispute: Document) -> None:
    """Withdraw or reinstate the disputed amount, when the status asks for it and it is not done."""
    withdrawn = len(dispute["balance_transactions"]) % 2 == 1
    if dispute["status"] in _TAKES_MONEY and not withdrawn:
        entry = balance.book(store, "dispute", dispute, -dispute["amount"], balance.DISPUTE_FEE)
        _booked(store, dispute, entry, "charge.dispute.funds_withdrawn")
    elif dispute["status"] in _GIVES_BACK and withdrawn:
        entry = balance.book(store, "dispute_reversal", dispute, dispute["amount"])
        _booked(store, dispute, entry, "charge.dispute.funds_reinstated")


def _booked(store: Store, dispute: Document, entry: Document, event: str) -> None:
    dispute["balance_transactions"].append(entry)
    store.save(dispute)
    emit(store, event, dispute)


def forbids_refund(store: Store, charge: Document) -> bool:
    """Return whether a dispute of this charge is so far that the charge cannot be refunded."""
    return any(item["status"] not in _REFUNDABLE for item in store.children(KIND, charge["id"]))
