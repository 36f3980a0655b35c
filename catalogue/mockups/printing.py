"""Ink on cloth: the artwork bent by the folds, shaded by the light, let into the weave."""

from itertools import pairwise

from PIL import Image, ImageChops

from .blanks import Blank
from .maps import NEUTRAL, Maps

CELLS = 48
Box = tuple[int, int, int, int]
Spot = tuple[float, float]
Pulls = tuple[Image.Image, Image.Image]


def printed(cloth: Image.Image, artwork: Image.Image, blank: Blank, maps: Maps) -> Image.Image:
    """`cloth` (the whole picture) with the artwork in the blank's print area."""
    size = cloth.width
    box = _grown(blank.print_box(size), round(size * 0.02))
    ink = _bent(_placed(artwork, blank, size, box), box, maps.pulls, size * blank.give)
    shade = maps.shade.crop(box)
    result = cloth.copy()
    result.paste(_inked(cloth.crop(box), ink, shade), box)
    return result


def _grown(box: Box, margin: int) -> Box:
    return box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin


def _placed(artwork: Image.Image, blank: Blank, size: int, box: Box) -> Image.Image:
    """The artwork as large as the print area allows, middle across, up or down as the blank says."""
    left, top, right, bottom = blank.print_box(size)
    room = right - left, bottom - top
    scale = min(room[0] / artwork.width, room[1] / artwork.height)
    fitted = artwork.convert("RGBA").resize(
        (max(1, round(artwork.width * scale)), max(1, round(artwork.height * scale))),
        Image.Resampling.LANCZOS,
        reducing_gap=3.0,
    )
    layer = Image.new("RGBA", (box[2] - box[0], box[3] - box[1]), (0, 0, 0, 0))
    spare = room[0] - fitted.width, room[1] - fitted.height
    layer.paste(fitted, (left - box[0] + spare[0] // 2, top - box[1] + round(spare[1] * blank.valign)))
    return layer


def _bent(layer: Image.Image, box: Box, pulls: Pulls, reach: float) -> Image.Image:
    columns, rows = _cuts(layer.width), _cuts(layer.height)
    source = {(x, y): _source(x, y, box, pulls, reach) for x in columns for y in rows}
    mesh = [
        ((west, north, east, south), _quad(source, west, north, east, south))
        for west, east in pairwise(columns)
        for north, south in pairwise(rows)
    ]
    return layer.transform(layer.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def _cuts(length: int) -> list[int]:
    cells = min(CELLS, length // 4)
    return [round(length * cell / cells) for cell in range(cells + 1)]


def _quad(
    source: dict[tuple[int, int], Spot], west: int, north: int, east: int, south: int
) -> tuple[float, ...]:
    return source[west, north] + source[west, south] + source[east, south] + source[east, north]


def _source(x: int, y: int, box: Box, pulls: Pulls, reach: float) -> Spot:
    """Where the ink seen at (x, y) was on the flat artwork: cloth that slopes away is seen shortened."""
    spot = min(x + box[0], pulls[0].width - 1), min(y + box[1], pulls[0].height - 1)
    across, down = (float(pull.getpixel(spot)) for pull in pulls)  # type: ignore[arg-type]
    return x + across * reach, y + down * reach


def _inked(cloth: Image.Image, ink: Image.Image, shade: Image.Image) -> Image.Image:
    cover = ink.getchannel("A")
    lit = _lit(ink.convert("RGB"), shade)
    weave = shade.point([round(255 * min(1.0, 0.90 + 0.08 * v / NEUTRAL)) for v in range(256)])
    result = Image.composite(lit, cloth, ImageChops.multiply(cover, weave))
    return _with_edge(result, cover)


def _lit(ink: Image.Image, shade: Image.Image) -> Image.Image:
    dark = shade.point([min(255, round(255 * (1.0 + (v - NEUTRAL) / 127))) for v in range(256)])
    sheen = shade.point([round(64 * max(0.0, (v - NEUTRAL) / 127)) for v in range(256)])
    multiplied = ImageChops.multiply(ink, Image.merge("RGB", (dark,) * 3))
    return ImageChops.screen(multiplied, Image.merge("RGB", (sheen,) * 3))


def _with_edge(result: Image.Image, cover: Image.Image) -> Image.Image:
    """Ink has a thickness: a hair of light on one edge and shade on the other, so no print ever vanishes."""
    lip = ImageChops.subtract(cover, ImageChops.offset(cover, 1, 1), 20, NEUTRAL)
    return ImageChops.add(result, Image.merge("RGB", (lip,) * 3), 1, -NEUTRAL)
