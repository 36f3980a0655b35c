"""What a new store starts with: the one Partner, to whom every stock record belongs, and the card fee."""

from datetime import date
from decimal import Decimal

from shop.partner.models import Partner, PaymentFee

PARTNER_CODE = "store"


def the_partner() -> Partner:
    """Return the one Partner, making it the first time; its name is left as staff wrote it."""
    partner, _ = Partner.objects.get_or_create(code=PARTNER_CODE, defaults={"name": "The store"})
    return partner


def write_payment_fee(using: str = "default") -> None:
    """Write what Stripe keeps of a UK card payment (stripe.com/gb/pricing), unless staff have written a fee."""
    if not PaymentFee.objects.using(using).exists():
        PaymentFee.objects.using(using).create(
            valid_from=date(2020, 1, 1), percent=Decimal("1.5"), fixed=Decimal("0.20")
        )
