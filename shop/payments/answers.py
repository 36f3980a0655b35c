"""What Stripe answers, in our own words: its errors, and its objects as this store reads them. Imports nothing."""

from dataclasses import dataclass, field


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

    @property
    def delayed_payment_failed(self) -> bool:
        """A delayed method's result has come, and it is no."""
        return self.status == "complete" and self.intent_status in ("requires_payment_method", "canceled")


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
