"""The one pricing of a basket: what its page shows, what *Pay* charges, what the order stores.

lines + delivery + gift = total, to the penny, always.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from shop.basket.models import Basket
from shop.checkout import pricing, problems
from shop.checkout.offers import Applicator, OwnHold, own_hold
from shop.checkout.pricing import Delivery, Saving
from shop.money import ZERO, to_pence_parts
from shop.partner.strategy import Strategy
from shop.shipping import selectors as shipping


@dataclass(frozen=True)
class QuoteLine:
    """Some pieces of one variant; `total` is after discounts, `before` without them, both as charged.

    `problem` keeps the basket from being paid; `note` is only said.
    """

    line_id: int
    product_id: int
    parent_id: int
    product_slug: str
    stockrecord_id: int
    sku: str
    title: str
    colour: str
    size: str
    quantity: int
    unit: Decimal
    before: Decimal
    total: Decimal
    net: Decimal
    vat: Decimal
    vat_code: str
    available: int
    problem: str
    note: str
    story: str
    image: str
    image_alt: str
    image_width: int
    image_height: int

    @property
    def url(self) -> str:
        """The product's page with this variant chosen."""
        path = reverse("catalogue:detail", kwargs={"product_slug": self.product_slug, "pk": self.parent_id})
        return f"{path}?variant={self.sku}"


@dataclass(frozen=True)
class DeliveryOption:
    """A way to send this basket; `price` is what it would cost here and now."""

    code: str
    name: str
    price: Decimal
    arrives_from: date
    arrives_until: date
    is_chosen: bool


@dataclass(frozen=True)
class VoucherLine:
    """A voucher on the basket; one that saves nothing is idle, and *Pay* takes it off."""

    voucher_id: int
    code: str
    name: str
    saved: Decimal


@dataclass(frozen=True)
class Quote:
    """What a basket costs: `goods` is the shelf sum, `discount` what offers take off it."""

    currency: str
    lines: tuple[QuoteLine, ...]
    goods: Decimal
    discount: Decimal
    delivery: Decimal
    delivery_net: Decimal
    delivery_vat: Decimal
    delivery_vat_code: str
    delivery_code: str
    delivery_name: str
    delivery_options: tuple[DeliveryOption, ...]
    arrives_from: date | None
    arrives_until: date | None
    country: str
    country_name: str
    vat_due: bool
    gift: Decimal
    gift_note: str
    hide_prices: bool
    plain_parcel: bool
    total: Decimal
    net: Decimal
    vat: Decimal
    vouchers: tuple[VoucherLine, ...]
    offers: tuple[Saving, ...]
    to_free_delivery: Decimal | None
    pieces: int
    problems: tuple[str, ...]
    fingerprint: str

    @property
    def goods_after_discount(self) -> Decimal:
        return self.goods - self.discount

    @property
    def idle_vouchers(self) -> tuple[str, ...]:
        """Codes of vouchers that change nothing."""
        return tuple(voucher.code for voucher in self.vouchers if not voucher.saved)

    @property
    def is_payable(self) -> bool:
        return bool(self.lines) and not self.problems and not any(line.problem for line in self.lines)


def quote(basket: Basket, *, now: datetime) -> Quote:
    """Price `basket`: lines, offers and stock are read afresh, its own fields are taken as given.

    Locks and writes nothing. A fixed number of queries whatever the number of lines.
    """
    hold = _apply_offers(basket, now)
    lines = list(basket.all_lines())
    befores = [line.quantity * line.stockrecord.price for line in lines]
    exact = [max(ZERO, before - off) for before, off in zip(befores, _off(basket, lines), strict=True)]
    totals = to_pence_parts(exact)
    delivery = pricing.deliver(basket, lines, befores, totals, now)
    savings = pricing.savings(basket, lines, sum(befores, ZERO) - sum(totals, ZERO), delivery)
    quoted = _lines(lines, befores, totals, delivery.vat_due, hold)
    return _assembled(basket, quoted, delivery, savings)


def _apply_offers(basket: Basket, now: datetime) -> OwnHold:
    basket.strategy = Strategy()
    basket.reset_offer_applications()
    if basket.pk is None:
        return OwnHold()
    hold = own_hold(basket)
    Applicator(now=now, hold=hold).apply(basket, AnonymousUser())
    return hold


def _lines(
    lines: list[Any], befores: list[Decimal], totals: list[Decimal], vat_due: bool, hold: OwnHold
) -> tuple[QuoteLine, ...]:
    images = pricing.images_of(lines)
    return tuple(
        _line(line, before, total, vat_due=vat_due, held=_held(hold, line), image=images.get(line.pk))
        for line, before, total in zip(lines, befores, totals, strict=True)
    )


def _off(basket: Basket, lines: list[Any]) -> list[Decimal]:
    return [sum(pricing.discounts_of(basket, line).values(), ZERO) for line in lines]


def _held(hold: OwnHold, line: Any) -> int:
    return hold.pieces.get(line.stockrecord_id, 0)


def _line(line: Any, before: Decimal, total: Decimal, *, vat_due: bool, held: int, image: Any) -> QuoteLine:
    product, record = line.product, line.stockrecord
    parent = product.parent or product
    vat_code = pricing.vat_code_of(product)
    vat = pricing.vat_in(total, vat_code, vat_due)
    return QuoteLine(
        line_id=line.pk,
        product_id=product.pk,
        parent_id=parent.pk,
        product_slug=parent.slug,
        stockrecord_id=record.pk,
        sku=record.partner_sku,
        title=product.get_title(),
        colour=product.colour.name if product.colour else "",
        size=product.size.name if product.size else "",
        quantity=line.quantity,
        unit=record.price,
        before=before,
        total=total,
        net=total - vat,
        vat=vat,
        vat_code=vat_code,
        available=record.available,
        problem=problems.of_line(line, held),
        note=problems.note_of_line(line, held),
        story=line.story,
        image=image.original.name if image else "",
        image_alt=image.alt if image else "",
        image_width=image.width if image else 0,
        image_height=image.height if image else 0,
    )


def _assembled(
    basket: Basket, lines: tuple[QuoteLine, ...], delivery: Delivery, savings: tuple[Saving, ...]
) -> Quote:
    goods = sum((line.before for line in lines), ZERO)
    after = sum((line.total for line in lines), ZERO)
    gift = Decimal(basket.gift_amount).quantize(ZERO)
    vat = sum((line.vat for line in lines), delivery.vat)
    total = after + delivery.price + gift
    figures: dict[str, Any] = {
        "currency": settings.DEFAULT_CURRENCY,
        "lines": lines,
        "goods": goods,
        "discount": goods - after,
        "gift": gift,
        "gift_note": basket.gift_note,
        "hide_prices": basket.hide_prices,
        "plain_parcel": basket.plain_parcel,
        "total": total,
        "net": total - vat,
        "vat": vat,
        "vouchers": _vouchers(basket, savings),
        "offers": savings,
        "pieces": sum(line.quantity for line in lines),
        **_delivery_fields(delivery, after),
    }
    said = problems.of_basket(pieces=figures["pieces"], total=total, delivery=delivery)
    return Quote(**figures, problems=said, fingerprint=_fingerprint(figures))


def _delivery_fields(delivery: Delivery, goods: Decimal) -> dict[str, Any]:
    chosen = delivery.chosen
    arrives = delivery.dates[chosen.pk] if chosen else (None, None)
    return {
        "delivery": delivery.price,
        "delivery_net": delivery.price - delivery.vat,
        "delivery_vat": delivery.vat,
        "delivery_vat_code": delivery.vat_code,
        "delivery_code": chosen.code if chosen else "",
        "delivery_name": chosen.name if chosen else "",
        "delivery_options": tuple(_option(method, delivery) for method in delivery.methods),
        "arrives_from": arrives[0],
        "arrives_until": arrives[1],
        "country": delivery.country,
        "country_name": delivery.country_name,
        "vat_due": delivery.vat_due,
        "to_free_delivery": delivery.to_free(goods),
    }


def _option(method: shipping.DeliveryMethod, delivery: Delivery) -> DeliveryOption:
    arrives_from, arrives_until = delivery.dates[method.pk]
    return DeliveryOption(
        code=method.code,
        name=method.shown,
        price=delivery.prices[method.pk],
        arrives_from=arrives_from,
        arrives_until=arrives_until,
        is_chosen=method == delivery.chosen,
    )


def _vouchers(basket: Basket, savings: tuple[Saving, ...]) -> tuple[VoucherLine, ...]:
    if basket.pk is None:
        return ()
    return tuple(
        VoucherLine(
            voucher_id=voucher.pk,
            code=voucher.code,
            name=voucher.name,
            saved=sum((saving.saved for saving in savings if saving.voucher_id == voucher.pk), ZERO),
        )
        for voucher in basket.vouchers.order_by("pk")
    )


#: What is paid for and what is delivered; dates move by themselves, ids are no part of the contents.
_CONTENTS = [
    "currency",
    "goods",
    "discount",
    "gift",
    "gift_note",
    "hide_prices",
    "plain_parcel",
    "total",
    "vat",
    "delivery",
    "delivery_code",
    "country",
    "vat_due",
    "vouchers",
    "offers",
]
_LINE_CONTENTS = ("stockrecord_id", "quantity", "unit", "total", "vat", "story")


def _fingerprint(figures: dict[str, Any]) -> str:
    contents = {name: figures[name] for name in _CONTENTS}
    contents["lines"] = [[getattr(line, name) for name in _LINE_CONTENTS] for line in figures["lines"]]
    return hashlib.sha256(json.dumps(contents, default=str, sort_keys=True).encode()).hexdigest()
