"""A T-shirt's back: the front's cut with a high collar, other folds and no opening."""

from PIL import Image

from .geometry import Point, bezier, mirror, polygon_mask, wobble
from .maps import Detail, Maps, cast_shadow, plus
from .relief import Fold
from .tshirt import (
    BACK_NECK,
    OUTLINE,
    RIB,
    WOBBLE,
    body_relief,
    body_shade,
    collar,
    edge_seams,
    jersey,
)

# The band's lower edge is drawn by `collar`; the shoulder's seam lies on the front, so none is seen.
NECK = mirror(BACK_NECK)[:-1] + BACK_NECK
YOKE = bezier((0.300, 0.196), (0.420, 0.214), (0.580, 0.214), (0.700, 0.196))

FOLDS = (
    # between the shoulder blades
    Fold((0.690, 0.158), (0.560, 0.330), 0.024, 0.0058, bend=-0.016, rise=0.4, fall=0.8),
    Fold((0.310, 0.158), (0.436, 0.340), 0.026, 0.0058, bend=0.018, rise=0.4, fall=0.8),
    Fold((0.440, 0.180), (0.470, 0.420), 0.026, 0.0040, bend=0.012, rise=0.5, fall=0.9),
    Fold((0.560, 0.180), (0.540, 0.390), 0.026, 0.0036, bend=-0.010, rise=0.5, fall=0.9),
    # from the armpits down to the small of the back
    Fold((0.751, 0.376), (0.600, 0.330), 0.014, 0.0066, bend=0.008, fall=1.5),
    Fold((0.756, 0.390), (0.560, 0.450), 0.014, 0.0084, bend=-0.020, fall=1.4),
    Fold((0.755, 0.408), (0.600, 0.560), 0.017, 0.0090, bend=-0.020, fall=1.3),
    Fold((0.249, 0.376), (0.396, 0.320), 0.014, 0.0070, bend=-0.010, fall=1.5),
    Fold((0.244, 0.388), (0.430, 0.458), 0.014, 0.0090, bend=0.020, fall=1.4),
    Fold((0.245, 0.408), (0.398, 0.580), 0.017, 0.0084, bend=0.022, fall=1.3),
    # drape down to the hem
    Fold((0.318, 0.480), (0.300, 0.953), 0.024, 0.0105, bend=0.016, rise=0.7, fall=0.12),
    Fold((0.428, 0.560), (0.410, 0.953), 0.026, 0.0080, bend=-0.012, rise=0.8, fall=0.10),
    Fold((0.540, 0.520), (0.556, 0.953), 0.027, 0.0105, bend=0.014, rise=0.8, fall=0.10),
    Fold((0.655, 0.470), (0.676, 0.953), 0.024, 0.0100, bend=-0.014, rise=0.7, fall=0.12),
    # where the waist turns
    Fold((0.758, 0.640), (0.590, 0.720), 0.013, 0.0056, bend=-0.016, fall=1.6),
    Fold((0.760, 0.730), (0.620, 0.830), 0.014, 0.0056, bend=-0.014, fall=1.5),
    Fold((0.242, 0.620), (0.410, 0.712), 0.013, 0.0060, bend=0.018, fall=1.6),
    Fold((0.240, 0.720), (0.372, 0.820), 0.014, 0.0056, bend=0.014, fall=1.5),
)
SLEEVE_FOLDS = (
    Fold((0.762, 0.383), (0.800, 0.236), 0.014, 0.0080, bend=0.012, fall=1.0),
    Fold((0.770, 0.396), (0.862, 0.308), 0.013, 0.0080, bend=0.010, fall=1.0),
    Fold((0.768, 0.200), (0.862, 0.430), 0.022, 0.0076, bend=0.008, rise=0.4, fall=0.25),
    Fold((0.238, 0.383), (0.204, 0.240), 0.014, 0.0080, bend=-0.012, fall=1.0),
    Fold((0.230, 0.398), (0.142, 0.304), 0.013, 0.0080, bend=-0.010, fall=1.0),
    Fold((0.230, 0.200), (0.142, 0.430), 0.022, 0.0076, bend=-0.008, rise=0.4, fall=0.25),
)


def maps(size: int) -> Maps:
    mask = polygon_mask(size, OUTLINE)
    relief = body_relief(FOLDS, seed=51)
    shade = plus(body_shade(relief, SLEEVE_FOLDS, size), _seams(size))
    shade = plus(shade, jersey(size))
    return Maps(mask, shade, cast_shadow(mask, size, drop=0.020), relief.pulls(), lift=40)


def _seams(size: int) -> Image.Image:
    detail = Detail(size)
    collar(detail, _neck(), RIB)
    edge_seams(detail)
    return detail.finished(size / 2400)


def _neck() -> list[Point]:
    return wobble(NECK[::-1], WOBBLE)
