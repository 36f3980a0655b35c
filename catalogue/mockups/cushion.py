"""A cushion's front: full in the middle, pinched at the corners, with a piped edge in linen weave."""

import math
from functools import cache

from PIL import Image, ImageChops

from .blanks import CUSHION_ANGLE
from .geometry import Point, bezier, offset, polygon_mask, wobble
from .maps import (
    NEUTRAL,
    Detail,
    Maps,
    blurred,
    cast_shadow,
    grain,
    grey,
    plus,
    stood_shadow,
    turned_edge,
)
from .relief import Fold, Relief, smooth_noise
from .views import shown

WOBBLE = 0.0018
PIPING = 0.0150

CORNERS: tuple[Point, ...] = ((0.118, 0.112), (0.882, 0.106), (0.890, 0.880), (0.112, 0.886))
WAIST = 0.043
FOLDS = (
    # from the pinched corners towards the middle
    Fold((0.130, 0.124), (0.330, 0.270), 0.016, 0.0110, bend=0.010, rise=0.2, fall=1.5),
    Fold((0.135, 0.135), (0.250, 0.350), 0.015, 0.0090, bend=0.012, rise=0.2, fall=1.5),
    Fold((0.150, 0.125), (0.390, 0.190), 0.014, 0.0080, bend=-0.010, rise=0.2, fall=1.5),
    Fold((0.870, 0.120), (0.690, 0.290), 0.016, 0.0110, bend=-0.012, rise=0.2, fall=1.5),
    Fold((0.865, 0.130), (0.770, 0.360), 0.015, 0.0085, bend=-0.010, rise=0.2, fall=1.5),
    Fold((0.850, 0.120), (0.610, 0.190), 0.014, 0.0080, bend=0.012, rise=0.2, fall=1.5),
    Fold((0.878, 0.868), (0.680, 0.720), 0.017, 0.0120, bend=-0.012, rise=0.2, fall=1.5),
    Fold((0.872, 0.850), (0.775, 0.630), 0.015, 0.0090, bend=0.010, rise=0.2, fall=1.5),
    Fold((0.850, 0.868), (0.600, 0.795), 0.014, 0.0085, bend=-0.010, rise=0.2, fall=1.5),
    Fold((0.124, 0.874), (0.320, 0.700), 0.017, 0.0120, bend=0.012, rise=0.2, fall=1.5),
    Fold((0.130, 0.850), (0.235, 0.610), 0.015, 0.0090, bend=-0.012, rise=0.2, fall=1.5),
    Fold((0.150, 0.870), (0.410, 0.800), 0.014, 0.0085, bend=0.010, rise=0.2, fall=1.5),
    # across the fullness
    Fold((0.300, 0.330), (0.560, 0.300), 0.030, 0.0070, bend=0.020, rise=0.5, fall=0.6),
    Fold((0.420, 0.690), (0.720, 0.640), 0.032, 0.0080, bend=-0.020, rise=0.5, fall=0.6),
    Fold((0.330, 0.430), (0.400, 0.640), 0.030, 0.0070, bend=0.016, rise=0.5, fall=0.6),
    Fold((0.660, 0.380), (0.610, 0.560), 0.030, 0.0060, bend=0.016, rise=0.5, fall=0.6),
)
PUCKERS = 13


def maps(size: int) -> Maps:
    mask, shade, pulls = _front(size)
    return Maps(mask, shade, cast_shadow(mask, size, drop=0.034), pulls, lift=40)


def angle_maps(size: int) -> Maps:
    """The same cushion standing on a floor, its front turned aside: what is nearer is larger and lighter."""
    flat, shade, pulls = _front(size)
    front = shown(flat, CUSHION_ANGLE)
    mask = ImageChops.lighter(front, _behind(size))
    shade = plus(shown(plus(shade, grey(_roundness(), size)), CUSHION_ANGLE), _turned_light(size))
    back = blurred(front, size * 0.030).point([NEUTRAL + 14 - 80 * v // 255 for v in range(256)])
    shade = Image.composite(shade, plus(back, _linen(size)), front)
    shade = plus(_with_rim(shade, mask, size), grain(size, size / 420, size / 420, 0.05, seed=17))
    return Maps(mask, shade, stood_shadow(mask, size, _foot()), pulls, horizon=0.64)


def _foot() -> tuple[Point, Point]:
    """The line on which the standing cushion meets the floor."""
    near, far = CUSHION_ANGLE.seen(CORNERS[3]), CUSHION_ANGLE.seen(CORNERS[2])
    return near, far


def _front(size: int) -> tuple[Image.Image, Image.Image, tuple[Image.Image, Image.Image]]:
    """The front as drawn flat: its mask, its shade, its slopes."""
    outline = _outline()
    mask = polygon_mask(size, outline)
    shade = plus(grey(relief().light(0.55, 5.0), size), turned_edge(mask, size * 0.045, 16))
    return mask, plus(plus(shade, _piping(size, outline)), _linen(size)), relief().pulls()


def _behind(size: int) -> Image.Image:
    """The whole silhouette: the back's fullness shows beyond the nearer seam and a little above the upper one."""
    upper, far, foot, near = (
        [CUSHION_ANGLE.seen(point) for point in _side(start, end)]
        for start, end in zip(CORNERS, CORNERS[1:] + CORNERS[:1], strict=True)
    )
    edge = _swollen(upper, 0.0, -0.009) + far + foot + _swollen(near, -0.020, 0.0)
    return polygon_mask(size, wobble(edge, WOBBLE))


def _swollen(side: list[Point], across: float, down: float) -> list[Point]:
    """A side pushed out by so much in its middle and not at all at its corners."""
    bows = [math.sin(math.pi * place / (len(side) - 1)) ** 0.7 for place in range(len(side))]
    return [(x + across * bow, y + down * bow) for (x, y), bow in zip(side, bows, strict=True)]


def _with_rim(shade: Image.Image, mask: Image.Image, size: int) -> Image.Image:
    """The corded edge catches light all round, also on the far side, or light cloth would sink into the set."""
    edge = blurred(mask, size * 0.0060).point([round(226 * min(1.0, (255 - v) / 55)) for v in range(256)])
    return Image.composite(Image.new("L", (size, size), NEUTRAL + 28), shade, edge)


def _roundness() -> Image.Image:
    """From the side a cushion's fullness is what is seen first: light above and to the left, shade below."""
    cloth = Relief()
    cloth.add(lambda x, y: CUSHION_ANGLE.height((x, y)))
    return cloth.light(0.42, 0.0)


def _turned_light(size: int) -> Image.Image:
    """The front looks away from the light: its far side lies in half shadow."""
    light = Image.linear_gradient("L").rotate(90).point([NEUTRAL + 8 - 26 * v // 255 for v in range(256)])
    return light.resize((size, size), Image.Resampling.BICUBIC)


def _outline() -> list[Point]:
    points: list[Point] = []
    for corner, following in zip(CORNERS, CORNERS[1:] + CORNERS[:1], strict=True):
        side = _side(corner, following)
        points += bezier(points[-1], corner, side[0], steps=8) + side if points else side
    return wobble([*points, *bezier(points[-1], CORNERS[0], points[0], steps=8)], WOBBLE)


def _side(start: Point, end: Point) -> list[Point]:
    """From corner to corner, drawn in towards the middle as a filled cushion's sides are."""
    controls = [_drawn_in(start, end, part, WAIST) for part in (0.14, 0.34, 0.66, 0.86)]
    near, far = _drawn_in(start, end, 0.018, 0.0), _drawn_in(start, end, 0.982, 0.0)
    return bezier(near, *controls, far)


def _drawn_in(start: Point, end: Point, part: float, depth: float) -> Point:
    dx, dy = end[0] - start[0], end[1] - start[1]
    return start[0] + dx * part - dy * depth, start[1] + dy * part + dx * depth


@cache
def relief() -> Relief:
    cloth = Relief()
    cloth.add(_fullness)
    drift = [0.008 * value for value in smooth_noise(11, 41)]
    for fold in [*FOLDS, *_puckers()]:
        cloth.add_fold(fold, drift)
    cloth.add_noise(7, 0.0060, 42)
    cloth.add_noise(20, 0.0012, 43)
    return cloth


def _fullness(x: float, y: float) -> float:
    across, down = max(0.0, 1.0 - ((x - 0.5) / 0.375) ** 2), max(0.0, 1.0 - ((y - 0.496) / 0.375) ** 2)
    return 0.125 * math.pow(across * down, 0.55)


def _puckers() -> list[Fold]:
    """Small gathers where the panel meets the seam."""
    folds = []
    for index in range(PUCKERS):
        place = 0.24 + 0.52 * index / (PUCKERS - 1) + 0.012 * ((index * 7) % 5 - 2)
        reach = 0.045 + 0.014 * ((index * 5) % 4)
        folds += [
            Fold((place, 0.150), (place + 0.006, 0.150 + reach), 0.008, 0.0034, rise=0.15),
            Fold((place - 0.01, 0.846), (place - 0.016, 0.846 - reach), 0.008, 0.0034, rise=0.15),
            Fold((0.152, place), (0.152 + reach, place - 0.005), 0.008, 0.0034, rise=0.15),
            Fold((0.848, place - 0.01), (0.848 - reach, place), 0.008, 0.0034, rise=0.15),
        ]
    return folds


def _piping(size: int, outline: list[Point]) -> Image.Image:
    """A cord round the edge: lit on top, dark where it is sewn in."""
    closed = [*outline, outline[0]]
    detail = Detail(size)
    detail.line(offset(closed, PIPING * 1.15), PIPING * 0.42, -22)
    detail.line(offset(closed, PIPING * 0.50), PIPING * 0.90, -4)
    detail.line(offset(closed, PIPING * 0.42), PIPING * 0.34, 24)
    detail.ribs(offset(closed, PIPING * 0.10), PIPING * 0.85, 0.0065, -9)
    return detail.finished(size / 900)


def _linen(size: int) -> Image.Image:
    unit = size / 1200
    warp = grain(size, 1.6 * unit, 26 * unit, 0.050, seed=15)
    weft = grain(size, 26 * unit, 1.6 * unit, 0.050, seed=16)
    return plus(warp, weft)
