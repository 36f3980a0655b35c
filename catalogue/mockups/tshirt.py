"""A T-shirt's front, worn by nobody: outline, sleeves, neck rib, seams and folds."""

from PIL import Image, ImageChops

from .geometry import Point, bezier, mirror, offset, polygon_mask, wobble
from .maps import Detail, Maps, blurred, cast_shadow, grain, grey, plus, turned_edge
from .relief import Fold, Relief, smooth_noise

WOBBLE = 0.0011
RIB = 0.0235
HEM = 0.020

BACK_NECK = bezier((0.5, 0.171), (0.545, 0.170), (0.575, 0.163), (0.594, 0.148))
FRONT_NECK = bezier((0.594, 0.148), (0.588, 0.208), (0.548, 0.236), (0.5, 0.236))
SHOULDER = bezier((0.594, 0.148), (0.645, 0.166), (0.695, 0.176), (0.738, 0.199))
SLEEVE_TOP = bezier((0.738, 0.199), (0.806, 0.236), (0.860, 0.330), (0.897, 0.412))
SLEEVE_HEM = bezier((0.897, 0.412), (0.866, 0.444), (0.826, 0.466), (0.782, 0.476))
UNDERARM = bezier((0.782, 0.476), (0.770, 0.450), (0.756, 0.424), (0.738, 0.402))
SIDE = bezier((0.738, 0.402), (0.736, 0.53), (0.733, 0.71), (0.748, 0.868))
HEM_LINE = bezier((0.748, 0.868), (0.66, 0.884), (0.58, 0.886), (0.5, 0.886))
ARMHOLE = bezier((0.738, 0.199), (0.700, 0.255), (0.697, 0.335), (0.738, 0.402))

FOLDS = [
    # from the armpits
    Fold((0.735, 0.400), (0.600, 0.330), 0.017, 0.0085, bend=0.012, fall=1.3),
    Fold((0.740, 0.412), (0.575, 0.455), 0.018, 0.0100, bend=-0.020, fall=1.2),
    Fold((0.738, 0.425), (0.625, 0.590), 0.019, 0.0090, bend=-0.014, fall=1.1),
    Fold((0.265, 0.400), (0.390, 0.318), 0.017, 0.0090, bend=-0.014, fall=1.3),
    Fold((0.260, 0.412), (0.440, 0.470), 0.019, 0.0105, bend=0.022, fall=1.2),
    Fold((0.262, 0.428), (0.350, 0.615), 0.018, 0.0085, bend=0.016, fall=1.1),
    # from the shoulders
    Fold((0.700, 0.205), (0.585, 0.330), 0.022, 0.0060, bend=-0.010, fall=1.0),
    Fold((0.300, 0.205), (0.420, 0.345), 0.024, 0.0060, bend=0.012, fall=1.0),
    # drape to the hem
    Fold((0.330, 0.530), (0.312, 0.900), 0.026, 0.0085, bend=0.010, rise=0.6, fall=0.15),
    Fold((0.425, 0.600), (0.410, 0.900), 0.032, 0.0075, bend=-0.012, rise=0.7, fall=0.12),
    Fold((0.545, 0.560), (0.570, 0.900), 0.030, 0.0090, bend=0.012, rise=0.7, fall=0.12),
    Fold((0.655, 0.500), (0.672, 0.900), 0.026, 0.0085, bend=-0.012, rise=0.6, fall=0.15),
    # where the waist turns
    Fold((0.742, 0.640), (0.560, 0.700), 0.016, 0.0065, bend=-0.016, fall=1.4),
    Fold((0.742, 0.715), (0.600, 0.800), 0.017, 0.0060, bend=-0.012, fall=1.3),
    Fold((0.258, 0.620), (0.430, 0.690), 0.016, 0.0065, bend=0.014, fall=1.4),
    Fold((0.256, 0.705), (0.390, 0.785), 0.017, 0.0060, bend=0.012, fall=1.3),
]
SLEEVE_FOLDS = [
    Fold((0.745, 0.405), (0.800, 0.270), 0.016, 0.0090, bend=0.010, fall=0.9),
    Fold((0.755, 0.420), (0.860, 0.345), 0.015, 0.0090, bend=0.012, fall=0.8),
    Fold((0.735, 0.215), (0.830, 0.430), 0.026, 0.0080, bend=0.010, rise=0.3, fall=0.3),
    Fold((0.255, 0.405), (0.200, 0.280), 0.016, 0.0085, bend=-0.010, fall=0.9),
    Fold((0.245, 0.420), (0.145, 0.350), 0.015, 0.0090, bend=-0.012, fall=0.8),
    Fold((0.265, 0.215), (0.170, 0.425), 0.026, 0.0080, bend=-0.010, rise=0.3, fall=0.3),
]


def maps(size: int) -> Maps:
    mask = polygon_mask(size, _outline())
    body = _relief(FOLDS, seed=11, belly=0.030)
    shade = grey(body.light(1.05, 9.0), size)
    shade = _with_sleeves(shade, size)
    shade = plus(shade, turned_edge(mask, size * 0.028, 30))
    shade = _with_neck(shade, size)
    shade = plus(shade, _seams(size))
    shade = plus(shade, _jersey(size))
    return Maps(mask, shade, cast_shadow(mask, size, drop=0.020), body.slopes())


def _both_sides(right: list[Point]) -> list[Point]:
    return wobble(right, WOBBLE), wobble(mirror(right), WOBBLE)  # type: ignore[return-value]


def _outline() -> list[Point]:
    right = BACK_NECK + SHOULDER + SLEEVE_TOP + SLEEVE_HEM + UNDERARM + SIDE + HEM_LINE
    return wobble(right + mirror(right), WOBBLE)


def _relief(folds: list[Fold], seed: int, belly: float) -> Relief:
    relief = Relief()
    relief.add(lambda x, y: belly * (1.0 - ((x - 0.5) / 0.27) ** 4) if 0.2 < x < 0.8 else 0.0)
    drift = [0.010 * value for value in smooth_noise(9, seed)]
    for fold in folds:
        relief.add_fold(fold, drift)
    relief.add_noise(9, 0.0028, seed + 1)
    relief.add_noise(22, 0.0010, seed + 2)
    return relief


def _with_sleeves(shade: Image.Image, size: int) -> Image.Image:
    relief = _relief(SLEEVE_FOLDS, seed=29, belly=0.0)
    sleeve = SLEEVE_TOP + SLEEVE_HEM + UNDERARM + ARMHOLE[::-1]
    mask = ImageChops.lighter(
        polygon_mask(size, wobble(sleeve, WOBBLE)), polygon_mask(size, wobble(mirror(sleeve), WOBBLE))
    )
    lit = plus(grey(relief.light(1.0, 8.0), size), turned_edge(mask, size * 0.020, 34))
    return Image.composite(lit, shade, mask)


def _neck_hole() -> list[Point]:
    right = BACK_NECK + FRONT_NECK
    return wobble(right + mirror(right), WOBBLE)


def _front_neck() -> list[Point]:
    return wobble(mirror(FRONT_NECK)[::-1][::-1], WOBBLE)


def _with_neck(shade: Image.Image, size: int) -> Image.Image:
    hole = polygon_mask(size, _neck_hole())
    inside = Detail(size)
    inside.area([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], -46)
    deep = plus(inside.finished(), turned_edge(hole, size * 0.018, 34))
    return Image.composite(deep, shade, hole)


def _seams(size: int) -> Image.Image:
    detail = Detail(size)
    return detail.finished()


def _jersey(size: int) -> Image.Image:
    unit = size / 1200
    knit = grain(size, 1.6 * unit, 4.0 * unit, 0.055, seed=5)
    return plus(knit, grain(size, 9 * unit, 14 * unit, 0.03, seed=6))
