"""A T-shirt folded for the shelf, from near: sleeves and sides tucked behind, the hem folded under."""

from functools import cache

from PIL import Image, ImageChops

from .blanks import BLANKS
from .geometry import Point, bezier, mirror, polygon_mask, wobble
from .maps import NEUTRAL, Detail, Maps, blurred, cast_shadow, grey, plus, turned_edge
from .relief import Fold, Relief, smooth_noise
from .tshirt import collar, jersey, with_neck
from .views import shown

#: How much larger than on the whole shirt everything is.
SCALE = 1.455
RIB = 0.0225 * SCALE
WOBBLE = 0.0016

#: How far the layers under the front look out below it, the upper one first.
LAYERS = (0.0140, 0.0270)

BACK_NECK = bezier((0.500, 0.091), (0.566, 0.091), (0.616, 0.082), (0.637, 0.065))
NECK_TIP = bezier((0.637, 0.065), (0.644, 0.058), (0.653, 0.059), (0.663, 0.064))
FRONT_NECK = bezier((0.637, 0.065), (0.637, 0.152), (0.582, 0.196), (0.500, 0.196))
SHOULDER = bezier((0.663, 0.064), (0.710, 0.082), (0.748, 0.096), (0.772, 0.106))
TURN = bezier((0.772, 0.106), (0.792, 0.115), (0.800, 0.125), (0.801, 0.152))
SIDE = bezier((0.801, 0.152), (0.806, 0.400), (0.797, 0.690), (0.803, 0.915))
CORNER = bezier((0.803, 0.915), (0.804, 0.938), (0.795, 0.950), (0.772, 0.951))
FOLD_LINE = bezier((0.772, 0.951), (0.680, 0.956), (0.590, 0.957), (0.500, 0.956))

FOLDS = (
    # from the collar
    Fold((0.645, 0.110), (0.770, 0.300), 0.020, 0.0062, bend=-0.018, rise=0.3, fall=1.1),
    Fold((0.355, 0.110), (0.226, 0.316), 0.022, 0.0066, bend=0.018, rise=0.3, fall=1.1),
    Fold((0.560, 0.240), (0.600, 0.420), 0.026, 0.0042, bend=0.014, rise=0.5, fall=0.9),
    # where the sides are tucked in
    Fold((0.806, 0.210), (0.640, 0.300), 0.018, 0.0075, bend=-0.014, fall=1.5),
    Fold((0.806, 0.430), (0.610, 0.470), 0.020, 0.0080, bend=0.020, fall=1.4),
    Fold((0.806, 0.660), (0.650, 0.740), 0.018, 0.0070, bend=-0.014, fall=1.5),
    Fold((0.194, 0.250), (0.350, 0.350), 0.018, 0.0078, bend=0.016, fall=1.5),
    Fold((0.194, 0.520), (0.400, 0.560), 0.021, 0.0080, bend=-0.020, fall=1.4),
    Fold((0.194, 0.760), (0.360, 0.850), 0.018, 0.0070, bend=0.014, fall=1.5),
    # across the front, from lying
    Fold((0.300, 0.420), (0.560, 0.640), 0.034, 0.0062, bend=0.030, rise=0.5, fall=0.7),
    Fold((0.700, 0.540), (0.470, 0.790), 0.034, 0.0062, bend=-0.030, rise=0.5, fall=0.7),
    # over the lower edge
    Fold((0.300, 0.975), (0.318, 0.800), 0.016, 0.0052, bend=0.006, fall=1.4),
    Fold((0.455, 0.975), (0.440, 0.835), 0.014, 0.0044, bend=-0.006, fall=1.4),
    Fold((0.610, 0.975), (0.632, 0.810), 0.017, 0.0052, bend=0.006, fall=1.4),
    Fold((0.730, 0.975), (0.722, 0.850), 0.013, 0.0040, bend=-0.004, fall=1.4),
)


def maps(size: int) -> Maps:
    flat = polygon_mask(size, _outline())
    shade = plus(grey(relief().light(0.90, 8.0), size), turned_edge(flat, size * 0.050, 22))
    shade = plus(with_neck(shade, _back_neck(), _front_neck(), RIB, size), _seams(size))
    view = BLANKS["tshirt-folded"].view
    mask, shade = _with_layers(flat, shade, size)
    mask, shade = shown(mask, view), plus(shown(shade, view), jersey(size, SCALE))
    return Maps(mask, shade, cast_shadow(mask, size, drop=0.026), relief().pulls(), lift=54)


def _with_layers(top: Image.Image, shade: Image.Image, size: int) -> tuple[Image.Image, Image.Image]:
    """What was folded under looks out below: each layer in the shadow of the one on it."""
    mask = top
    for down in LAYERS:
        layer = ImageChops.offset(top, 0, round(down * size))
        shadow = blurred(mask, size * 0.0035).point([NEUTRAL + 2 - 96 * v // 255 for v in range(256)])
        shade = Image.composite(shade, plus(shadow, turned_edge(layer, size * 0.006, 18)), mask)
        mask = ImageChops.lighter(mask, layer)
    return mask, shade


def _outline() -> list[Point]:
    right = BACK_NECK + NECK_TIP + SHOULDER + TURN + SIDE + CORNER + FOLD_LINE
    return wobble(right + mirror(right), WOBBLE)


@cache
def relief() -> Relief:
    cloth = Relief()
    cloth.add(lambda x, y: 0.034 * (1.0 - ((x - 0.5) / 0.32) ** 4) - 0.030 * (y - 0.5) ** 2)
    drift = [0.009 * value for value in smooth_noise(9, 71)]
    for fold in FOLDS:
        cloth.add_fold(fold, drift)
    cloth.add_noise(6, 0.0060, 72)
    cloth.add_noise(15, 0.0014, 73)
    return cloth


def _back_neck() -> list[Point]:
    return wobble(mirror(BACK_NECK) + BACK_NECK[1:], WOBBLE)


def _front_neck() -> list[Point]:
    return wobble(FRONT_NECK + mirror(FRONT_NECK)[1:], WOBBLE)


def _seams(size: int) -> Image.Image:
    detail = Detail(size)
    collar(detail, _front_neck(), RIB)
    return detail.finished(size / 2000)
