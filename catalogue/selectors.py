"""What pages read of the catalogue: cards, filters and product pages, in few queries whatever its size.

Only public products of public designs are ever returned.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from catalogue.models import Design, Product, ProductImage


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
    design_slug: str = ""
    #: The key of the story it stands beside, which the way to the basket keeps.
    story: int | None = None

    @property
    def link(self) -> str:
        """The product's page with the pictured colour chosen; the first colour is chosen anyway."""
        others = {dot.code for dot in self.dots[1:]}
        asked = {"story": str(self.story)} if self.story else {}
        if self.picture and self.picture.colour in others:
            asked["colour"] = self.picture.colour
        return f"{self.url}?{urlencode(asked)}" if asked else self.url


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


def cards_of(keys: Sequence[int], *, colours: Sequence[str] = ()) -> list[Card]:
    """Return the cards of the public products with these keys, in their order (three queries).

    A picture in one of `colours` is preferred. Variants have no design, so they are none of them; asked for by
    structure too, SQLite would read all parents.
    """
    shown = Product.objects.filter(pk__in=keys, is_public=True, design__is_public=True).order_by()
    found = {row[0]: _Named(*row) for row in shown.values_list(*_NAMED)}
    return _cards([found[key] for key in keys if key in found], colours)


def cards_by_design(design_ids: Iterable[int]) -> dict[int, list[Card]]:
    """Return the cards of each design's products (three queries)."""
    found: dict[int, list[Card]] = defaultdict(list)
    products = public_products().filter(design__in=list(design_ids)).order_by("garment_id", "-id")
    for card in _cards([_Named(*row) for row in products.values_list(*_NAMED)], ()):
        found[card.design_id].append(card)
    return found


@dataclass(frozen=True, slots=True)
class DesignPage:
    """A public design and its products, whatever they are printed on."""

    design: Design
    cards: tuple[Card, ...]


def design_page(slug: str) -> DesignPage | None:
    """Return the public design at that address, None when it is on nothing shoppers may see (four queries)."""
    design = Design.objects.filter(slug=slug, is_public=True).first()
    cards = cards_by_design([design.pk])[design.pk] if design else []
    return DesignPage(design, tuple(cards)) if design and cards else None


def public_designs() -> QuerySet[Design]:
    """Return the designs that have a page of their own."""
    return Design.objects.filter(
        pk__in=public_products().order_by().values("design"), is_public=True
    ).order_by("pk")


class _Named(NamedTuple):
    """What a card says of a product itself."""

    pk: int
    slug: str
    title: str
    design_id: int
    design: str
    garment: str
    design_slug: str


_NAMED = ("pk", "slug", "title", "design_id", "design__title", "garment__name", "design__slug")


def _named(product: Product) -> _Named:
    garment = product.garment.name if product.garment else ""
    design = product.design
    slug = design.slug if design else ""
    return _Named(product.pk, product.slug, product.title, product.design_id, str(design), garment, slug)


def _cards(products: Sequence[_Named], colours: Sequence[str]) -> list[Card]:
    keys = [product.pk for product in products]
    variants, pictures = variants_of(keys), pictures_of(keys)
    return [_card(p, variants[p.pk], _preferred(pictures[p.pk], colours)) for p in products]


def _card(product: _Named, variants: Sequence[Variant], picture: Picture | None) -> Card:
    prices = {variant.price for variant in variants}
    return Card(
        pk=product.pk,
        title=product.title,
        design=product.design,
        design_id=product.design_id,
        garment=product.garment or "",
        url=_url(product.slug, product.pk),
        price=min(prices, default=None),
        price_varies=len(prices) > 1,
        dots=tuple(dict.fromkeys(variant.colour for variant in variants)),
        picture=picture,
        is_sold_out=not any(variant.available for variant in variants),
        design_slug=product.design_slug,
    )


def _preferred(pictures: Sequence[Picture], colours: Sequence[str]) -> Picture | None:
    return next(iter([p for p in pictures if p.colour in colours] or pictures), None)


def product_url(product: Product) -> str:
    """Return the canonical path of a product's page."""
    return _url(product.slug, product.pk)


def _url(slug: str, pk: int) -> str:
    return f"{_list_url(get_language())}{slug}_{pk}/"


@lru_cache(maxsize=16)
def _list_url(language: str | None) -> str:
    """Resolved once, as each product's address would be a twentieth of a list's time."""
    return reverse("catalogue:index")


def product_page(pk: int) -> ProductPage | None:
    """Return the public product with that key, or the parent of that variant; None when there is none.

    Three queries, two more for a variant's key.
    """
    parent = Product.objects.filter(pk=pk).values_list("parent_id", flat=True)
    return _product_page(pk) or next((_product_page(key) for key in parent if key), None)


def _product_page(pk: int) -> ProductPage | None:
    """Return a parent's page; the products of its design come in one query with it."""
    products = {each.pk: each for each in public_products().filter(design__products=pk)}
    product = products.pop(pk, None)
    if product is None:
        return None
    keys = [pk, *products]
    variants, pictures = variants_of(keys), pictures_of(keys)
    return ProductPage(
        product,
        tuple(variants[pk]),
        tuple(pictures[pk]),
        tuple(_card(_named(o), variants[o.pk], _preferred(pictures[o.pk], ())) for o in products.values()),
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
    rows = (
        ProductImage.objects.filter(product__in=product_ids)
        .order_by("display_order", "pk")
        .values_list("product_id", "original", "alt", "width", "height", "colour__code", "kind")
    )
    found: dict[int, list[Picture]] = defaultdict(list)
    for product, name, alt, width, height, colour, kind in rows:
        is_illustration = kind == ProductImage.Kind.MOCKUP
        found[product].append(Picture(name, alt, width, height, colour or "", is_illustration))
    return found
