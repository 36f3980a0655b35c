"""How far apart two colours look, and where things end in a picture."""

import math

from PIL import Image

Pixel = tuple[int, int, int]
WHITE_POINT = (0.95047, 1.0, 1.08883)
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


def lab(pixel: Pixel) -> tuple[float, float, float]:
    linear = [_linear(level / 255) for level in pixel]
    x, y, z = (
        _root(sum(weight * level for weight, level in zip(row, linear, strict=True)) / white)
        for row, white in zip(TO_XYZ, WHITE_POINT, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(level: float) -> float:
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116


def delta_e(one: Pixel, other: Pixel) -> float:
    """CIE 1976 colour difference: about 2 can just be seen."""
    return math.dist(lab(one), lab(other))


def outline(mask: Image.Image) -> list[tuple[int, int, int]]:
    """(left edge, right edge, row) for every row that the thing covers."""
    edges = []
    for row in range(mask.height):
        box = mask.crop((0, row, mask.width, row + 1)).point(lambda value: 255 * (value > 127)).getbbox()
        if box:
            edges.append((box[0], box[2] - 1, row))
    return edges
