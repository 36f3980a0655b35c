"""Designs on garments in all of their colours and sizes, as the studio writes them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from zlib import crc32

from catalogue.models import Category, Colour, Design, Garment, GarmentSize
from shop.studio.matrix import default_sku
from shop.studio.ranges import Picture, Range, Variant

Opening = Callable[[str], int]


def some_pieces(sku: str) -> int:
    """Return an opening stock that is always the same for a SKU: some sold out, some with three left."""
    number = crc32(sku.encode())
    if number % 9 == 0:
        return 0
    return 3 if number % 7 == 0 else 8 + number % 33


def whole_range(
    design: Design,
    garment: Garment,
    *,
    colours: Sequence[Colour],
    sizes: Sequence[GarmentSize],
    prices: Mapping[int, Decimal],
    pictures: Mapping[int, Sequence[Picture]],
    themes: Collection[Category] = (),
    opening: Opening = some_pieces,
) -> Range:
    """Return a range of every colour in every size; prices by size, pictures by colour (keys)."""

    def variant(colour: Colour, size: GarmentSize) -> Variant:
        sku = default_sku(design, garment, colour, size)
        return Variant(colour, size, sku, prices[size.pk], opening(sku))

    variants = [variant(colour, size) for colour in colours for size in sizes]
    return Range(design, garment, variants, pictures, themes)
