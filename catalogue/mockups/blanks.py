"""The garments that can be drawn, and where each takes its print."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Blank:
    """A garment to print on. `print_area` is left, top, right, bottom as fractions of the square picture.

    `valign` places a print that leaves room (0 top, 0.5 middle); `give` is how far folds pull it.
    """

    name: str
    print_area: tuple[float, float, float, float]
    print_mm: tuple[int, int]
    valign: float
    give: float

    def print_box(self, size: int) -> tuple[int, int, int, int]:
        """The print area in pixels of a picture `size` pixels wide."""
        left, top, right, bottom = (round(edge * size) for edge in self.print_area)
        return left, top, right, bottom


BLANKS: dict[str, Blank] = {
    "tshirt": Blank("tshirt", (0.335, 0.270, 0.665, 0.710), (330, 440), valign=0.0, give=0.021),
    "cushion": Blank("cushion", (0.205, 0.195, 0.795, 0.785), (350, 350), valign=0.5, give=0.021),
}
