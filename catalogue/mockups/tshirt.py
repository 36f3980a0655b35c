"""A T-shirt's front, worn by nobody: outline, sleeves, neck rib, seams and folds."""

from functools import lru_cache

from PIL import Image, ImageChops

from .geometry import Point, bezier, mirror, offset, polygon_mask, wobble
from .maps import Detail, Maps, cast_shadow, grain, grey, plus, turned_edge
from .relief import Fold, Relief, smooth_noise

WOBBLE = 0.0011
RIB = 0.0225
HEM = 0.019

# The right half; the left is its mirror image, and `wobble` makes the two differ a little.
BACK_NECK = bezier((0.500, 0.130), (0.545, 0.130), (0.580, 0.124), (0.594, 0.112))
NECK_TIP = bezier((0.594, 0.112), (0.599, 0.107), (0.605, 0.108), (0.612, 0.111))
FRONT_NECK = bezier((0.594, 0.112), (0.594, 0.172), (0.556, 0.202), (0.500, 0.202))
SHOULDER = bezier((0.612, 0.111), (0.658, 0.129), (0.704, 0.145), (0.749, 0.166))
SLEEVE_TOP = bezier((0.749, 0.166), (0.799, 0.188), (0.859, 0.275), (0.921, 0.402))
SLEEVE_HEM = bezier((0.921, 0.402), (0.889, 0.430), (0.846, 0.449), (0.797, 0.460))
UNDERARM = bezier((0.797, 0.460), (0.785, 0.432), (0.769, 0.404), (0.756, 0.378))
SIDE = bezier((0.756, 0.378), (0.752, 0.523), (0.746, 0.716), (0.760, 0.890))
HEM_LINE = bezier((0.760, 0.890), (0.672, 0.905), (0.586, 0.908), (0.500, 0.908))
ARMHOLE = bezier((0.749, 0.166), (0.717, 0.227), (0.715, 0.313), (0.756, 0.378))

FOLDS = (
    # from the armpits across the chest
    Fold((0.749, 0.374), (0.586, 0.302), 0.014, 0.0070, bend=0.010, fall=1.5),
    Fold((0.756, 0.385), (0.543, 0.410), 0.013, 0.0080, bend=-0.018, fall=1.5),
    Fold((0.756, 0.396), (0.570, 0.512), 0.016, 0.0090, bend=-0.020, fall=1.3),
    Fold((0.754, 0.415), (0.650, 0.641), 0.017, 0.0080, bend=-0.014, fall=1.2),
    Fold((0.251, 0.374), (0.409, 0.288), 0.014, 0.0075, bend=-0.012, fall=1.5),
    Fold((0.244, 0.385), (0.452, 0.426), 0.014, 0.0085, bend=0.018, fall=1.5),
    Fold((0.244, 0.399), (0.419, 0.539), 0.016, 0.0085, bend=0.020, fall=1.3),
    Fold((0.246, 0.417), (0.333, 0.652), 0.017, 0.0080, bend=0.014, fall=1.2),
    # from the shoulders, where it hangs
    Fold((0.704, 0.162), (0.565, 0.361), 0.022, 0.0048, bend=-0.014, rise=0.4, fall=0.8),
    Fold((0.296, 0.162), (0.425, 0.372), 0.024, 0.0048, bend=0.016, rise=0.4, fall=0.8),
    Fold((0.642, 0.141), (0.565, 0.265), 0.014, 0.0030, bend=-0.010, rise=0.4, fall=0.8),
    Fold((0.358, 0.141), (0.446, 0.275), 0.015, 0.0030, bend=0.010, rise=0.4, fall=0.8),
    # drape down to the hem
    Fold((0.304, 0.458), (0.285, 0.953), 0.022, 0.0110, bend=0.014, rise=0.7, fall=0.12),
    Fold((0.403, 0.555), (0.376, 0.953), 0.026, 0.0095, bend=-0.012, rise=0.8, fall=0.10),
    Fold((0.489, 0.641), (0.476, 0.953), 0.024, 0.0060, bend=0.010, rise=0.9, fall=0.10),
    Fold((0.565, 0.533), (0.591, 0.953), 0.027, 0.0110, bend=0.014, rise=0.8, fall=0.10),
    Fold((0.674, 0.458), (0.696, 0.953), 0.023, 0.0110, bend=-0.014, rise=0.7, fall=0.12),
    # where the waist turns
    Fold((0.758, 0.609), (0.565, 0.695), 0.013, 0.0060, bend=-0.018, fall=1.6),
    Fold((0.760, 0.695), (0.597, 0.813), 0.014, 0.0060, bend=-0.016, fall=1.5),
    Fold((0.758, 0.786), (0.672, 0.861), 0.012, 0.0040, bend=-0.008, fall=1.4),
    Fold((0.242, 0.587), (0.435, 0.684), 0.013, 0.0060, bend=0.018, fall=1.6),
    Fold((0.240, 0.684), (0.393, 0.781), 0.014, 0.0060, bend=0.014, fall=1.5),
)
SLEEVE_FOLDS = (
    Fold((0.760, 0.381), (0.790, 0.222), 0.014, 0.0085, bend=0.012, fall=1.0),
    Fold((0.767, 0.391), (0.849, 0.286), 0.013, 0.0085, bend=0.012, fall=1.0),
    Fold((0.774, 0.406), (0.896, 0.377), 0.012, 0.0070, bend=0.010, fall=0.9),
    Fold((0.763, 0.195), (0.871, 0.426), 0.022, 0.0080, bend=0.006, rise=0.4, fall=0.25),
    Fold((0.240, 0.381), (0.212, 0.227), 0.014, 0.0085, bend=-0.012, fall=1.0),
    Fold((0.231, 0.394), (0.154, 0.288), 0.013, 0.0085, bend=-0.012, fall=1.0),
    Fold((0.225, 0.409), (0.108, 0.381), 0.012, 0.0070, bend=-0.010, fall=0.9),
    Fold((0.233, 0.195), (0.135, 0.426), 0.022, 0.0080, bend=-0.006, rise=0.4, fall=0.25),
)


def maps(size: int) -> Maps:
    mask = polygon_mask(size, OUTLINE)
    relief = body_relief(FOLDS, seed=11)
    shade = with_neck(body_shade(relief, SLEEVE_FOLDS, size), _back_neck(), _front_neck(), RIB, size)
    shade = plus(shade, _seams(size))
    return Maps(mask, plus(shade, jersey(size)), cast_shadow(mask, size, drop=0.020), relief.pulls(), lift=40)


def both_sides(right: list[Point]) -> list[Point]:
    """A closed outline from its right half."""
    return wobble(right + mirror(right), WOBBLE)


OUTLINE = both_sides(BACK_NECK + NECK_TIP + SHOULDER + SLEEVE_TOP + SLEEVE_HEM + UNDERARM + SIDE + HEM_LINE)
BODY = both_sides(BACK_NECK + NECK_TIP + SHOULDER + ARMHOLE + SIDE + HEM_LINE)


@lru_cache(maxsize=8)
def body_relief(folds: tuple[Fold, ...], seed: int) -> Relief:
    relief = Relief()
    relief.add(lambda x, y: 0.030 * (1.0 - ((x - 0.5) / 0.28) ** 2) - 0.035 * (y - 0.4) ** 2)
    drift = [0.007 * value for value in smooth_noise(11, seed)]
    for fold in folds:
        relief.add_fold(fold, drift)
    relief.add_noise(8, 0.0045, seed + 1)
    relief.add_noise(19, 0.0011, seed + 2)
    return relief


def body_shade(relief: Relief, sleeve_folds: tuple[Fold, ...], size: int) -> Image.Image:
    """Light on body and sleeves, before seams and cloth."""
    edge = turned_edge(polygon_mask(size, BODY), size * 0.034, 24)
    shade = plus(grey(relief.light(0.98, 9.0), size), edge)
    sleeve = SLEEVE_TOP + SLEEVE_HEM + UNDERARM + ARMHOLE[::-1]
    sides = [polygon_mask(size, wobble(side, WOBBLE)) for side in (sleeve, mirror(sleeve))]
    mask = ImageChops.lighter(*sides)
    light = body_relief(sleeve_folds, seed=29).light(0.75, 7.0)
    return Image.composite(plus(grey(light, size), turned_edge(mask, size * 0.018, 20)), shade, mask)


def _back_neck() -> list[Point]:
    return wobble(mirror(BACK_NECK) + BACK_NECK[1:], WOBBLE)


def _front_neck() -> list[Point]:
    return wobble(FRONT_NECK + mirror(FRONT_NECK)[1:], WOBBLE)


def with_neck(
    shade: Image.Image, back: list[Point], front: list[Point], rib: float, size: int
) -> Image.Image:
    """The inside of the back, seen through the neck: in shadow, with its rib and neck tape."""
    hole = polygon_mask(size, back + front)
    inside = Detail(size)
    inside.area([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], -44)
    inside.area(back + offset(back, rib)[::-1], -26)
    inside.ribs(back, rib, rib * 0.187, -38)
    inside.line(offset(back, rib), 0.0030, -64)
    inside.line(offset(back, rib * 1.4), 0.0016, -58)
    deep = plus(inside.finished(size / 1500), turned_edge(hole, size * 0.016, 30))
    return Image.composite(deep, shade, hole)


def _seams(size: int) -> Image.Image:
    detail = Detail(size)
    collar(detail, _front_neck(), RIB)
    edge_seams(detail)
    return detail.finished(size / 2400)


def edge_seams(detail: Detail) -> None:
    """Armholes and hems, the same in front and back."""
    for side in (ARMHOLE, mirror(ARMHOLE)[::-1]):
        detail.seam(wobble(side, WOBBLE), 34)
    for edge in (HEM_LINE + mirror(HEM_LINE)[1:], SLEEVE_HEM, mirror(SLEEVE_HEM)):
        _hem(detail, wobble(edge, WOBBLE))


def collar(detail: Detail, inner: list[Point], rib: float) -> None:
    """The neck's knitted band, `rib` wide outside its inner edge, and the seam that holds it."""
    detail.area(inner + offset(inner, -rib)[::-1], 3)
    detail.line(offset(inner, -rib * 0.45), rib * 0.45, 12)
    detail.ribs(inner, -rib, rib * 0.187, -7)
    detail.line(inner, 0.0030, -12)
    detail.seam(offset(inner, -rib), 34)
    detail.stitches(offset(inner, -rib * 1.27), rib * 0.22, 0.0014, -20)


def _hem(detail: Detail, edge: list[Point]) -> None:
    """A turned-up hem: a soft ridge held by two rows of stitches."""
    detail.line(offset(edge, HEM * 0.5), HEM * 0.7, 5)
    detail.line(offset(edge, HEM), 0.0050, -9)
    detail.stitches(offset(edge, HEM), 0.0050, 0.0014, -26)
    detail.stitches(offset(edge, HEM - 0.0055), 0.0050, 0.0014, -26)


def jersey(size: int, scale: float = 1.0) -> Image.Image:
    """The knit, `scale` times as large as on the whole shirt."""
    unit = size / 1200 * scale
    knit = grain(size, 1.3 * unit, 2.6 * unit, 0.040, seed=5)
    return plus(knit, grain(size, 26 * unit, 40 * unit, 0.010, seed=6))
