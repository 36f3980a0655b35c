"""What a product's page shows beside the product itself, made ready for its template."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.selectors import Dot, Picture, ProductPage, Variant, product_url
from shop import money
from shop.articles.selectors import stories_behind
from shop.storefront import delivery

#: From how many pieces down the page says how many are left.
LOW = 5
#: The country whose delivery a shared page can promise.
HOME_COUNTRY = "GB"


@dataclass(frozen=True, slots=True)
class ColourChoice:
    """A colour as a radio; `place` tells the style sheet which pictures and notes belong to it."""

    place: int
    dot: Dot
    thumbnail: Picture | None
    is_chosen: bool
    is_sold_out: bool


@dataclass(frozen=True, slots=True)
class SizeChoice:
    """A size as a radio, and per colour's place what to say of it."""

    code: str
    is_chosen: bool
    notes: tuple[tuple[int, str, bool], ...]


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture in the gallery; `place` 0 belongs to every colour."""

    place: int
    picture: Picture
    is_chosen: bool


def context(found: ProductPage, *, sku: str = "", colour: str = "") -> dict[str, Any]:
    """Return the template's context; an unknown SKU or colour is ignored."""
    chosen = found.variant(sku=sku, colour=colour)
    product = found.product
    measures = list(product.garment.sizes.all()) if product.garment else []
    return {
        "page": found,
        "product": product,
        "chosen": chosen,
        "stock": stock_line(chosen) if chosen else "",
        "colours": _colours(found, chosen),
        "sizes": [_size(found, size, chosen) for size in found.sizes],
        "shots": _shots(found, chosen),
        "data": [_data(variant) for variant in found.variants],
        "quantities": range(1, settings.MAX_OF_ONE_VARIANT + 1),
        "measures": measures,
        "tolerance": max((size.tolerance_mm for size in measures), default=0),
        "delivery": delivery.promise(HOME_COUNTRY, chosen.price if chosen else Decimal(0)),
        "stories": stories_behind(product.design_id),
        "canonical": product_url(product),
    }


def address_of(found: ProductPage, pk: int) -> str:
    """Return the canonical address for a product's or variant's key."""
    sku = next((variant.sku for variant in found.variants if variant.pk == pk), "")
    return product_url(found.product) + (f"?variant={sku}" if sku else "")


def stock_words(available: int) -> str:
    """Say what the ledger knows: nothing is called scarce that is not."""
    if available <= 0:
        return _("Sold out")
    if available <= LOW:
        return ngettext("%(n)d left", "%(n)d left", available) % {"n": available}
    return _("In stock")


def stock_line(variant: Variant) -> str:
    return f"{variant.colour.name}, {variant.size}: {stock_words(variant.available)}"


def _colours(found: ProductPage, chosen: Variant | None) -> list[ColourChoice]:
    first: dict[str, Picture] = {}
    for picture in found.pictures:
        first.setdefault(picture.colour, picture)
    in_stock = {variant.colour for variant in found.variants if variant.available > 0}
    return [
        ColourChoice(
            place, dot, first.get(dot.code), chosen is not None and chosen.colour == dot, dot not in in_stock
        )
        for place, dot in enumerate(found.dots, start=1)
    ]


def _size(found: ProductPage, size: str, chosen: Variant | None) -> SizeChoice:
    left = {variant.colour: variant.available for variant in found.variants if variant.size == size}
    notes = tuple(_note(place, left.get(dot, 0)) for place, dot in enumerate(found.dots, start=1))
    return SizeChoice(size, chosen is not None and chosen.size == size, notes)


def _note(place: int, available: int) -> tuple[int, str, bool]:
    return place, stock_words(available) if available <= LOW else "", available <= 0


def _shots(found: ProductPage, chosen: Variant | None) -> list[Shot]:
    places = {dot.code: place for place, dot in enumerate(found.dots, start=1)}
    shots = [
        Shot(
            places.get(picture.colour, 0),
            picture,
            chosen is not None and picture.colour == chosen.colour.code,
        )
        for picture in found.pictures
    ]
    return sorted(shots, key=lambda shot: not shot.is_chosen)


def _data(variant: Variant) -> dict[str, str]:
    """What `<variant-picker>` needs to know of a variant, in words ready to show."""
    return {
        "sku": variant.sku,
        "colour": variant.colour.code,
        "size": variant.size,
        "price": money.shown(variant.price),
        "stock": stock_line(variant),
    }
