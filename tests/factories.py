"""Small makers of rows, each with defaults that suit most tests; what a test is about it says itself.

product = a_product(stock=3)            # a parent with six variants, three pieces of each
basket = a_basket_with((product.variants["white", "M"], 2))
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from oscar.core.loading import get_model
from PIL import Image

from catalogue.models import Colour, Design, Garment, GarmentSize, Product, ProductImage
from shop.articles.models import Article, ArticleDesign
from shop.basket.models import Basket
from shop.partner.models import PieceCost, StockRecord
from shop.partner.services import set_price
from shop.reviews.models import ProductReview
from shop.stock import services as ledger
from shop.users.models import User

_numbers = itertools.count(1)
COLOURS = {"white": "#ffffff", "black": "#141414", "red": "#b3202a"}
SIZES = {"S": (460, 690), "M": (510, 720), "L": (560, 750)}


@dataclass(frozen=True)
class MadeProduct:
    """A parent and its variants by colour and size code."""

    parent: Product
    variants: dict[tuple[str, str], Product]

    @property
    def first(self) -> Product:
        return next(iter(self.variants.values()))

    @property
    def records(self) -> list[StockRecord]:
        return [record_of(variant) for variant in self.variants.values()]


def record_of(variant: Product) -> StockRecord:
    """Return the variant's stock record as the database has it now."""
    return StockRecord.objects.get(product=variant)


def a_colour(code: str = "white") -> Colour:
    """Return the colour, made the first time."""
    values = {"name": code.title(), "hex": COLOURS.get(code, "#336699")}
    return Colour.objects.get_or_create(code=code, defaults=values)[0]


def a_garment(
    code: str = "tshirt",
    *,
    sizes: Iterable[str] = ("S", "M", "L"),
    colours: Iterable[str] = ("white", "black"),
    **values: Any,
) -> Garment:
    """Return the garment with its sizes and colours, made the first time."""
    defaults = {
        "kind": Garment.Kind.CUSHION if "cushion" in code else Garment.Kind.TSHIRT,
        "name": code.title(),
        "fabric": "100 % organic cotton",
        "care": "Wash at 30 °C",
        "weight_grams": 180,
        "maker": "Mill Ltd, 1 Weaver Street, Leeds",
        "responsible_person": "Mill GmbH, Webgasse 1, Berlin",
        "blank": "tshirt",
        "print_width_mm": 300,
        "print_height_mm": 400,
    }
    garment, _ = Garment.objects.get_or_create(code=code, defaults=defaults | values)
    garment.colours.add(*[a_colour(colour) for colour in colours])
    for position, size in enumerate(sizes):
        width, length = SIZES.get(size, (450, 450))
        measures = {"name": size, "position": position, "width_mm": width, "length_mm": length}
        GarmentSize.objects.get_or_create(garment=garment, code=size, defaults=measures)
    return garment


def a_piece_cost(
    garment: Garment,
    *,
    since: date = date(2020, 1, 1),
    cloth: str = "7.20",
    printing: str = "3.10",
    packing: str = "1.35",
) -> PieceCost:
    """Return a new row that says what a piece of the garment costs us from that day on."""
    costs = {"cloth": Decimal(cloth), "printing": Decimal(printing), "packing": Decimal(packing)}
    return PieceCost.objects.create(garment=garment, valid_from=since, **costs)


def a_design(title: str = "", **values: Any) -> Design:
    """Return a new public design with a small artwork."""
    number = next(_numbers)
    title = title or f"Design {number}"
    defaults = {
        "title": title,
        "slug": f"design-{number}",
        "code": f"D{number}",
        "story": "<p>How it came to be.</p>",
        "artwork": a_picture(f"artwork-{number}.png", mode="RGBA"),
        "is_public": True,
    }
    return Design.objects.create(**defaults | values)


def a_picture(
    name: str = "picture.png", *, size: tuple[int, int] = (24, 24), mode: str = "RGB"
) -> ContentFile:
    """Return a picture as a file that can be saved or uploaded."""
    content = BytesIO()
    Image.new(mode, size, "#b3202a").save(content, "PNG")
    return ContentFile(content.getvalue(), name)


def a_product(
    *,
    design: Design | None = None,
    garment: Garment | None = None,
    colours: Iterable[str] = ("white", "black"),
    sizes: Iterable[str] = ("S", "M", "L"),
    price: str = "25.00",
    stock: int = 5,
    **values: Any,
) -> MadeProduct:
    """Return a new public product: a variant per colour and size, each with `stock` pieces."""
    colours, sizes = list(colours), list(sizes)
    design = design or a_design()
    garment = garment or a_garment(sizes=sizes, colours=colours)
    title = f"{design.title} {garment.name}"
    parent = Product.objects.create(
        structure=Product.PARENT,
        product_class=_product_class(),
        design=design,
        garment=garment,
        title=title,
        slug=f"{design.slug}-{garment.code}",
        **values,
    )
    for colour in colours:
        _illustrate(parent, a_colour(colour))
    pairs = itertools.product(colours, sizes)
    return MadeProduct(parent, {pair: _variant(parent, *pair, Decimal(price), stock) for pair in pairs})


def _product_class() -> Any:
    return get_model("catalogue", "ProductClass").objects.get_or_create(
        slug="merch", defaults={"name": "Merch", "requires_shipping": True, "track_stock": True}
    )[0]


def _illustrate(parent: Product, colour: Colour) -> None:
    number = next(_numbers)
    picture = a_picture(f"mockup-{number}.png")
    alt = f"{parent.title} in {colour.name}"
    ProductImage.objects.create(
        product=parent, colour=colour, original=picture, alt=alt, display_order=number
    )


def _variant(parent: Product, colour: str, size: str, price: Decimal, pieces: int) -> Product:
    assert parent.design is not None
    assert parent.garment is not None
    variant = Product.objects.create(
        structure=Product.CHILD,
        parent=parent,
        colour=a_colour(colour),
        size=parent.garment.sizes.get(code=size),
        slug=f"{parent.slug}-{colour}-{size}".lower(),
    )
    sku = f"{parent.design.code}-{parent.garment.code}-{colour}-{size}".upper()
    stocked(variant, sku=sku, price=price, pieces=pieces)
    return variant


def stocked(variant: Product, *, sku: str, price: Decimal = Decimal("25.00"), pieces: int = 5) -> StockRecord:
    """Return a new stock record of the variant, with its price and its opening movement."""
    partner, _ = get_model("partner", "Partner").objects.get_or_create(
        code="store", defaults={"name": "Store"}
    )
    with transaction.atomic():
        record = StockRecord.objects.create(
            product=variant,
            partner=partner,
            partner_sku=sku,
            price=price,
            price_currency=settings.DEFAULT_CURRENCY,
        )
        set_price(stockrecord=record, price=price)
        if pieces:
            ledger.receive(stockrecord_id=record.pk, quantity=pieces, reference=f"opening:{sku}")
    record.refresh_from_db()
    return record


def a_basket(**values: Any) -> Basket:
    """Return a new open basket, saved, priced as shoppers' baskets are."""
    basket = Basket.objects.create(**values)
    basket.strategy = get_strategy()
    return basket


def get_strategy() -> Any:
    from oscar.core.loading import get_class

    return get_class("partner.strategy", "Selector")().strategy()


def a_basket_with(*wanted: tuple[Product, int], **values: Any) -> Basket:
    """Return a new open basket that holds those variants and quantities."""
    basket = a_basket(**values)
    for variant, quantity in wanted:
        basket.lines.create(
            product=variant,
            stockrecord=record_of(variant),
            quantity=quantity,
            line_reference=f"{variant.pk}",
            price_currency=settings.DEFAULT_CURRENCY,
            price_incl_tax=record_of(variant).price,
        )
    basket.reset_offer_applications()
    return basket


def a_review(product: Product, *, is_shown: bool = True, **values: Any) -> ProductReview:
    """Return a new review of a product (a parent), approved unless said otherwise."""
    number = next(_numbers)
    defaults = {
        "score": 4,
        "title": f"Review {number}",
        "body": "It is as soft as it looks.",
        "name": f"Reader {number}",
        "status": ProductReview.APPROVED if is_shown else ProductReview.FOR_MODERATION,
    }
    return ProductReview.objects.create(product=product, **defaults | values)


def an_article(*designs: Design, title: str = "", **values: Any) -> Article:
    """Return a new story linked to the designs, in their order."""
    number = next(_numbers)
    defaults = {
        "title": title or f"Story {number}",
        "slug": f"story-{number}",
        "url": f"https://paper.example/stories/{number}",
        "summary": "What happened, and why it matters.",
    }
    article = Article.objects.create(**defaults | values)
    for position, design in enumerate(designs):
        ArticleDesign.objects.create(
            article=article, design=design, position=position, note="The shirt of it"
        )
    return article


def a_user(email: str = "", **values: Any) -> User:
    """Return a new user whose password is `PASSWORD`."""
    email = email or f"user{next(_numbers)}@example.org"
    user = User.objects.create_user(email=email, password=PASSWORD)
    for name, value in values.items():
        setattr(user, name, value)
    user.save()
    return user


def a_staff_user(email: str = "") -> User:
    """Return a new user who may do everything in the back office."""
    return a_user(email or f"staff{next(_numbers)}@example.org", is_staff=True, is_superuser=True)


PASSWORD = "a long test password"
