"""How a price and availability are read: the same for everybody, so nobody is asked who they are."""

from typing import Any

from django.conf import settings
from oscar.apps.partner.availability import StockRequired, Unavailable
from oscar.apps.partner.prices import TaxInclusiveFixedPrice
from oscar.apps.partner.prices import Unavailable as UnavailablePrice
from oscar.apps.partner.strategy import PurchaseInfo, Structured, UseFirstStockRecord

from shop.money import ZERO


def is_sold(product: Any) -> bool:
    """Return whether `product`, its parent and its design are all shown in the store."""
    parent = product.parent if product.is_child else product
    if not (product.is_public and parent.is_public):
        return False
    return parent.design is None or parent.design.is_public


class Strategy(UseFirstStockRecord, Structured):
    """One stock record per product; the shelf price includes VAT, which is decided at *Pay* (so tax is 0)."""

    def __init__(self) -> None:
        """Take no request: a price never depends on who asks."""

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> PurchaseInfo:
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        if stockrecord is None:
            return UnavailablePrice()
        return TaxInclusiveFixedPrice(
            currency=stockrecord.price_currency or settings.DEFAULT_CURRENCY,
            excl_tax=stockrecord.price,
            tax=ZERO,
        )

    def parent_pricing_policy(self, product: Any, children_stock: list[tuple[Any, Any]]) -> Any:
        """Return the lowest price among the variants."""
        records = [record for _, record in children_stock if record is not None]
        return self.pricing_policy(product, min(records, key=lambda record: record.price, default=None))

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        if stockrecord is None or not is_sold(product):
            return Unavailable()
        return StockRequired(stockrecord.available)

    def parent_availability_policy(self, product: Any, children_stock: list[tuple[Any, Any]]) -> Any:
        """Return the variants' stock together: a parent is available when one of them is."""
        if not is_sold(product):
            return Unavailable()
        records = [record for child, record in children_stock if record is not None and child.is_public]
        return StockRequired(sum(record.available for record in records))


class Selector:
    """Hands out the one strategy."""

    def strategy(self, request: Any = None, user: Any = None, **kwargs: Any) -> Strategy:
        return Strategy()
