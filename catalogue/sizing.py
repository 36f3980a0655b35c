"""Which size is nearest to a shirt (or cushion) somebody owns, measured flat."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

#: A centimetre across is two around the body, so width counts twice.
WIDTH_COUNTS = 2
#: Further from every size than this, nothing we have comes near.
FAR_MM = 60


class Size(NamedTuple):
    """A garment's size with its measures, as a value (`catalogue.models.GarmentSize` is its row)."""

    code: str
    width_mm: int
    length_mm: int
    sleeve_mm: int | None
    tolerance_mm: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """A size, and by how much it is wider and longer than what was measured (less than 0: smaller), in mm."""

    size: Size
    wider_mm: int | None
    longer_mm: int | None

    @property
    def is_far(self) -> bool:
        """Tell whether even this size is so different that it would be another thing to wear."""
        return max(abs(self.wider_mm or 0), abs(self.longer_mm or 0)) > FAR_MM


def nearest(
    sizes: Iterable[Size], *, width_mm: int | None = None, length_mm: int | None = None
) -> Nearest | None:
    """Return the size nearest to what was measured; between two, the larger; None without sizes or measures."""
    if width_mm is None and length_mm is None:
        return None
    compared = [
        Nearest(
            size,
            None if width_mm is None else size.width_mm - width_mm,
            None if length_mm is None else size.length_mm - length_mm,
        )
        for size in sizes
    ]
    return min(compared, key=_distance, default=None)


def _distance(one: Nearest) -> tuple[int, int]:
    return WIDTH_COUNTS * abs(one.wider_mm or 0) + abs(one.longer_mm or 0), -one.size.width_mm
