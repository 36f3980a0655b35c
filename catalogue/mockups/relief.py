"""The cloth's height: volume, folds and wrinkles on a grid; from it follow light and displacement."""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from PIL import Image

from .geometry import Point

GRID = 240
LIGHT = (0.50, 0.80)


@dataclass(frozen=True)
class Fold:
    """A ridge from `start` to `end`, softer on one side; negative `height` makes a valley."""

    start: Point
    end: Point
    width: float
    height: float
    bend: float = 0.0
    rise: float = 0.12
    fall: float = 1.0
    sharp: float = 1.5


class Relief:
    """Heights on a GRID x GRID net over the picture, row by row; one unit is one picture width."""

    def __init__(self) -> None:
        self.heights = [0.0] * (GRID * GRID)

    def add(self, height_at: Callable[[float, float], float]) -> None:
        cells = [cell / (GRID - 1) for cell in range(GRID)]
        values = (height_at(x, y) for y in cells for x in cells)
        self.heights = [old + new for old, new in zip(self.heights, values, strict=True)]

    def add_noise(self, cells: int, height: float, seed: int) -> None:
        """Wrinkles without direction, `cells` of them across the picture."""
        noise = smooth_noise(cells, seed)
        self.heights = [old + height * new for old, new in zip(self.heights, noise, strict=True)]

    def add_fold(self, fold: Fold, drift: list[float]) -> None:
        (x0, y0), (x1, y1) = fold.start, fold.end
        reach = 2.4 * fold.width + abs(fold.bend)
        columns = _span(min(x0, x1) - reach, max(x0, x1) + reach)
        for row in _span(min(y0, y1) - reach, max(y0, y1) + reach):
            for column in columns:
                cell = row * GRID + column
                self.heights[cell] += _fold_height(fold, column, row, drift[cell])

    @cached_property
    def slopes(self) -> tuple[list[float], list[float]]:
        """How fast the finished cloth rises to the right and downwards, at each point of the net."""
        across = [self._rise(cell, 1, cell % GRID) for cell in range(GRID * GRID)]
        down = [self._rise(cell, GRID, cell // GRID) for cell in range(GRID * GRID)]
        return across, down

    def pulls(self) -> tuple[Image.Image, Image.Image]:
        """The slopes without their finest part, on the net: a print is stiffer than its cloth."""
        across, down = (
            net_image(slope).resize((GRID // 4,) * 2, Image.Resampling.BOX) for slope in self.slopes
        )
        net = GRID, GRID
        return across.resize(net, Image.Resampling.BICUBIC), down.resize(net, Image.Resampling.BICUBIC)

    def _rise(self, cell: int, step: int, place: int) -> float:
        before = cell - step if place else cell
        after = cell + step if place < GRID - 1 else cell
        return (self.heights[after] - self.heights[before]) * GRID / 2

    def light(self, gain: float, hollow: float) -> Image.Image:
        """Brightness change per point (0 = flat cloth), lit from the upper left, darker in hollows."""
        across, down = self.slopes
        around = _values(_blurred(self.heights))
        values = (
            _soft(gain * (dx * LIGHT[0] + dy * LIGHT[1]) + hollow * (height - mean))
            for dx, dy, height, mean in zip(across, down, self.heights, around, strict=True)
        )
        return net_image(values)


def net_image(values: Iterable[float]) -> Image.Image:
    picture = Image.new("F", (GRID, GRID))
    picture.putdata(list(values))
    return picture


def _values(picture: Image.Image) -> list[float]:
    return cast(list[float], list(picture.get_flattened_data()))


def smooth_noise(cells: int, seed: int) -> list[float]:
    """Smooth values between -1 and 1 over the net, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 -- a texture, not a secret
    coarse = Image.new("F", (cells, cells))
    coarse.putdata([dice.uniform(-1.0, 1.0) for _ in range(cells * cells)])
    return _values(coarse.resize((GRID, GRID), Image.Resampling.BICUBIC))


def _blurred(heights: list[float]) -> Image.Image:
    small = net_image(heights).resize((GRID // 9, GRID // 9), Image.Resampling.BOX)
    return small.resize((GRID, GRID), Image.Resampling.BICUBIC)


def _soft(value: float) -> float:
    return value / (1.0 + abs(value))


def _span(low: float, high: float) -> range:
    return range(max(0, int(low * GRID)), min(GRID, int(high * GRID) + 2))


def _fold_height(fold: Fold, column: int, row: int, drift: float) -> float:
    (x0, y0), (x1, y1) = fold.start, fold.end
    dx, dy = x1 - x0, y1 - y0
    x, y = column / (GRID - 1) - x0, row / (GRID - 1) - y0
    length = math.hypot(dx, dy)
    t = (x * dx + y * dy) / (length * length)
    if not 0.0 < t < 1.0:
        return 0.0
    side = (x * dy - y * dx) / length - fold.bend * 4.0 * t * (1.0 - t) + drift
    spread = side / (fold.width * (0.6 + 0.8 * t))
    if abs(spread) > 2.4:
        return 0.0
    spread *= spread * (fold.sharp if spread > 0 else 1.0 / fold.sharp)
    return fold.height * _taper(t, fold) * math.exp(-abs(spread))


def _taper(t: float, fold: Fold) -> float:
    start = min(1.0, t / fold.rise)
    return start * start * (3.0 - 2.0 * start) * math.pow(1.0 - t, fold.fall) * (1.0 + 0.2 * fold.fall)
