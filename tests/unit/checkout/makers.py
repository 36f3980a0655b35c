"""Offers and vouchers as staff would make them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher

from shop.basket.models import Basket

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def all_products() -> Range:
    return Range.objects.get_or_create(name="Everything", defaults={"includes_all_products": True})[0]


def an_offer(
    benefit: str,
    value: str | None = None,
    *,
    on: Range | None = None,
    least: int = 1,
    condition: str = "Count",
    **values: Any,
) -> ConditionalOffer:
    """Return an open offer: `benefit` of `value`, from `least` pieces (or pounds) of the range on."""
    products = on or all_products()
    is_delivery = benefit.startswith("Shipping")
    needs_no_range = is_delivery or benefit == Benefit.FIXED_PRICE
    made = Benefit.objects.create(
        type=benefit, value=value and Decimal(value), range=None if needs_no_range else products
    )
    when = Condition.objects.create(type=condition, value=least, range=products)
    name = f"Offer {ConditionalOffer.objects.count() + 1}"
    return ConditionalOffer.objects.create(name=name, benefit=made, condition=when, **values)


def a_voucher(code: str, *offers: ConditionalOffer, **values: Any) -> Voucher:
    defaults = {
        "name": f"Voucher {code}",
        "usage": Voucher.MULTI_USE,
        "start_datetime": NOW - timedelta(days=365),
        "end_datetime": NOW + timedelta(days=365 * 20),
    }
    voucher = Voucher.objects.create(code=code, **defaults | values)
    for offer in offers:
        ConditionalOffer.objects.filter(pk=offer.pk).update(offer_type=ConditionalOffer.VOUCHER)
    voucher.offers.set(offers)
    return voucher


def with_voucher(basket: Basket, voucher: Voucher) -> Basket:
    basket.vouchers.add(voucher)
    return basket
