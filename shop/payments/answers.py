"""What Stripe answers, in our own words: its errors, and its objects as this store reads them. Imports nothing."""

from dataclasses import dataclass, field, replace
from datetime import datetime


class GatewayError(Exception):
    """Stripe did not do what was asked."""


class Unavailable(GatewayError):
    """No answer, or a fault of Stripe's: whether anything happened is unknown. `stored` when the key replays it."""

    stored = False


class Refused(GatewayError):
    """Stripe understood and said no; `code` is its word for why, `missing` that the thing does not exist."""

    def __init__(self, message: str, *, code: str = "", missing: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.missing = missing


class TurnedAway(Unavailable):
    """Stripe did not listen: the key was refused (401, 403) or too much was asked (429). What exists is not known."""


class InUse(Unavailable):
    """Another call with the same key is on its way just now (409)."""


class NotConfigured(Unavailable):
    """There is no STRIPE_SECRET_KEY."""


class BadSignature(Exception):
    """What came to the webhook is not Stripe's, is too old, or is not an event."""


@dataclass(frozen=True)
class SubscriptionAnswer:
    """A subscription as Stripe tells it. `metadata` names the payment that began it."""

    #: Statuses after which it never takes money again.
    ENDED = ("canceled", "incomplete_expired")

    id: str
    status: str
    customer_id: str
    livemode: bool
    latest_invoice_id: str = ""
    ends_at: datetime | None = None
    ended_at: datetime | None = None
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        return self.status not in self.ENDED


@dataclass(frozen=True)
class InvoiceAnswer:
    """An invoice of a subscription as Stripe tells it; amounts in minor units, `metadata` the subscription's."""

    id: str
    status: str
    amount_paid: int
    amount_due: int
    currency: str
    livemode: bool
    is_first: bool
    is_tried: bool
    subscription_id: str = ""
    intent_id: str = ""
    paid_at: datetime | None = None
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def is_paid(self) -> bool:
        return self.status == "paid"

    @property
    def is_given_up(self) -> bool:
        """Stripe will not try to collect it again."""
        return self.status in ("void", "uncollectible")


@dataclass(frozen=True)
class Session:
    """A Checkout Session as this store reads it; amounts in minor units."""

    id: str
    url: str
    status: str
    payment_status: str
    amount_total: int | None
    currency: str
    livemode: bool
    mode: str
    client_reference_id: str
    metadata: dict[str, str]
    intent_id: str = ""
    intent_status: str = ""
    charge_id: str = ""
    under_review: bool = False
    review_id: str = ""
    captured: int = 0
    email: str = ""
    name: str = ""
    phone: str = ""
    recipient: str = ""
    address: dict[str, str] = field(default_factory=dict)
    invoice: InvoiceAnswer | None = None
    subscription: SubscriptionAnswer | None = None

    @property
    def invoice_id(self) -> str:
        return self.invoice.id if self.invoice else ""

    @property
    def delayed_payment_failed(self) -> bool:
        """A delayed method's result has come, and it is no. A subscription's is tried again until Stripe gives up."""
        if self.invoice:
            return self.invoice.is_given_up
        return self.status == "complete" and self.intent_status in ("requires_payment_method", "canceled")

    def of_invoice(self, invoice: InvoiceAnswer | None, begun: SubscriptionAnswer | None) -> "Session":
        """Return the session with the money of its first invoice, which is what a subscription's is paid by."""
        if invoice is None:
            return replace(self, subscription=begun)
        status = "paid" if invoice.is_paid else self.payment_status
        return replace(
            self,
            invoice=invoice,
            subscription=begun,
            payment_status=status,
            intent_id=invoice.intent_id,
            captured=invoice.amount_paid,
        )


@dataclass(frozen=True)
class RefundAnswer:
    """A refund as Stripe tells it; amount in minor units."""

    id: str
    status: str
    amount: int
    metadata: dict[str, str]
    intent_id: str = ""
    charge_id: str = ""
    reason: str = ""
    failure: str = ""
