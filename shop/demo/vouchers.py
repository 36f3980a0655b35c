"""The sample voucher: ten per cent off everything, for as long as a sample store may stand."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model

CODE = "WELCOME10"
NAME = "Welcome: 10 % off"


def write_voucher() -> None:
    """Write the voucher with its offer, unless there is one with its code or name."""
    voucher_model = get_model("voucher", "Voucher")
    if voucher_model.objects.filter(code=CODE).exists() or voucher_model.objects.filter(name=NAME).exists():
        return
    now = timezone.now()
    voucher = voucher_model.objects.create(
        name=NAME,
        code=CODE,
        usage=voucher_model.MULTI_USE,
        start_datetime=now,
        end_datetime=now + timedelta(days=3650),
    )
    voucher.offers.add(_offer())


def _offer() -> Any:
    offer_model = get_model("offer", "ConditionalOffer")
    everything, _ = get_model("offer", "Range").objects.get_or_create(
        name="Everything", defaults={"includes_all_products": True}
    )
    benefit_model, condition_model = get_model("offer", "Benefit"), get_model("offer", "Condition")
    return offer_model.objects.get_or_create(
        name=NAME,
        defaults={
            "offer_type": offer_model.VOUCHER,
            "benefit": benefit_model.objects.create(
                range=everything, type=benefit_model.PERCENTAGE, value=Decimal("10.00")
            ),
            "condition": condition_model.objects.create(
                range=everything, type=condition_model.COUNT, value=Decimal("1.00")
            ),
        },
    )[0]
