"""Many paid orders for benchmarks, each with its payment, address, history and allocated stock."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.contrib.sites.models import Site
from django.utils import timezone
from oscar.apps.address.models import Country

from shop.money import to_minor, vat_in
from shop.order.models import Line, Order, OrderStatusChange, ShippingAddress
from shop.order.statuses import Status
from shop.partner.models import StockRecord
from shop.payments.models import Payment
from shop.stock.models import StockMovement
from shop.transactions import durably, require_transaction

BATCH = 500
VAT_RATE = Decimal("0.20")
DELIVERY = Decimal("3.95")
#: Orders are of this many of the catalogue's variants, so that the choice fits in memory.
VARIANTS = 5_000
DAYS = 60


class NothingToSell(Exception):
    """There is no variant with a stock record, so no order can be made."""


@dataclass(frozen=True)
class _Sale:
    """One order in the making with its lines; rows get their keys when they are written."""

    order: Order
    address: ShippingAddress
    lines: Sequence[Line]
    payment: Payment


def load_orders(number: int) -> int:
    """Bring the sample orders up to `number` and return how many were new, in batches of one transaction.

    Their numbers are D and nine digits. The pieces they hold are received first, so that what shoppers can
    buy stays the same. Raise NothingToSell when there is no variant.
    """
    known = set(Order.objects.filter(number__regex=r"^D[0-9]{9}$").values_list("number", flat=True))
    missing = [name for name in (f"D{place:09}" for place in range(number)) if name not in known]
    records = list(_records())
    if missing and not records:
        raise NothingToSell("There is nothing to order: load products first.")
    for first in range(0, len(missing), BATCH):
        names = missing[first : first + BATCH]
        durably(partial(_write, names, records))
    return len(missing)


def _records() -> Iterable[StockRecord]:
    return StockRecord.objects.select_related(
        "product__parent__garment", "product__colour", "product__size", "partner"
    ).filter(product__parent__isnull=False)[:VARIANTS]


def _write(names: Sequence[str], records: Sequence[StockRecord]) -> None:
    country, _ = Country.objects.get_or_create(
        iso_3166_1_a2="GB", defaults={"printable_name": "United Kingdom", "name": "United Kingdom"}
    )
    site, now = Site.objects.get_current(), timezone.now()
    sales = [_sale(name, records, country, site, now) for name in names]
    ShippingAddress.objects.bulk_create(sale.address for sale in sales)
    Order.objects.bulk_create(sale.order for sale in sales)
    Payment.objects.bulk_create(sale.payment for sale in sales)
    OrderStatusChange.objects.bulk_create(change for sale in sales for change in _history(sale.order))
    Line.objects.bulk_create(line for sale in sales for line in sale.lines)
    _allocate(sales)


def _sale(name: str, records: Sequence[StockRecord], country: Country, site: Site, now: datetime) -> _Sale:
    """Make an order that is always the same for its number, but for its date."""
    dice = random.Random(name)  # noqa: S311  (sample data, not a secret)
    chosen = dice.sample(records, min(dice.randint(1, 3), len(records)))
    lines = [_line(record, dice.choice((1, 1, 1, 2))) for record in chosen]
    placed = now - timedelta(minutes=dice.randint(5, DAYS * 24 * 60))
    address = ShippingAddress(
        last_name="Sample Reader", line1=f"{dice.randint(1, 99)} Example Street", line4="Exampleton",
        postcode="EX1 1AA", country=country,
    )  # fmt: skip
    order = _order(name, lines, address, site, placed)
    for line in lines:
        line.order = order
    return _Sale(order, address, lines, _payment(order))


def _line(record: StockRecord, quantity: int) -> Line:
    total = record.price * quantity
    net = total - vat_in(total, VAT_RATE)
    product = record.product
    return Line(
        partner=record.partner,
        partner_name=settings.SHOP_NAME,
        partner_sku=record.partner_sku,
        stockrecord=record,
        product=product,
        title=product.parent.title,
        upc=product.upc,
        colour_name=product.colour.name,
        size_name=product.size.code,
        quantity=quantity,
        line_price_incl_tax=total,
        line_price_excl_tax=net,
        line_price_before_discounts_incl_tax=total,
        line_price_before_discounts_excl_tax=net,
        unit_price_incl_tax=record.price,
        unit_price_excl_tax=record.price - vat_in(record.price, VAT_RATE),
        tax_code=product.parent.garment.vat_code,
        num_allocated=quantity,
    )


def _order(name: str, lines: Sequence[Line], address: ShippingAddress, site: Site, placed: datetime) -> Order:
    delivery_net = DELIVERY - vat_in(DELIVERY, VAT_RATE)
    return Order(
        number=name,
        site=site,
        currency=settings.DEFAULT_CURRENCY,
        total_incl_tax=sum((line.line_price_incl_tax for line in lines), DELIVERY),
        total_excl_tax=sum((line.line_price_excl_tax for line in lines), delivery_net),
        shipping_incl_tax=DELIVERY,
        shipping_excl_tax=delivery_net,
        shipping_tax_code="standard",
        shipping_method="Standard",
        shipping_code="sample",
        shipping_address=address,
        status=Status.PAID,
        guest_email=f"reader-{name.lower()}@example.org",
        customer_name="Sample Reader",
        date_placed=placed,
        paid_at=placed + timedelta(minutes=2),
    )


def _payment(order: Order) -> Payment:
    payment = Payment(
        kind="order",
        reference=order.number,
        subject=f"sample:{order.number}",
        state=Payment.State.PAID,
        amount_minor=to_minor(order.total_incl_tax, order.currency),
        currency=order.currency,
        params={},
        contents="",
        expires_at=order.date_placed + timedelta(minutes=settings.HOLD_MINUTES),
        paid_at=order.paid_at,
    )
    payment.idempotency_key = f"session:{payment.pk}"
    return payment


def _history(order: Order) -> list[OrderStatusChange]:
    pending, paid = Status.PENDING_PAYMENT, Status.PAID
    return [
        OrderStatusChange(order=order, new_status=pending, date_created=order.date_placed),
        OrderStatusChange(order=order, old_status=pending, new_status=paid, date_created=order.paid_at),
    ]


def _allocate(sales: Sequence[_Sale]) -> None:
    """Receive what the sales hold, then allocate it, with a movement for every step."""
    require_transaction()
    wanted = Counter[int]()
    for sale in sales:
        wanted.update({line.stockrecord_id: line.quantity for line in sale.lines})
    records = {record.pk: record for record in _locked(sorted(wanted))}
    delivery = f"sample-orders:{sales[0].order.number}"
    movements = [_received(record, wanted[record.pk], delivery) for record in records.values()]
    for sale in sales:
        for line in sale.lines:
            reference = f"line:{line.pk}/payment:{sale.payment.pk}"
            movements.append(_allocated(records[line.stockrecord_id], line.quantity, reference))
    StockMovement.objects.bulk_create(movements)
    StockRecord.objects.bulk_update(records.values(), ["num_in_stock", "num_allocated"], batch_size=200)


def _locked(keys: Sequence[int]) -> Iterable[StockRecord]:
    return StockRecord.objects.select_for_update().filter(pk__in=keys).order_by("pk")


def _received(record: StockRecord, quantity: int, reference: str) -> StockMovement:
    record.num_in_stock += quantity
    return _movement(record, StockMovement.Kind.RECEIVED, quantity, reference)


def _allocated(record: StockRecord, quantity: int, reference: str) -> StockMovement:
    record.num_allocated += quantity
    return _movement(record, StockMovement.Kind.ALLOCATED, quantity, reference)


def _movement(record: StockRecord, kind: StockMovement.Kind, quantity: int, reference: str) -> StockMovement:
    return StockMovement(
        stockrecord=record,
        kind=kind,
        quantity=quantity,
        reference=reference,
        on_hand_after=record.num_in_stock,
        allocated_after=record.num_allocated,
    )
