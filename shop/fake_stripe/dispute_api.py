"""Disputes over the API: read, answer with evidence, or accept."""

from typing import Any

from .disputes import ENDED, EVIDENCE, KIND, move
from .errors import invalid
from .events import emit
from .resources import LIST_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .validation import EXPAND, Rule, boolean, choice, fields, merged_metadata, metadata, text, unsupported

#: `uncategorized_text` that decides a dispute in test mode (docs.stripe.com/testing#disputes).
_DECIDES = {
    "winning_evidence": ("won", "warning_closed"),
    "losing_evidence": ("lost", "warning_closed"),
    "escalate_inquiry_evidence": ("lost", "needs_response"),
}


def _check_open(dispute: Document) -> None:
    if dispute["status"] in ENDED:
        raise invalid("This dispute is already closed.", None, "dispute_already_closed")


def _update(store: Store, params: dict[str, Any], dispute_id: str) -> Document:
    dispute = get(store, KIND, dispute_id)
    before = {"metadata": dispute["metadata"]}
    dispute["metadata"] = merged_metadata(dispute["metadata"], params.get("metadata", {}))
    if "evidence" in params:
        _check_open(dispute)
        before["evidence"] = dispute["evidence"]
        dispute["evidence"] = dispute["evidence"] | params["evidence"]
        dispute["evidence_details"]["has_evidence"] = True
    store.save(dispute)
    if any(dispute[name] != value for name, value in before.items()):
        emit(store, "charge.dispute.updated", dispute, before)
    if "evidence" in params and params.get("submit", True):
        dispute = _submit(store, dispute)
    return show(store, dispute)


def _submit(store: Store, dispute: Document) -> Document:
    """Send the evidence to the bank, which decides at once when the text is one of the test texts."""
    dispute["evidence_details"] |= {
        "submission_count": dispute["evidence_details"]["submission_count"] + 1,
        "submission_method": "manual",
    }
    store.save(dispute)
    inquiry = dispute["status"].startswith("warning")
    sent = move(store, dispute["id"], "warning_under_review" if inquiry else "under_review")
    decided = _DECIDES.get(dispute["evidence"]["uncategorized_text"] or "")
    return move(store, dispute["id"], decided[inquiry]) if decided else sent


def _close(store: Store, _params: dict[str, Any], dispute_id: str) -> Document:
    """Accept the dispute: it is lost (an inquiry is closed)."""
    dispute = get(store, KIND, dispute_id)
    _check_open(dispute)
    return show(store, move(store, dispute_id, "lost"))


def _retrieve(store: Store, _params: dict[str, Any], dispute_id: str) -> Document:
    return show(store, get(store, KIND, dispute_id))


def _list(store: Store, params: dict[str, Any]) -> Document:
    wanted = {name: params[name] for name in ("charge", "payment_intent") if name in params}
    found = [
        item for item in store.newest(KIND) if all(item[name] == value for name, value in wanted.items())
    ]
    return page(store, found, params, "/v1/disputes")


_EVIDENCE: dict[str, Rule] = dict.fromkeys(EVIDENCE, text(20_000)) | dict.fromkeys(
    ("appeal", "enhanced_evidence"), unsupported
)
_UPDATE: dict[str, Rule] = {
    "evidence": fields((), **_EVIDENCE),
    "expand": EXPAND,
    "intended_submission_method": choice(
        "manual", "prefer_manual", "prefer_smart_disputes", "smart_disputes"
    ),
    "metadata": metadata,
    "submit": boolean,
}
_LIST: dict[str, Rule] = LIST_RULES | {"charge": text(), "payment_intent": text()}
_ONE = "/v1/disputes/{id}"

ROUTES = [
    Route("GET", "/v1/disputes", _LIST, _list),
    Route("GET", _ONE, RETRIEVE_RULES, _retrieve),
    Route("POST", _ONE, _UPDATE, _update),
    Route("POST", f"{_ONE}/close", {"expand": EXPAND}, _close),
]
