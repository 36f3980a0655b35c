"""Ink on cloth: the artwork bent by the folds and the view, shaded by the light, let into the weave."""

from PIL import Image, ImageChops

from .blanks import Blank
from .geometry import Point
from .maps import NEUTRAL, Maps
from .relief import GRID
from .views import Box, Source, remapped

#: Ink under plain light is a little darker than its colour, which leaves room for lit folds.
INK_LEVEL = 0.94
Pulls = tuple[Image.Image, Image.Image]


def printed(cloth: Image.Image, artwork: Image.Image, blank: Blank, maps: Maps) -> Image.Image:
    """`cloth` (the whole picture) with the artwork in the blank's print area."""
    size = cloth.width
    margin = round(size * 0.02)
    box = _grown(blank.print_box(size), margin)
    layer, corner = _placed(artwork, blank, size, margin)
    ink = remapped(layer, (box[2] - box[0], box[3] - box[1]), _source(blank, maps.pulls, box, corner, size))
    result = cloth.copy()
    result.paste(_inked(cloth.crop(box), ink, maps.shade.crop(box)), box)
    return result


def _grown(box: Box, margin: int) -> Box:
    return box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin


def _placed(artwork: Image.Image, blank: Blank, size: int, margin: int) -> tuple[Image.Image, Point]:
    """The artwork on a flat layer, as large as the print area allows, and the layer's place in the drawing."""
    left, top, right, bottom = (round(edge * size) for edge in blank.print_area)
    room = right - left, bottom - top
    scale = min(room[0] / artwork.width, room[1] / artwork.height)
    fitted = artwork.convert("RGBA").resize(
        (max(1, round(artwork.width * scale)), max(1, round(artwork.height * scale))),
        Image.Resampling.LANCZOS,
        reducing_gap=3.0,
    )
    layer = Image.new("RGBA", (room[0] + 2 * margin, room[1] + 2 * margin), (0, 0, 0, 0))
    spare = room[0] - fitted.width, room[1] - fitted.height
    layer.paste(fitted, (margin + spare[0] // 2, margin + round(spare[1] * blank.valign)))
    return layer, (left - margin, top - margin)


def _source(blank: Blank, pulls: Pulls, box: Box, corner: Point, size: int) -> Source:
    """Where the ink seen at (x, y) was on the flat layer: cloth that slopes away is seen shortened."""
    reach = size * blank.give

    def source(x: float, y: float) -> Point:
        across, down = blank.view.flat(((x + box[0]) / size, (y + box[1]) / size))
        spot = _cell(across), _cell(down)
        aside, along = (_eased(float(pull.getpixel(spot))) for pull in pulls)  # type: ignore[arg-type]
        return across * size - corner[0] + aside * reach, down * size - corner[1] + along * reach

    return source


def _cell(place: float) -> int:
    return max(0, min(GRID - 1, round(place * (GRID - 1))))


def _eased(pull: float) -> float:
    """Steep cloth pulls less than it should, or the corners of a print would grow ears."""
    return pull / (1.0 + 1.6 * abs(pull))


def _inked(cloth: Image.Image, ink: Image.Image, shade: Image.Image) -> Image.Image:
    cover = ink.getchannel("A")
    lit = _lit(ink.convert("RGB"), shade)
    weave = shade.point([round(255 * min(1.0, 0.90 + 0.08 * v / NEUTRAL)) for v in range(256)])
    result = Image.composite(lit, cloth, ImageChops.multiply(cover, weave))
    return _with_edge(result, cover)


def _lit(ink: Image.Image, shade: Image.Image) -> Image.Image:
    dark = shade.point([min(255, round(255 * INK_LEVEL * (1.0 + (v - NEUTRAL) / 127))) for v in range(256)])
    sheen = shade.point([round(72 * max(0.0, (v - NEUTRAL) / 127)) for v in range(256)])
    multiplied = ImageChops.multiply(ink, Image.merge("RGB", (dark,) * 3))
    return ImageChops.screen(multiplied, Image.merge("RGB", (sheen,) * 3))


def _with_edge(result: Image.Image, cover: Image.Image) -> Image.Image:
    """Ink has a thickness: a hair of light on one edge and shade on the other, so no print ever vanishes."""
    lip = ImageChops.subtract(cover, ImageChops.offset(cover, 1, 1), 20, NEUTRAL)
    return ImageChops.add(result, Image.merge("RGB", (lip,) * 3), 1, -NEUTRAL)
