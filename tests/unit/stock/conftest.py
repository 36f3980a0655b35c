from decimal import Decimal

import pytest
from django.db import transaction

from catalogue.models import Product, ProductClass
from shop.partner.models import StockRecord
from shop.partner.reference import the_partner
from shop.stock import services


@pytest.fixture
def use_case(db):
    """Open the transaction that a use case would."""
    with transaction.atomic():
        yield


@pytest.fixture
def make_record(use_case):
    """Make a stock record with so many pieces on hand, received through the ledger."""
    product_class = ProductClass.objects.create(name="Garment", track_stock=True)

    def make(sku: str, on_hand: int = 0) -> StockRecord:
        product = Product.objects.create(
            structure=Product.STANDALONE, product_class=product_class, title=sku, slug=sku.lower(), upc=sku
        )
        record = StockRecord.objects.create(
            product=product,
            partner=the_partner(),
            partner_sku=sku,
            price=Decimal("25.00"),
            price_currency="GBP",
        )
        if on_hand:
            services.receive(stockrecord_id=record.pk, quantity=on_hand, reference=f"opening:{sku}")
        record.refresh_from_db()
        return record

    return make


@pytest.fixture
def numbers():
    """Read a record's numbers from the database: (on hand, allocated)."""

    def read(record: StockRecord) -> tuple[int, int]:
        return StockRecord.objects.values_list("num_in_stock", "num_allocated").get(pk=record.pk)

    return read
