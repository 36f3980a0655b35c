"""The garments that can be drawn, how each is seen, and where it takes its print.

A new one is a line in `_ALL` and a drawing function in `picture.DRAWN_BY`; a new colour is only its value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .geometry import Point
from .views import STRAIGHT, Box, Standing, Turned, View

#: A cushion at three quarters: its front looks to the right, its left side is nearer.
CUSHION_ANGLE = Standing(yaw=32, tilt=7, distance=3.2, bulge=0.15, zoom=0.98, place=(0.030, -0.005))


@dataclass(frozen=True)
class Blank:
    """One picture of a garment. `print_area` is left, top, right, bottom as fractions of the flat drawing.

    `garment` is the name of the garment's first blank; `shows` says whether a print on the front is seen
    ("none": give `render` no artwork); `seen_as` ends an alt text. `valign` places a print that leaves room
    (0 top, 0.5 middle); `give` is how far folds pull it.
    """

    name: str
    garment: str
    shows: Literal["front", "none"]
    seen_as: str
    print_area: tuple[float, float, float, float]
    print_mm: tuple[int, int]
    valign: float = 0.0
    give: float = 0.021
    view: View = STRAIGHT

    def print_box(self, size: int) -> Box:
        """The smallest box round the print area, in pixels of a picture `size` pixels wide."""
        points = [self.view.seen(point) for point in self._edge()]
        across, down = [x for x, _ in points], [y for _, y in points]
        return (
            round(min(across) * size),
            round(min(down) * size),
            round(max(across) * size),
            round(max(down) * size),
        )

    def _edge(self) -> Sequence[Point]:
        left, top, right, bottom = self.print_area
        steps = [step / 8 for step in range(9)]
        flat = [(left + (right - left) * step, edge) for step in steps for edge in (top, bottom)]
        return flat + [(edge, top + (bottom - top) * step) for step in steps for edge in (left, right)]


_SHIRT_PRINT, _CUSHION_PRINT = (330, 440), (350, 350)
_CHEST, _PANEL = (0.335, 0.270, 0.665, 0.710), (0.205, 0.195, 0.795, 0.785)
_ALL = (
    Blank("tshirt", "tshirt", "front", "front", _CHEST, _SHIRT_PRINT),
    Blank("tshirt-back", "tshirt", "none", "back", (0.335, 0.235, 0.665, 0.675), _SHIRT_PRINT),
    Blank(
        "tshirt-folded",
        "tshirt",
        "front",
        "folded",
        (0.260, 0.268, 0.740, 0.908),
        _SHIRT_PRINT,
        give=0.026,
        view=Turned(-5, zoom=0.93),
    ),
    Blank("cushion", "cushion", "front", "front", _PANEL, _CUSHION_PRINT, valign=0.5),
    Blank(
        "cushion-angle",
        "cushion",
        "front",
        "seen at an angle",
        _PANEL,
        _CUSHION_PRINT,
        valign=0.5,
        view=CUSHION_ANGLE,
    ),
)
BLANKS: dict[str, Blank] = {blank.name: blank for blank in _ALL}
#: The blank that shows each garment from the front, which has the garment's name.
GARMENTS: tuple[str, ...] = tuple(blank.name for blank in _ALL if blank.name == blank.garment)


def views_of(garment: str) -> list[Blank]:
    """The blanks of one garment, the front first; none for an unknown one."""
    return [blank for blank in _ALL if blank.garment == garment]
