"""What pages read of the catalogue: cards, filters and product pages, in few queries whatever its size.

Only public products of public designs are ever returned.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from catalogue.models import Product, ProductImage


@dataclass(frozen=True, slots=True)
class Picture:
    """A product's picture as the `picture` tag draws it."""

    name: str
    alt: str
    width: int
    height: int
    colour: str
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A colour of cloth as pages show it."""

    code: str
    name: str
    hex: str


@dataclass(frozen=True, slots=True)
class Variant:
    """One colour and size: its price with VAT and how many can still be promised."""

    pk: int
    sku: str
    colour: Dot
    size: str
    price: Decimal
    available: int


@dataclass(frozen=True, slots=True)
class Card:
    """A product in a list."""

    pk: int
    title: str
    design: str
    design_id: int
    garment: str
    url: str
    price: Decimal | None
    price_varies: bool
    dots: tuple[Dot, ...]
    picture: Picture | None
    is_sold_out: bool

    @property
    def link(self) -> str:
        """The product's page with the pictured colour chosen; the first colour is chosen anyway."""
        others = {dot.code for dot in self.dots[1:]}
        if self.picture and self.picture.colour in others:
            return f"{self.url}?colour={self.picture.colour}"
        return self.url


@dataclass(frozen=True, slots=True)
class ProductPage:
    """All of one product that its page shows; `siblings` are the same design on other garments."""

    product: Product
    variants: tuple[Variant, ...]
    pictures: tuple[Picture, ...]
    siblings: tuple[Card, ...] = ()
    dots: tuple[Dot, ...] = field(init=False)
    sizes: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dots", tuple(dict.fromkeys(variant.colour for variant in self.variants)))
        object.__setattr__(self, "sizes", tuple(dict.fromkeys(variant.size for variant in self.variants)))

    @property
    def is_sold_out(self) -> bool:
        return not any(variant.available for variant in self.variants)

    def variant(self, *, sku: str = "", colour: str = "", size: str = "") -> Variant | None:
        """Return the variant with that SKU, else the first in stock of that colour and size, else any in stock.

        A colour or size that is sold out is returned all the same when it was asked for; an unknown one is ignored.
        """
        exact = [v for v in self.variants if v.sku == sku]
        coloured = [v for v in self.variants if v.colour.code == colour] or self.variants
        asked = [v for v in coloured if v.size == size] or coloured
        in_stock = [v for v in asked if v.available]
        return next(iter(exact or in_stock or asked), None)


def public_products() -> QuerySet[Product]:
    """Return the products shoppers may see, with design and garment; the newest first."""
    return (
        Product.objects.filter(structure=Product.PARENT, is_public=True, design__is_public=True)
        .select_related("design", "garment")
        .order_by("-priority", "-id")
    )


def cards(products: Iterable[Product], *, colours: Sequence[str] = ()) -> list[Card]:
    """Return a card per product, in order (two queries); a picture in one of `colours` is preferred."""
    products = list(products)
    keys = [product.pk for product in products]
    variants, pictures = variants_of(keys), pictures_of(keys)
    return [_card(p, variants[p.pk], _preferred(pictures[p.pk], colours)) for p in products]


def cards_of(keys: Sequence[int], *, colours: Sequence[str] = ()) -> list[Card]:
    """Return the cards of the public products with these keys, in their order (three queries)."""
    found = {product.pk: product for product in public_products().filter(pk__in=keys).order_by()}
    return cards([found[key] for key in keys if key in found], colours=colours)


def cards_by_design(design_ids: Iterable[int]) -> dict[int, list[Card]]:
    """Return the cards of each design's products (three queries)."""
    found: dict[int, list[Card]] = defaultdict(list)
    for card in cards(public_products().filter(design__in=list(design_ids)).order_by("garment_id", "-id")):
        found[card.design_id].append(card)
    return found


def _card(product: Product, variants: Sequence[Variant], picture: Picture | None) -> Card:
    prices = {variant.price for variant in variants}
    return Card(
        pk=product.pk,
        title=product.title,
        design=product.design.title if product.design else "",
        design_id=product.design_id,
        garment=product.garment.name if product.garment else "",
        url=product_url(product),
        price=min(prices, default=None),
        price_varies=len(prices) > 1,
        dots=tuple(dict.fromkeys(variant.colour for variant in variants)),
        picture=picture,
        is_sold_out=not any(variant.available for variant in variants),
    )


def _preferred(pictures: Sequence[Picture], colours: Sequence[str]) -> Picture | None:
    return next(iter([p for p in pictures if p.colour in colours] or pictures), None)


def product_url(product: Product) -> str:
    """Return the canonical path of a product's page."""
    return reverse("catalogue:detail", kwargs={"product_slug": product.slug, "pk": product.pk})


def product_page(pk: int) -> ProductPage | None:
    """Return the public product with that key, or the parent of that variant; None when there is none.

    Four queries, one more for a variant's key.
    """
    product = public_products().filter(pk=pk).first() or public_products().filter(children=pk).first()
    if product is None:
        return None
    siblings = list(public_products().filter(design=product.design_id).exclude(pk=product.pk))
    keys = [product.pk, *(sibling.pk for sibling in siblings)]
    variants, pictures = variants_of(keys), pictures_of(keys)
    return ProductPage(
        product,
        tuple(variants[product.pk]),
        tuple(pictures[product.pk]),
        tuple(_card(other, variants[other.pk], _preferred(pictures[other.pk], ())) for other in siblings),
    )


def variants_of(product_ids: Sequence[int]) -> dict[int, list[Variant]]:
    """Return the public variants of each product that have a price, by colour and size (one query)."""
    rows = (
        Product.objects.filter(parent__in=product_ids, is_public=True, stockrecords__isnull=False)
        .order_by("colour__position", "colour__name", "size__position")
        .values_list(
            "parent_id", "pk", "stockrecords__partner_sku",
            "colour__code", "colour__name", "colour__hex", "size__code",
            "stockrecords__price", "stockrecords__num_in_stock", "stockrecords__num_allocated",
        )
    )  # fmt: skip
    found: dict[int, list[Variant]] = defaultdict(list)
    for parent, pk, sku, code, name, hex_, size, price, on_hand, allocated in rows:
        found[parent].append(Variant(pk, sku, Dot(code, name, hex_), size, price, on_hand - allocated))
    return found


def pictures_of(product_ids: Sequence[int]) -> dict[int, list[Picture]]:
    """Return the pictures of each product in their order (one query)."""
    images = ProductImage.objects.filter(product__in=product_ids).select_related("colour")
    found: dict[int, list[Picture]] = defaultdict(list)
    for image in images.order_by("display_order", "pk"):
        found[image.product_id].append(picture(image))
    return found


def picture(image: ProductImage) -> Picture:
    """Return what pages need of a stored picture."""
    return Picture(
        name=image.original.name,
        alt=image.alt,
        width=image.width,
        height=image.height,
        colour=image.colour.code if image.colour else "",
        is_illustration=image.kind == ProductImage.Kind.MOCKUP,
    )
