"""Fills a stock Oscar: every third product with 6 children, 3 pictures each, 10 categories, all of it indexed.

Prints the paths of the pages to look at, as JSON.
"""

import json
import sys
from decimal import Decimal
from io import BytesIO
from typing import Any

import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402
from PIL import Image  # noqa: E402

CATEGORIES, PICTURES, CHILDREN = 10, 3, 6
WORDS = (
    "Harbour",
    "Lantern",
    "Orchard",
    "Ferry",
    "Chimney",
    "Meadow",
    "Compass",
    "Kettle",
    "Willow",
    "Market",
)

Product: Any = get_model("catalogue", "Product")
Category: Any = get_model("catalogue", "Category")
ProductCategory: Any = get_model("catalogue", "ProductCategory")
ProductClass: Any = get_model("catalogue", "ProductClass")
ProductImage: Any = get_model("catalogue", "ProductImage")
Partner: Any = get_model("partner", "Partner")
StockRecord: Any = get_model("partner", "StockRecord")


def seed(products: int) -> dict[str, str]:
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False, skip_checks=True)
    get_model("sites", "Site").objects.get_or_create(pk=1, defaults={"domain": "x.example", "name": "Shop"})
    kind = ProductClass.objects.create(name="Merchandise")
    categories = [Category.add_root(name=f"Theme {n}", slug=f"theme-{n}") for n in range(CATEGORIES)]
    parents = Product.objects.bulk_create([_product(number, kind) for number in range(products)], 500)
    ProductCategory.objects.bulk_create(
        [
            ProductCategory(product=each, category=categories[n % CATEGORIES])
            for n, each in enumerate(parents)
        ],
        500,
    )
    children = [child for each in parents if each.structure == Product.PARENT for child in _children(each)]
    Product.objects.bulk_create(children, 500)
    partner = Partner.objects.create(name="Store", code="store")
    sold = [each for each in parents if each.structure != Product.PARENT] + children
    StockRecord.objects.bulk_create([_record(partner, each) for each in sold], 500)
    picture = _picture()
    ProductImage.objects.bulk_create(
        [
            ProductImage(product=p, original=picture, display_order=n)
            for p in parents
            for n in range(PICTURES)
        ],
        500,
    )
    call_command("rebuild_index", interactive=False, verbosity=0)
    product = parents[products // 6 * 3]
    return {
        "home": "/catalogue/",
        "list": "/catalogue/",
        "product": product.get_absolute_url(),
        "search": "/search/?q=lantern",
    }


def _product(number: int, kind: Any) -> Any:
    structure = Product.PARENT if number % 3 == 0 else Product.STANDALONE
    title = f"{WORDS[number % len(WORDS)]} {number:05}"
    return Product(
        structure=structure,
        title=title,
        slug=title.lower().replace(" ", "-"),
        description="<p>Somebody wanted to know how fast a shop can be, and counted.</p>",
        product_class=kind,
    )


def _children(parent: Any) -> list[Any]:
    return [
        Product(structure=Product.CHILD, parent=parent, title=f"Size {n}", slug=f"size-{n}")
        for n in range(CHILDREN)
    ]


def _record(partner: Any, product: Any) -> Any:
    return StockRecord(
        product=product,
        partner=partner,
        partner_sku=f"SKU-{product.pk}",
        price_currency="GBP",
        price=Decimal(20 + product.pk % 9),
        num_in_stock=7,
    )


def _picture() -> str:
    data = BytesIO()
    Image.new("RGB", (1200, 1200), "#b3202a").save(data, "JPEG")
    return str(default_storage.save("images/print.jpg", ContentFile(data.getvalue())))


if __name__ == "__main__":
    print(json.dumps(seed(int(sys.argv[1]))))
