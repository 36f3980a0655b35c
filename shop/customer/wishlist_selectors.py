"""What the wishlist's page reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalogue.models import Product
from catalogue.selectors import Picture, pictures_of, product_url
from shop.basket.selectors import name_of
from shop.partner.strategy import is_sold


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved variant as its card shows it; `price` is None when it is not sold any more."""

    pk: int
    title: str
    colour: str
    size: str
    name: str
    url: str
    picture: Picture | None
    price: Decimal | None
    available: int
    quantity: int


def saved(pieces: Mapping[int, int]) -> list[Saved]:
    """Return what was saved, the last first; what is gone from the catalogue is left out (three queries)."""
    related = ("parent__design", "colour", "size")
    variants = Product.objects.filter(pk__in=pieces).select_related(*related).prefetch_related("stockrecords")
    found = {variant.pk: variant for variant in variants}
    pictures = pictures_of([variant.parent_id for variant in found.values() if variant.parent_id])
    return [
        _saved(found[pk], quantity, pictures.get(found[pk].parent_id or 0, []))
        for pk, quantity in reversed(list(pieces.items()))
        if pk in found
    ]


def _saved(variant: Product, quantity: int, pictures: list[Picture]) -> Saved:
    colour = variant.colour.code if variant.colour else ""
    record = next(iter(variant.stockrecords.all()), None) if is_sold(variant) else None
    return Saved(
        pk=variant.pk,
        title=variant.get_title(),
        colour=variant.colour.name if variant.colour else "",
        size=variant.size.name if variant.size else "",
        name=name_of(variant),
        url=f"{product_url(variant.parent or variant)}?variant={record.partner_sku}" if record else "",
        picture=next(iter([p for p in pictures if p.colour == colour] or pictures), None),
        price=record.price if record else None,
        available=record.available if record else 0,
        quantity=quantity,
    )
