"""Time passing, for the stand-in by its clock and for the store in its own rows: all it waits for comes nearer."""

from datetime import timedelta

from django.db.models import F

from shop.emails.models import Mail
from shop.payments.models import Payment, Refund, WebhookEvent
from tests.fake_stripe_client import FakeStripe

#: Seconds after which a payment nobody paid is over.
HOLD = 46 * 60
_WAITING = {
    Payment: ("created_at", "expires_at", "checked_at"),
    Mail: ("next_try_at",),
    Refund: ("created_at",),
    WebhookEvent: ("received_at",),
}


def let_pass(fake: FakeStripe, seconds: float = HOLD) -> None:
    """Let `seconds` pass for both."""
    fake.advance(seconds)
    for model, fields in _WAITING.items():
        ago = timedelta(seconds=seconds)
        model._default_manager.update(**{field: F(field) - ago for field in fields})
