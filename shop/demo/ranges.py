"""Designs on garments in bulk: parents, variants, stock records with opening movements, prices, pictures.

What is there already stays as it is; only what is missing is written.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zlib import crc32

from django.conf import settings
from django.utils.text import slugify

from catalogue.models import (
    Category,
    Colour,
    Design,
    Garment,
    GarmentSize,
    Product,
    ProductCategory,
    ProductClass,
    ProductImage,
)
from shop.partner.models import PriceChange, StockRecord
from shop.partner.reference import the_partner
from shop.stock.models import StockMovement
from shop.transactions import require_transaction

Opening = Callable[[str], int]


@dataclass(frozen=True)
class Range:
    """One design on one garment, in these colours and sizes; prices by size, pictures by colour (keys)."""

    design: Design
    garment: Garment
    colours: Sequence[Colour]
    sizes: Sequence[GarmentSize]
    prices: Mapping[int, Decimal]
    pictures: Mapping[int, "Picture"] = field(default_factory=dict)
    themes: Collection[Category] = ()

    @property
    def title(self) -> str:
        return f"{self.design.title} {self.garment.name}"

    def sku(self, colour: Colour, size: GarmentSize) -> str:
        return f"{self.design.code}-{self.garment.code}-{colour.code}-{size.code}".upper()


@dataclass(frozen=True)
class Picture:
    """A stored picture and what it shows."""

    name: str
    alt: str
    width: int


def some_pieces(sku: str) -> int:
    """Return an opening stock that is always the same for a SKU: some sold out, some with three left."""
    number = crc32(sku.encode())
    if number % 9 == 0:
        return 0
    return 3 if number % 7 == 0 else 8 + number % 33


def write_ranges(ranges: Sequence[Range], *, opening: Opening = some_pieces) -> int:
    """Write what is missing and return how many variants were new; in the caller's transaction."""
    require_transaction()
    parents = _parents(ranges)
    variants = _variants(ranges, parents)
    _stock(variants, opening)
    _images(ranges, parents)
    return len(variants)


def the_product_class() -> ProductClass:
    """Return the one product class, whose products have counted stock, making it the first time."""
    values = {"name": "Merchandise", "track_stock": True, "requires_shipping": True}
    return ProductClass.objects.get_or_create(slug="merchandise", defaults=values)[0]


def _parents(ranges: Sequence[Range]) -> dict[tuple[int, int], Product]:
    """Return every range's parent by design and garment."""
    found = _known_parents(ranges)
    missing = [item for item in ranges if (item.design.pk, item.garment.pk) not in found]
    product_class = the_product_class()
    made = Product.objects.bulk_create([_parent(item, product_class) for item in missing])
    ProductCategory.objects.bulk_create(
        ProductCategory(product=parent, category=theme)
        for item, parent in zip(missing, made, strict=True)
        for theme in item.themes
    )
    return found | {(parent.design_id, parent.garment_id): parent for parent in made}


def _known_parents(ranges: Sequence[Range]) -> dict[tuple[int, int], Product]:
    parents = Product.objects.filter(
        structure=Product.PARENT, design__in={item.design.pk for item in ranges}
    ).select_related(None)
    return {(parent.design_id, parent.garment_id): parent for parent in parents}


def _parent(item: Range, product_class: ProductClass) -> Product:
    return Product(
        structure=Product.PARENT,
        product_class=product_class,
        design=item.design,
        garment=item.garment,
        title=item.title,
        slug=slugify(item.title),
        description=item.design.summary,
        is_public=True,
    )


@dataclass(frozen=True)
class _NewVariant:
    product: Product
    price: Decimal


def _variants(ranges: Sequence[Range], parents: Mapping[tuple[int, int], Product]) -> list[_NewVariant]:
    """Write the missing variants and return them with their prices."""
    known = set(
        Product.objects.filter(parent__in={parent.pk for parent in parents.values()}).values_list(
            "parent_id", "colour_id", "size_id"
        )
    )
    new = [
        _NewVariant(_variant(item, parent, colour, size), item.prices[size.pk])
        for item, parent in ((item, parents[item.design.pk, item.garment.pk]) for item in ranges)
        for colour in item.colours
        for size in item.sizes
        if (parent.pk, colour.pk, size.pk) not in known
    ]
    Product.objects.bulk_create([variant.product for variant in new])
    return new


def _variant(item: Range, parent: Product, colour: Colour, size: GarmentSize) -> Product:
    sku = item.sku(colour, size)
    return Product(
        structure=Product.CHILD,
        parent=parent,
        colour=colour,
        size=size,
        upc=sku,
        slug=slugify(sku),
        is_public=True,
    )


def _stock(variants: Iterable[_NewVariant], opening: Opening) -> None:
    """Give the new variants their records, with a movement for every piece on hand and a dated price."""
    partner_id = the_partner().pk
    records = StockRecord.objects.bulk_create(
        StockRecord(
            product=variant.product,
            partner_id=partner_id,
            partner_sku=variant.product.upc,
            price_currency=settings.DEFAULT_CURRENCY,
            price=variant.price,
            num_in_stock=opening(variant.product.upc),
        )
        for variant in variants
    )
    StockMovement.objects.bulk_create(_opening(record) for record in records if record.num_in_stock)
    PriceChange.objects.bulk_create(PriceChange(stockrecord=record, price=record.price) for record in records)


def _opening(record: StockRecord) -> StockMovement:
    return StockMovement(
        stockrecord=record,
        kind=StockMovement.Kind.RECEIVED,
        quantity=record.num_in_stock,
        reference=f"opening:{record.partner_sku}",
        on_hand_after=record.num_in_stock,
        allocated_after=0,
    )


def _images(ranges: Sequence[Range], parents: Mapping[tuple[int, int], Product]) -> None:
    """Give every parent without a picture in a colour the range's picture of it."""
    known = set(
        ProductImage.objects.filter(product__in={parent.pk for parent in parents.values()}).values_list(
            "product_id", "colour_id"
        )
    )
    ProductImage.objects.bulk_create(
        _image(parent, colour, item.pictures[colour.pk], position)
        for item, parent in ((item, parents[item.design.pk, item.garment.pk]) for item in ranges)
        for position, colour in enumerate(_turned(item))
        if colour.pk in item.pictures and (parent.pk, colour.pk) not in known
    )


def _turned(item: Range) -> list[Colour]:
    """The colours, beginning with another one from product to product: a list of products is not all white."""
    start = (item.design.pk + item.garment.pk) % max(len(item.colours), 1)
    return [*item.colours[start:], *item.colours[:start]]


def _image(parent: Product, colour: Colour, picture: Picture, position: int) -> ProductImage:
    return ProductImage(
        product=parent,
        colour=colour,
        code=f"mockup:{parent.pk}:{colour.code}",
        original=picture.name,
        alt=picture.alt,
        width=picture.width,
        height=picture.width,
        display_order=position,
        kind=ProductImage.Kind.MOCKUP,
    )
