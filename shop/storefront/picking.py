"""Colours, sizes and pictures of a product's page, each made ready for its template and its script."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.selectors import Dot, Picture, ProductPage, Variant
from shop import money

#: From how many pieces down the page says how many are left.
LOW = 5


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
    """A picture in the gallery; `place` 0 belongs to every colour, `has_others` when its colour has more."""

    place: int
    picture: Picture
    is_chosen: bool
    has_others: bool


def stock_words(available: int) -> str:
    """Say what the ledger knows: nothing is called scarce that is not."""
    if available <= 0:
        return _("Sold out")
    if available <= LOW:
        return ngettext("%(n)d left", "%(n)d left", available) % {"n": available}
    return _("In stock")


def stock_line(variant: Variant, words: str = "") -> str:
    return f"{variant.colour.name}, {variant.size}: {words or stock_words(variant.available)}"


def colours(found: ProductPage, chosen: Variant | None) -> list[ColourChoice]:
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


def sizes(found: ProductPage, chosen: Variant | None) -> list[SizeChoice]:
    left = {(variant.size, variant.colour): variant.available for variant in found.variants}
    return [
        SizeChoice(
            size,
            chosen is not None and chosen.size == size,
            tuple(_note(place, left.get((size, dot), 0)) for place, dot in enumerate(found.dots, start=1)),
        )
        for size in found.sizes
    ]


def _note(place: int, available: int) -> tuple[int, str, bool]:
    return place, stock_words(available) if available <= LOW else "", available <= 0


def shots(found: ProductPage, chosen: Variant | None) -> list[Shot]:
    """Return the pictures, those of the chosen colour first; a picture of no colour belongs to all."""
    places = {dot.code: place for place, dot in enumerate(found.dots, start=1)}
    colours_of = [picture.colour for picture in found.pictures]
    made = [
        Shot(
            places.get(picture.colour, 0),
            picture,
            chosen is not None and picture.colour == chosen.colour.code,
            len(found.pictures) > 1 and (colours_of.count(picture.colour) > 1 or "" in colours_of),
        )
        for picture in found.pictures
    ]
    return sorted(made, key=lambda shot: not shot.is_chosen)


def data(found: ProductPage, was: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    """Return what `<variant-picker>` needs to know of each variant, in words ready to show."""
    words = {available: stock_words(available) for available in {v.available for v in found.variants}}
    return [
        {
            "sku": variant.sku,
            "colour": variant.colour.code,
            "size": variant.size,
            "price": money.shown(variant.price),
            "was": money.shown(was[variant.pk]) if variant.pk in was else "",
            "stock": stock_line(variant, words[variant.available]),
            "sold_out": variant.available <= 0,
        }
        for variant in found.variants
    ]
