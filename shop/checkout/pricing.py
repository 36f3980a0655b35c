"""The parts of a quote: delivery and its VAT, what each offer saved, the lines' pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalogue.models import Garment, ProductImage
from shop import money
from shop.basket.models import Basket
from shop.checkout.offers import is_about_delivery
from shop.money import ZERO
from shop.shipping import selectors as shipping
from shop.shipping.models import DeliveryMethod, Destination

#: UK rates (gov.uk/vat-rates).
VAT_RATES = {
    Garment.VatCode.STANDARD: Decimal("0.20"),
    Garment.VatCode.REDUCED: Decimal("0.05"),
    Garment.VatCode.ZERO: Decimal(0),
}
MIXED = "mixed"


@dataclass(frozen=True)
class Saving:
    """What one offer took off the goods or the delivery, `frequency` times, and the voucher it came by."""

    offer_id: int
    name: str
    saved: Decimal
    frequency: int
    voucher_id: int | None
    voucher_code: str
    is_delivery: bool


@dataclass(frozen=True)
class Delivery:
    """How and where to; `prices` and `dates` by method id, `charge` before offers, `saved` by offer id."""

    country: str
    country_name: str
    vat_due: bool
    methods: tuple[DeliveryMethod, ...]
    prices: dict[int, Decimal]
    dates: dict[int, tuple[date, date]]
    chosen: DeliveryMethod | None
    is_open: bool
    price: Decimal
    vat: Decimal
    vat_code: str
    saved: dict[int, Decimal]

    def to_free(self, goods: Decimal) -> Decimal | None:
        """Return what is missing to free delivery by the chosen method; None when it is or is never free."""
        if self.chosen is None or self.chosen.free_from is None or not self.price:
            return None
        return max(ZERO, self.chosen.free_from - goods) or None


def vat_code_of(product: Any) -> str:
    garment = (product.parent and product.parent.garment) or product.garment
    return str(garment.vat_code) if garment else str(Garment.VatCode.STANDARD)


def vat_in(gross: Decimal, vat_code: str, vat_due: bool) -> Decimal:
    """Return the VAT contained in `gross`: none where none is due."""
    return money.vat_in(gross, VAT_RATES[Garment.VatCode(vat_code)]) if vat_due else ZERO


def deliver(
    basket: Basket, lines: Sequence[Any], befores: Sequence[Decimal], totals: Sequence[Decimal], now: datetime
) -> Delivery:
    """Work out delivery of the basket's priced lines: where to, by what, for how much, with what VAT."""
    place = shipping.destination(basket.country)
    methods = tuple(shipping.methods_for(place.zone)) if place else ()
    chosen = shipping.chosen(methods, basket.delivery_code)
    goods = sum(totals, ZERO)
    priced = {method.pk: _after_offers(basket, method.price_for(goods)) for method in methods}
    price, saved = priced[chosen.pk] if chosen and lines else (ZERO, {})
    vat_due = place.zone.vat_due if place else True
    vat, vat_code = _delivery_vat(price, lines, totals if goods else befores, vat_due)
    return Delivery(
        country=basket.country,
        country_name=place.shown if place else basket.country,
        vat_due=vat_due,
        methods=methods,
        prices={pk: after for pk, (after, _saved) in priced.items()},
        dates=_dates(methods, now),
        chosen=chosen,
        is_open=_is_open(place, methods),
        price=price,
        vat=vat,
        vat_code=vat_code,
        saved=saved,
    )


def _is_open(place: Destination | None, methods: Sequence[DeliveryMethod]) -> bool:
    return place is not None and bool(methods)


def _dates(methods: Sequence[DeliveryMethod], now: datetime) -> dict[int, tuple[date, date]]:
    working = shipping.calendar()
    return {method.pk: shipping.delivery_dates(method=method, now=now, working=working) for method in methods}


def _after_offers(basket: Basket, charge: Decimal) -> tuple[Decimal, dict[int, Decimal]]:
    """Return what is left of a delivery charge, and what each offer took off it."""
    saved = {}
    for application in basket.offer_applications.shipping_discounts:
        offer = application["offer"]
        saved[offer.pk] = min(charge, money.rounded(offer.benefit.shipping_discount(charge)))
        charge -= saved[offer.pk]
    return charge, saved


def _delivery_vat(
    price: Decimal, lines: Sequence[Any], values: Sequence[Decimal], vat_due: bool
) -> tuple[Decimal, str]:
    """Return delivery's VAT and its code: the goods' own, split by their value."""
    by_code: dict[str, Decimal] = {}
    for line, value in zip(lines, values, strict=True):
        code = vat_code_of(line.product)
        by_code[code] = by_code.get(code, ZERO) + value
    if not by_code:
        return ZERO, ""
    parts = money.spread(price, list(by_code.values()))
    vat = sum((vat_in(part, code, vat_due) for code, part in zip(by_code, parts, strict=True)), ZERO)
    return vat, next(iter(by_code)) if len(by_code) == 1 else MIXED


def savings(
    basket: Basket, lines: Sequence[Any], discount: Decimal, delivery: Delivery
) -> tuple[Saving, ...]:
    """Return what each offer saved, without those that saved nothing; those on goods sum to `discount`."""
    exact = _exact_by_offer(basket, lines)
    on_goods = dict(zip(exact, money.spread(discount, list(exact.values())), strict=True))
    listed = [_saving(a, on_goods, delivery.saved) for a in basket.offer_applications]
    return tuple(saving for saving in listed if saving.saved)


def discounts_of(basket: Basket, line: Any) -> dict[int, Decimal]:
    """Return by offer what it takes off a line, unrounded; what Oscar rounded to nothing was not applied."""
    counted = basket.offer_applications.applications
    exact: dict[int, Decimal] = {}
    for applied in line.discounts.all():
        if applied.offer.pk in counted:
            exact[applied.offer.pk] = exact.get(applied.offer.pk, ZERO) + applied.amount
    return exact


def _exact_by_offer(basket: Basket, lines: Sequence[Any]) -> dict[int, Decimal]:
    exact: dict[int, Decimal] = {}
    for line in lines:
        for offer_id, amount in discounts_of(basket, line).items():
            exact[offer_id] = exact.get(offer_id, ZERO) + amount
    return exact


def _saving(application: dict[str, Any], goods: dict[int, Decimal], delivery: dict[int, Decimal]) -> Saving:
    offer, voucher = application["offer"], application["voucher"]
    on_delivery = is_about_delivery(offer)
    return Saving(
        offer_id=offer.pk,
        name=offer.name,
        saved=(delivery if on_delivery else goods).get(offer.pk, ZERO),
        frequency=application["freq"],
        voucher_id=voucher.pk if voucher else None,
        voucher_code=voucher.code if voucher else "",
        is_delivery=on_delivery,
    )


def images_of(lines: Sequence[Any]) -> dict[int, ProductImage]:
    """Return by line id the picture of each variant in its colour, else the product's first (one query)."""
    parents = {line.product.parent_id or line.product_id for line in lines}
    pictures = (
        list(ProductImage.objects.filter(product__in=parents).order_by("display_order", "pk"))
        if parents
        else []
    )
    found = {line.pk: _image_of(line.product, pictures) for line in lines}
    return {pk: image for pk, image in found.items() if image}


def _image_of(product: Any, pictures: Sequence[ProductImage]) -> ProductImage | None:
    own = [image for image in pictures if image.product_id == (product.parent_id or product.pk)]
    in_colour = [image for image in own if image.colour_id == product.colour_id]
    return next(iter(in_colour or own), None)
