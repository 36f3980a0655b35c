"""Designs on garments in bulk, each in all of its colours and sizes; written by the studio."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zlib import crc32

from catalogue.models import Category, Colour, Design, Garment, GarmentSize
from shop.studio import ranges as studio
from shop.studio.ranges import Picture

__all__ = ["Opening", "Picture", "Range", "some_pieces", "write_ranges"]

Opening = Callable[[str], int]


@dataclass(frozen=True)
class Range:
    """One design on one garment, in these colours and sizes; prices by size, pictures by colour (keys)."""

    design: Design
    garment: Garment
    colours: Sequence[Colour]
    sizes: Sequence[GarmentSize]
    prices: Mapping[int, Decimal]
    pictures: Mapping[int, Picture] = field(default_factory=dict)
    themes: Collection[Category] = ()

    def sku(self, colour: Colour, size: GarmentSize) -> str:
        return f"{self.design.code}-{self.garment.code}-{colour.code}-{size.code}".upper()


def some_pieces(sku: str) -> int:
    """Return an opening stock that is always the same for a SKU: some sold out, some with three left."""
    number = crc32(sku.encode())
    if number % 9 == 0:
        return 0
    return 3 if number % 7 == 0 else 8 + number % 33


def write_ranges(ranges: Sequence[Range], *, opening: Opening = some_pieces) -> int:
    """Write what is missing and return how many variants were new; in the caller's transaction."""
    return studio.write_ranges([_as_studio(item, opening) for item in ranges])


def _as_studio(item: Range, opening: Opening) -> studio.Range:
    skus = {(colour, size): item.sku(colour, size) for colour in item.colours for size in item.sizes}
    return studio.Range(
        design=item.design,
        garment=item.garment,
        variants=[
            studio.Variant(colour, size, sku, item.prices[size.pk], opening(sku))
            for (colour, size), sku in skus.items()
        ],
        pictures={colour: [picture] for colour, picture in item.pictures.items()},
        themes=item.themes,
    )
