"""Big catalogues for benchmarks: plain designs on both garments, six variants each, pictures shared."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalogue.models import Colour, Design, Garment
from shop.demo.garments import prices_of, write_garments
from shop.demo.ranges import whole_range
from shop.studio.ranges import Picture, Range, write_ranges
from shop.transactions import durably

BATCH = 250
#: Colours and sizes of one plain product, by the garment's template; each makes six variants.
MATRIX = {"tshirt": (2, 3), "cushion": (3, 2)}
VARIANTS = 6


def load_products(number: int, pictures: Mapping[tuple[str, str], str]) -> int:
    """Bring the plain products up to `number` parents and return how many were new.

    Designs carry the code B and seven digits; each is on both garments. One transaction a batch.
    `pictures` are `drawing.shared_pictures`.
    """
    garments = durably(write_garments)
    maker = _Maker(garments, pictures)
    return sum(maker.make(range(first, min(first + BATCH, number))) for first in range(0, number, BATCH))


class _Maker:
    """Makes plain ranges by their place; reads garments, colours and sizes once."""

    def __init__(self, garments: Mapping[str, Garment], pictures: Mapping[tuple[str, str], str]) -> None:
        self.garments = [(blank, garments[blank]) for blank in MATRIX]
        self.colours = {blank: list(garment.colours.all()) for blank, garment in self.garments}
        self.sizes = {blank: list(garment.sizes.all()) for blank, garment in self.garments}
        self.prices = {blank: prices_of(garment) for blank, garment in self.garments}
        self.pictures = pictures
        self.artwork = next(iter(pictures.values()))

    def make(self, places: range) -> int:
        """Write the parents at these places in one transaction and return how many were new."""
        return durably(lambda: self._write(places) // VARIANTS)

    def _write(self, places: range) -> int:
        designs = self._designs({place // 2 for place in places})
        return write_ranges([self._range(place, designs[place // 2]) for place in places])

    def _designs(self, numbers: set[int]) -> dict[int, Design]:
        codes = {f"B{number:07}": number for number in numbers}
        found = {design.code: design for design in Design.objects.filter(code__in=codes)}
        made = Design.objects.bulk_create(
            self._design(code, number) for code, number in codes.items() if code not in found
        )
        return {codes[design.code]: design for design in [*found.values(), *made]}

    def _design(self, code: str, number: int) -> Design:
        return Design(
            title=f"Plain design {number}",
            slug=f"plain-design-{number}",
            code=code,
            summary="Made for measuring.",
            artwork=self.artwork,
            is_public=True,
            position=1000 + number,
        )

    def _range(self, place: int, design: Design) -> Range:
        blank, garment = self.garments[place % 2]
        colour_count, size_count = MATRIX[blank]
        colours = _some(self.colours[blank], place, colour_count)
        return whole_range(
            design,
            garment,
            colours=colours,
            sizes=_some(self.sizes[blank], place, size_count),
            prices=self.prices[blank],
            pictures={colour.pk: [self._picture(blank, colour, garment)] for colour in colours},
        )

    def _picture(self, blank: str, colour: Colour, garment: Garment) -> Picture:
        name = self.pictures.get((blank, colour.code), self.artwork)
        return Picture(name, f"A plain {colour.name.lower()} {garment.name}, front", 1200)


def _some(items: Sequence[Any], place: int, count: int) -> list[Any]:
    """Return `count` neighbours of the items, other ones at other places."""
    return [items[(place + offset) % len(items)] for offset in range(min(count, len(items)))]
