"""Changes of price; each is kept with its date."""

import logging
from decimal import Decimal
from typing import TYPE_CHECKING

from shop.partner.models import PriceChange, StockRecord
from shop.transactions import require_transaction

if TYPE_CHECKING:
    from shop.users.models import User

logger = logging.getLogger(__name__)


def set_price(*, stockrecord: StockRecord, price: Decimal, by: "User | None" = None) -> StockRecord:
    """Give a record a price (with VAT, two places) and keep the change; the same price again changes nothing.

    Needs an open transaction, in which the record is locked. Raise ValueError for a price below nothing.
    """
    require_transaction()
    if price < 0:
        raise ValueError("a price cannot be below nothing")
    record = StockRecord.objects.select_for_update().get(pk=stockrecord.pk)
    if record.price != price or not record.price_changes.exists():
        StockRecord.objects.filter(pk=record.pk).update(price=price)
        PriceChange.objects.create(stockrecord=record, price=price)
        logger.info("price of record %s set to %s by user %s", record.pk, price, by.pk if by else None)
    stockrecord.price = price
    return stockrecord
