"""Ink on cloth: the artwork bent by the folds, shaded by the light, let into the weave."""

from PIL import Image, ImageChops

from .blanks import Blank
from .maps import NEUTRAL, Maps
from .relief import GRID

CELLS = 40
PULL = 0.032
Box = tuple[int, int, int, int]


def printed(cloth: Image.Image, artwork: Image.Image, blank: Blank, maps: Maps) -> Image.Image:
    """`cloth` (the whole picture) with the artwork in the blank's print area."""
    size = cloth.width
    box = _grown(blank.print_box(size), round(size * 0.02))
    ink = _bent(_placed(artwork, blank, size, box), box, size, maps)
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


def _bent(layer: Image.Image, box: Box, size: int, maps: Maps) -> Image.Image:
    columns = [round(layer.width * cell / CELLS) for cell in range(CELLS + 1)]
    rows = [round(layer.height * cell / CELLS) for cell in range(CELLS + 1)]
    source = {(x, y): _source(x, y, box, size, maps.slopes) for x in columns for y in rows}
    mesh = [
        ((left, top, right, bottom), source[left, top] + source[left, bottom] + source[right, bottom] + source[right, top])
        for left, right in zip(columns, columns[1:], strict=False)
        for top, bottom in zip(rows, rows[1:], strict=False)
    ]
    return layer.transform(layer.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def _source(x: int, y: int, box: Box, size: int, slopes: tuple[list[float], list[float]]) -> tuple[float, float]:
    """Where the ink seen at (x, y) was on the flat artwork: cloth that slopes away is seen shortened."""
    column = min(GRID - 1, round((x + box[0]) / size * (GRID - 1)))
    row = min(GRID - 1, round((y + box[1]) / size * (GRID - 1)))
    across, down = (slope[row * GRID + column] for slope in slopes)
    return x + across * PULL * size, y + down * PULL * size


def _inked(cloth: Image.Image, ink: Image.Image, shade: Image.Image) -> Image.Image:
    cover = ink.getchannel("A")
    lit = _lit(ink.convert("RGB"), shade)
    weave = shade.point([round(255 * min(1.0, 0.90 + 0.08 * v / NEUTRAL)) for v in range(256)])
    result = Image.composite(lit, cloth, ImageChops.multiply(cover, weave))
    return _with_edge(result, cover)


def _lit(ink: Image.Image, shade: Image.Image) -> Image.Image:
    dark = shade.point([min(255, round(255 * (1.0 + 0.85 * (v - NEUTRAL) / 127))) for v in range(256)])
    sheen = shade.point([round(38 * max(0.0, (v - NEUTRAL) / 127)) for v in range(256)])
    multiplied = ImageChops.multiply(ink, Image.merge("RGB", (dark,) * 3))
    return ImageChops.screen(multiplied, Image.merge("RGB", (sheen,) * 3))


def _with_edge(result: Image.Image, cover: Image.Image) -> Image.Image:
    """Ink has a thickness: a hair of light on one edge and shade on the other, so no print ever vanishes."""
    lip = ImageChops.subtract(cover, ImageChops.offset(cover, 1, 1), 20, NEUTRAL)
    return ImageChops.add(result, Image.merge("RGB", (lip,) * 3), 1, -NEUTRAL)
