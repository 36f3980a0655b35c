"""Writing a pending order: its rows, its hold on stock, its uses of vouchers and offers.

Oscar's OrderCreator is not used: it allocates without a bound, counts voucher and offer uses on stale objects, and
prices the basket again (oscar 4.2.1, order/utils.py).
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.sites.models import Site
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from oscar.apps.order.models import OrderDiscount, Surcharge

from shop.money import ZERO
from shop.numbers import random_number
from shop.order.models import Line, Order
from shop.order.statuses import Status
from shop.order.uses import Use, count_uses
from shop.stock import services as stock
from shop.transactions import require_transaction


@dataclass(frozen=True)
class NewLine:
    """What a line will say for ever; `total` and `net` are after discounts, with and without VAT."""

    product_id: int
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
    vat_code: str
    story: str = ""


@dataclass(frozen=True)
class NewOrder:
    """An order as it was agreed: every figure final, lines + delivery + gift = total."""

    basket_id: int
    currency: str
    lines: Sequence[NewLine]
    total: Decimal
    net: Decimal
    delivery: Decimal
    delivery_net: Decimal
    delivery_vat_code: str
    delivery_code: str
    delivery_name: str
    country: str
    vat_due: bool
    uses: Sequence[Use]
    user_id: int | None = None
    gift: Decimal = ZERO
    gift_note: str = ""
    hide_prices: bool = False
    plain_parcel: bool = False
    arrives_from: date | None = None
    arrives_until: date | None = None


class SoldOut(Exception):
    """Somebody else was faster; `skus` names what is short. Nothing was placed."""

    def __init__(self, skus: Sequence[str]) -> None:
        super().__init__(_("Sold out meanwhile: %(skus)s") % {"skus": ", ".join(skus)})
        self.skus = tuple(skus)


def place(new: NewOrder, *, payment_id: uuid.UUID, now: datetime) -> Order:
    """Write the pending order and take what it needs: stock, voucher and offer uses; in the caller's transaction.

    Locks voucher and offer (sorted), then stock (sorted). Raises SoldOut or uses.UsedUp, and then the caller's
    transaction must not be committed.
    """
    require_transaction()
    order = _order(new, now)
    lines = Line.objects.bulk_create([_line(order, line) for line in new.lines])
    _gift(order, new)
    OrderDiscount.objects.bulk_create([_discount(order, use) for use in new.uses if use.saved])
    count_uses(order, new.uses)
    _hold_stock(lines, payment_id)
    _note_status(order, now)
    return order


def _order(new: NewOrder, now: datetime) -> Order:
    return Order.objects.create(
        number=random_number(),
        site=Site.objects.get_current(),
        basket_id=new.basket_id,
        user_id=new.user_id,
        currency=new.currency,
        total_incl_tax=new.total,
        total_excl_tax=new.net,
        shipping_incl_tax=new.delivery,
        shipping_excl_tax=new.delivery_net,
        shipping_tax_code=new.delivery_vat_code,
        shipping_method=new.delivery_name,
        shipping_code=new.delivery_code,
        status=Status.PENDING_PAYMENT,
        date_placed=now,
        language=get_language() or settings.LANGUAGE_CODE,
        country=new.country,
        vat_due=new.vat_due,
        gift_note=new.gift_note,
        gift_amount=new.gift,
        hide_prices=new.hide_prices,
        plain_parcel=new.plain_parcel,
        arrives_from=new.arrives_from,
        arrives_until=new.arrives_until,
    )


def _line(order: Order, line: NewLine) -> Line:
    return Line(
        order=order,
        partner_name=settings.SHOP_NAME,
        partner_sku=line.sku,
        stockrecord_id=line.stockrecord_id,
        product_id=line.product_id,
        title=line.title[:255],
        colour_name=line.colour[:40],
        size_name=line.size[:40],
        quantity=line.quantity,
        line_price_incl_tax=line.total,
        line_price_excl_tax=line.net,
        line_price_before_discounts_incl_tax=line.before,
        line_price_before_discounts_excl_tax=line.before if line.total == line.net else line.net,
        unit_price_incl_tax=line.unit,
        unit_price_excl_tax=line.unit,
        tax_code=line.vat_code,
        num_allocated=line.quantity,
        story=line.story,
    )


def _gift(order: Order, new: NewOrder) -> None:
    """A gift carries no VAT and is a surcharge of the order."""
    if new.gift:
        Surcharge.objects.create(
            order=order, name=_("Donation"), code="gift", incl_tax=new.gift, excl_tax=new.gift
        )


def _discount(order: Order, use: Use) -> OrderDiscount:
    return OrderDiscount(
        order=order,
        offer_id=use.offer_id,
        offer_name=use.name[:128],
        voucher_id=use.voucher_id,
        voucher_code=use.voucher_code[:128],
        frequency=use.frequency,
        amount=use.saved,
        category=OrderDiscount.SHIPPING if use.is_delivery else OrderDiscount.BASKET,
    )


def _hold_stock(lines: Sequence[Line], payment_id: uuid.UUID) -> None:
    steps = [
        stock.Step(line.stockrecord_id, line.quantity, f"line:{line.pk}/payment:{payment_id}")
        for line in lines
    ]
    try:
        stock.allocate(steps=steps)
    except stock.InsufficientStock as short:
        skus = [line.partner_sku for line in lines if line.stockrecord_id in short.stockrecord_ids]
        raise SoldOut(skus) from short


def _note_status(order: Order, now: datetime) -> None:
    order.status_changes.create(new_status=order.status, date_created=now, by="shopper")
