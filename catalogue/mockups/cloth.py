"""Colour for grey maps: dyed cloth, printed ink, the paper-grey set."""

import math

from PIL import Image, ImageColor

from .maps import NEUTRAL

SET_COLOUR = (212, 208, 200)
Colour = tuple[int, int, int]


def parsed(colour: str) -> Colour:
    """ "#rrggbb" as numbers; ValueError when it is not a colour."""
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def dyed(shade: Image.Image, colour: Colour) -> Image.Image:
    """Cloth of this colour under this light. Dark cloth shows its folds by sheen, light cloth by shadow."""
    return Image.merge("RGB", [shade.point(_ramp(level, _depth(colour))) for level in colour])


def edge_light(colour: Colour) -> float:
    """How much of a blank's edge light this cloth needs, 0 to 1: dark cloth stands out from the set by itself."""
    return min(1.0, 1.25 * (1.0 - _depth(colour)))


def _depth(colour: Colour) -> float:
    red, green, blue = colour
    return 1.0 - (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def _ramp(level: int, depth: float) -> list[int]:
    return [_lit(level, (value - NEUTRAL) / 127, depth) for value in range(256)]


def _lit(level: int, change: float, depth: float) -> int:
    """Light cloth keeps room above itself for light; dark cloth gets a little sheen of its own."""
    base = level * (0.99 - 0.030 * (1.0 - depth))
    room = 255 - base if level > 250 else (255 - base) * 0.72
    slope = base * (0.72 + 0.30 * depth)
    cloth = base + (slope * change if change < 0 else room * (1.0 - math.exp(-slope * change / room)))
    sheen = 255 * 0.120 * depth * depth * (change + 0.13)
    return max(0, min(255, round(cloth + sheen)))


def set_floor(size: int, shadow: Image.Image, horizon: float | None = None) -> Image.Image:
    """The set, plain paper grey with the thing's shadow on it: a table from above, or a floor and its wall."""
    light = _table(size) if horizon is None else _floor_and_wall(size, horizon)
    floor = Image.merge(
        "RGB", [light.point([level - 11 + v // 12 for v in range(256)]) for level in SET_COLOUR]
    )
    dark = Image.new("RGB", (size, size), tuple(round(level * 0.28) for level in SET_COLOUR))
    return Image.composite(dark, floor, shadow)


def _table(size: int) -> Image.Image:
    """Lit from above: brightest a little over the middle, falling off to the corners."""
    fall = Image.blend(Image.radial_gradient("L"), Image.linear_gradient("L"), 0.45)
    return fall.point([255 - v for v in range(256)]).resize((size, size), Image.Resampling.BICUBIC)


def _floor_and_wall(size: int, horizon: float) -> Image.Image:
    """A wall that darkens towards the floor, and a floor that comes forward into the light."""
    column = Image.new("L", (1, 256))
    column.putdata([_level_at(row / 255, horizon) for row in range(256)])
    return column.resize((size, size), Image.Resampling.BICUBIC)


def _level_at(row: float, horizon: float) -> int:
    floor = 1.0 / (1.0 + math.exp((horizon - row) * 90))
    wall_light, floor_light = 190 - 120 * row, 150 + 90 * (row - horizon)
    return round(wall_light + (floor_light - wall_light) * floor)
