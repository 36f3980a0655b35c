"""What Stripe knows of disputes, warnings, reviews and whole lists; only reads. See `gateway` for the errors."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from shop.payments import gateway, reading
from shop.payments.answers import InvoiceAnswer, RefundAnswer, SubscriptionAnswer
from shop.payments.gateway import plain
from shop.payments.models import Dispute
from shop.payments.reading import id_of

#: No list is read further than this, so that a mistake cannot read for ever.
MOST = 20_000
_PAGE = 100


@dataclass(frozen=True)
class Concern:
    """A dispute, inquiry, early fraud warning or review as Stripe tells it; amount in minor units."""

    id: str
    kind: str
    status: str
    is_open: bool
    reason: str
    intent_id: str
    charge_id: str
    amount: int = 0
    due_by: datetime | None = None


@dataclass(frozen=True)
class Charge:
    """A charge as Stripe tells it; amounts in minor units."""

    id: str
    intent_id: str
    status: str
    captured: int
    currency: str
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SessionFact:
    """What a list tells of a Checkout Session; amounts in minor units."""

    id: str
    status: str
    payment_status: str
    amount_total: int | None
    currency: str
    intent_id: str
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def is_paid(self) -> bool:
        return self.status == "complete" and self.payment_status != "unpaid"


def concern(stripe_id: str) -> Concern:
    """Return a dispute, warning or review by its id; Refused(missing) when Stripe does not know it."""
    if stripe_id.startswith("issfr_"):
        return _warning(plain(gateway.look(lambda c: c.v1.radar.early_fraud_warnings.retrieve(stripe_id))))
    if stripe_id.startswith("prv_"):
        return _review(plain(gateway.look(lambda c: c.v1.reviews.retrieve(stripe_id))))
    if stripe_id.startswith(("dp_", "du_")):
        return _dispute(plain(gateway.look(lambda c: c.v1.disputes.retrieve(stripe_id))))
    raise gateway.Refused("not the id of a dispute, warning or review", missing=True)


def _dispute(data: dict[str, Any]) -> Concern:
    status = data.get("status") or ""
    due = (data.get("evidence_details") or {}).get("due_by")
    return Concern(
        id=data["id"],
        kind=Dispute.Kind.INQUIRY if status.startswith("warning") else Dispute.Kind.DISPUTE,
        status=status,
        is_open=status not in Dispute.ENDED,
        reason=data.get("reason") or "",
        intent_id=id_of(data.get("payment_intent")),
        charge_id=id_of(data.get("charge")),
        amount=data.get("amount") or 0,
        due_by=datetime.fromtimestamp(due, UTC) if due else None,
    )


def _warning(data: dict[str, Any]) -> Concern:
    return Concern(
        id=data["id"],
        kind=Dispute.Kind.WARNING,
        status="actionable" if data.get("actionable") else "not actionable",
        is_open=bool(data.get("actionable")),
        reason=data.get("fraud_type") or "",
        intent_id=id_of(data.get("payment_intent")),
        charge_id=id_of(data.get("charge")),
    )


def _review(data: dict[str, Any]) -> Concern:
    is_open = bool(data.get("open"))
    return Concern(
        id=data["id"],
        kind=Dispute.Kind.REVIEW,
        status="open" if is_open else data.get("closed_reason") or "closed",
        is_open=is_open,
        reason=data.get("opened_reason") or data.get("reason") or "",
        intent_id=id_of(data.get("payment_intent")),
        charge_id=id_of(data.get("charge")),
    )


def metadata_of(*, intent_id: str, charge_id: str = "") -> dict[str, str]:
    """Return the metadata of a payment at Stripe, by its intent or its charge; empty when Stripe knows neither."""
    try:
        if intent_id:
            thing = gateway.look(lambda c: c.v1.payment_intents.retrieve(intent_id))
        else:
            thing = gateway.look(lambda c: c.v1.charges.retrieve(charge_id))
    except gateway.Refused as error:
        if not error.missing:
            raise
        return {}
    return plain(thing).get("metadata") or {}


# --- Subscriptions --------------------------------------------------------------------------------


def subscription(stripe_id: str) -> SubscriptionAnswer:
    """Return a subscription; Refused(missing) when Stripe does not know it."""
    return reading.subscription(plain(gateway.look(lambda c: c.v1.subscriptions.retrieve(stripe_id))))


def invoice(invoice_id: str) -> InvoiceAnswer:
    """Return an invoice with the payment intent that paid it; Refused(missing) when Stripe does not know it."""
    expanded: Any = {"expand": ["payments"]}
    return reading.invoice(plain(gateway.look(lambda c: c.v1.invoices.retrieve(invoice_id, expanded))))


def invoice_of(intent_id: str) -> str:
    """Return the id of the invoice that a payment intent pays, or nothing."""
    params: Any = {"payment": {"type": "payment_intent", "payment_intent": intent_id}, "limit": 1}
    found = gateway.look(lambda c: c.v1.invoice_payments.list(params))
    return id_of(plain(found.data[0]).get("invoice")) if found.data else ""


# --- Lists ----------------------------------------------------------------------------------------


def refunds_of(intent_id: str) -> list[RefundAnswer]:
    """Return every refund of one payment."""
    found = _all(lambda c, p: c.v1.refunds.list(p), {"payment_intent": intent_id})
    return [reading.refund(data) for data in found]


def refunds_since(moment: datetime) -> list[RefundAnswer]:
    """Return every refund made since then."""
    found = _all(lambda c, p: c.v1.refunds.list(p), _since(moment))
    return [reading.refund(data) for data in found]


def disputes_since(moment: datetime) -> list[Concern]:
    """Return every dispute opened since then."""
    return [_dispute(data) for data in _all(lambda c, p: c.v1.disputes.list(p), _since(moment))]


def charges_since(moment: datetime) -> list[Charge]:
    """Return every charge made since then."""
    found = _all(lambda c, p: c.v1.charges.list(p), _since(moment))
    return [
        Charge(
            id=data["id"],
            intent_id=id_of(data.get("payment_intent")),
            status=data.get("status") or "",
            captured=data.get("amount_captured") or 0,
            currency=(data.get("currency") or "").upper(),
            metadata=data.get("metadata") or {},
        )
        for data in found
    ]


def sessions_since(moment: datetime) -> list[SessionFact]:
    """Return every Checkout Session made since then."""
    found = _all(lambda c, p: c.v1.checkout.sessions.list(p), _since(moment))
    return [
        SessionFact(
            id=data["id"],
            status=data.get("status") or "",
            payment_status=data.get("payment_status") or "",
            amount_total=data.get("amount_total"),
            currency=(data.get("currency") or "").upper(),
            intent_id=id_of(data.get("payment_intent")),
            metadata=data.get("metadata") or {},
        )
        for data in found
    ]


def reviews_since(moment: datetime) -> list[Concern]:
    """Return every review opened since then that is open now: Stripe lists no others."""
    return [_review(data) for data in _all(lambda c, p: c.v1.reviews.list(p), _since(moment))]


def warnings_since(moment: datetime) -> list[Concern]:
    """Return every early fraud warning made since then."""
    found = _all(lambda c, p: c.v1.radar.early_fraud_warnings.list(p), _since(moment))
    return [_warning(data) for data in found]


def subscriptions_since(moment: datetime) -> list[SubscriptionAnswer]:
    """Return every subscription begun since then, also those that have ended."""
    params = _since(moment) | {"status": "all"}
    return [reading.subscription(data) for data in _all(lambda c, p: c.v1.subscriptions.list(p), params)]


def running_subscriptions() -> list[SubscriptionAnswer]:
    """Return every subscription that has not been cancelled."""
    return [reading.subscription(data) for data in _all(lambda c, p: c.v1.subscriptions.list(p), {})]


def invoices_since(moment: datetime) -> list[InvoiceAnswer]:
    """Return every invoice made since then."""
    return [reading.invoice(data) for data in _all(lambda c, p: c.v1.invoices.list(p), _since(moment))]


#: So many types of events Stripe lists at a time.
_TYPES_AT_ONCE = 20


def undelivered_events(kinds: list[str], *, since: datetime) -> list[dict[str, Any]]:
    """Return the events of these types that some endpoint has not accepted, oldest first."""
    found: list[dict[str, Any]] = []
    for start in range(0, len(kinds), _TYPES_AT_ONCE):
        types = kinds[start : start + _TYPES_AT_ONCE]
        params = _since(since) | {"delivery_success": False, "types": types}
        found += reversed(list(_all(lambda c, p: c.v1.events.list(p), params)))
    return sorted(found, key=lambda event: int(event["created"]))


def _since(moment: datetime) -> dict[str, Any]:
    return {"created": {"gte": int(moment.timestamp())}}


def _all(read: Callable[[Any, dict[str, Any]], Any], params: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Read a list page by page, newest first."""
    after: dict[str, Any] = {}
    for _page in range(MOST // _PAGE):
        page = gateway.look(partial(_read, read, params | {"limit": _PAGE} | after))
        rows = [plain(row) for row in page.data]
        yield from rows
        if not page.has_more or not rows:
            return
        after = {"starting_after": rows[-1]["id"]}


def _read(read: Callable[[Any, dict[str, Any]], Any], params: dict[str, Any], client: Any) -> Any:
    return read(client, params)
