"""The one way a range gets into the catalogue: parents, variants, stock, prices and pictures in one go.

What is there already stays as it is; only what is missing is written.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

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
from shop.search import services as search
from shop.stock.models import StockMovement
from shop.testpoints import is_on
from shop.transactions import require_transaction

if TYPE_CHECKING:
    from shop.users.models import User


@dataclass(frozen=True)
class Picture:
    """A stored picture and what it shows; `view` names the side, nothing for the front."""

    name: str
    alt: str
    width: int
    view: str = ""


@dataclass(frozen=True)
class Variant:
    """A colour and size as it will be sold: price with VAT, and the pieces there are to begin with."""

    colour: Colour
    size: GarmentSize
    sku: str
    price: Decimal
    pieces: int


@dataclass(frozen=True)
class Range:
    """One design on one garment in these variants; pictures by colour (key), each colour's front first."""

    design: Design
    garment: Garment
    variants: Sequence[Variant]
    pictures: Mapping[int, Sequence[Picture]] = field(default_factory=dict)
    themes: Collection[Category] = ()

    @property
    def key(self) -> tuple[int, int]:
        return self.design.pk, self.garment.pk

    @property
    def title(self) -> str:
        return f"{self.design.title} {self.garment.name}"


Parents = dict[tuple[int, int], Product]


def write_ranges(ranges: Sequence[Range], *, by: "User | None" = None) -> int:
    """Write what is missing and return how many variants were new; in the caller's transaction.

    IntegrityError when a SKU belongs to another variant, or another transaction writes the same range.
    """
    require_transaction()
    parents = _parents(ranges)
    variants = _variants(ranges, parents)
    _stock(variants, by)
    _images(ranges, parents)
    search.refresh(products=[parent.pk for parent in parents.values()])
    return len(variants)


def replace_pictures(ranges: Sequence[Range]) -> int:
    """Give the mockups that are there the ranges' pictures and return how many; in the caller's transaction.

    Photos stay, and a mockup that was taken away does not come back.
    """
    require_transaction()
    parents = _known_parents(ranges)
    items = {parents[item.key].pk: item for item in ranges if item.key in parents}
    replaced = [
        _replaced(image, picture)
        for image in _known_images(parents.values())
        if image.product_id in items and (picture := _drawn(items[image.product_id], image))
    ]
    ProductImage.objects.bulk_update(replaced, ["original", "alt", "width", "height"])
    return len(replaced)


def _replaced(image: ProductImage, picture: Picture) -> ProductImage:
    image.original, image.alt = picture.name, picture.alt
    image.width = image.height = picture.width
    return image


def _drawn(item: Range, image: ProductImage) -> Picture | None:
    """Return the range's picture for the place of a mockup, None when it has none or the image is no mockup."""
    kind, *place = image.code.split(":") if image.code else [""]
    view = "".join(place[2:3])
    same_view = (p for p in item.pictures.get(image.colour_id or 0, ()) if p.view == view)
    return next(same_view, None) if kind == "mockup" else None


def the_product_class() -> ProductClass:
    """Return the one product class, whose products have counted stock, making it the first time."""
    values = {"name": "Merchandise", "track_stock": True, "requires_shipping": True}
    return ProductClass.objects.get_or_create(slug="merchandise", defaults=values)[0]


def _parents(ranges: Sequence[Range]) -> Parents:
    """Return every range's parent."""
    found = _known_parents(ranges) if is_on("range") else {}
    missing = [item for item in ranges if item.key not in found]
    product_class = the_product_class()
    made = Product.objects.bulk_create([_parent(item, product_class) for item in missing])
    ProductCategory.objects.bulk_create(
        ProductCategory(product=parent, category=theme)
        for item, parent in zip(missing, made, strict=True)
        for theme in item.themes
    )
    return found | {item.key: parent for item, parent in zip(missing, made, strict=True)}


def _known_parents(ranges: Sequence[Range]) -> Parents:
    parents = Product.objects.filter(
        structure=Product.PARENT, design__in={item.design.pk for item in ranges}
    ).select_related(None)
    return {(parent.design_id, parent.garment_id): parent for parent in parents}


def _parent(item: Range, product_class: ProductClass) -> Product:
    """A product shows in the store as soon as its design does."""
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
    variant: Variant


def _variants(ranges: Sequence[Range], parents: Parents) -> list[_NewVariant]:
    """Write the missing variants and return them."""
    known = set(
        Product.objects.filter(parent__in={parent.pk for parent in parents.values()}).values_list(
            "parent_id", "colour_id", "size_id"
        )
    )
    new = [
        _NewVariant(_product(variant, parents[item.key]), variant)
        for item in ranges
        for variant in item.variants
        if (parents[item.key].pk, variant.colour.pk, variant.size.pk) not in known
    ]
    Product.objects.bulk_create([made.product for made in new])
    return new


def _product(variant: Variant, parent: Product) -> Product:
    return Product(
        structure=Product.CHILD,
        parent=parent,
        colour=variant.colour,
        size=variant.size,
        upc=variant.sku,
        slug=slugify(variant.sku),
        is_public=True,
    )


def _stock(variants: Iterable[_NewVariant], by: "User | None") -> None:
    """Give the new variants their records, with a movement for every piece on hand and a dated price."""
    partner_id = the_partner().pk
    records = StockRecord.objects.bulk_create(
        StockRecord(
            product=made.product,
            partner_id=partner_id,
            partner_sku=made.variant.sku,
            price_currency=settings.DEFAULT_CURRENCY,
            price=made.variant.price,
            num_in_stock=made.variant.pieces,
        )
        for made in variants
    )
    StockMovement.objects.bulk_create(_opening(record, by) for record in records if record.num_in_stock)
    PriceChange.objects.bulk_create(PriceChange(stockrecord=record, price=record.price) for record in records)


def _opening(record: StockRecord, by: "User | None") -> StockMovement:
    return StockMovement(
        stockrecord=record,
        kind=StockMovement.Kind.RECEIVED,
        quantity=record.num_in_stock,
        reference=f"opening:{record.partner_sku}",
        on_hand_after=record.num_in_stock,
        allocated_after=0,
        by=by,
    )


def image_code(parent_id: int, colour: Colour, view: str) -> str:
    """Return what a mockup is known by: a product has one of each colour and view."""
    return ":".join(["mockup", str(parent_id), colour.code, *([view] if view else [])])


def _images(ranges: Sequence[Range], parents: Parents) -> None:
    """Give every parent the range's pictures that it has not got, after those it has."""
    known = _known_images(parents.values())
    last = {image.product_id: image.display_order for image in known}
    codes = {image.code for image in known}
    wanted = [
        _image(parents[item.key], colour, picture, 10 * position + number)
        for item in ranges
        for position, colour in enumerate(_turned(item), _tens(last.get(parents[item.key].pk)))
        for number, picture in enumerate(item.pictures.get(colour.pk, ()))
    ]
    ProductImage.objects.bulk_create(image for image in wanted if image.code not in codes)


def _known_images(parents: Iterable[Product]) -> list[ProductImage]:
    """Return the parents' pictures in the order pages show them."""
    images = ProductImage.objects.filter(product__in={parent.pk for parent in parents})
    return list(images.order_by("display_order", "pk"))


def _tens(last: int | None) -> int:
    """Return the first free ten after a place that is taken."""
    return 0 if last is None else last // 10 + 1


def first_pictures(ranges: Sequence[Range]) -> Iterator[tuple[Range, str]]:
    """Yield each range with the picture its product begins with once it is written, if it has any (two queries)."""
    parents = _known_parents(ranges)
    shown = {image.product_id: image for image in reversed(_known_images(parents.values()))}
    for item in ranges:
        parent = parents.get(item.key)
        image = shown.get(parent.pk) if parent else None
        anew = _drawn(item, image) if image else None
        known = anew.name if anew else image and image.original.name
        drawn = (picture.name for colour in _turned(item) for picture in item.pictures.get(colour.pk, ()))
        if first := known or next(drawn, None):
            yield item, first


def _turned(item: Range) -> list[Colour]:
    """The colours, beginning with another one from product to product: a list of products is not all white."""
    colours = list({variant.colour.pk: variant.colour for variant in item.variants}.values())
    start = (item.design.pk + item.garment.pk) % max(len(colours), 1)
    return [*colours[start:], *colours[:start]]


def _image(parent: Product, colour: Colour, picture: Picture, position: int) -> ProductImage:
    return ProductImage(
        product=parent,
        colour=colour,
        code=image_code(parent.pk, colour, picture.view),
        original=picture.name,
        alt=picture.alt,
        width=picture.width,
        height=picture.width,
        display_order=position,
        kind=ProductImage.Kind.MOCKUP,
    )
