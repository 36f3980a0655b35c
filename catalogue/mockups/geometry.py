"""Outlines from Bezier curves, and smooth masks from outlines. Points are fractions of the picture."""

import math
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageDraw

Point = tuple[float, float]
SUPERSAMPLE = 3


def bezier(*control: Point, steps: int = 24) -> list[Point]:
    """Points along the curve of these control points, both ends included."""
    return [_at(control, step / steps) for step in range(steps + 1)]


def _at(control: Sequence[Point], t: float) -> Point:
    points = list(control)
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(points)]
    return points[0]


def mirror(points: Sequence[Point]) -> list[Point]:
    """The same points on the other side of the picture's middle, in reverse so that outlines go on."""
    return [(1.0 - x, y) for x, y in reversed(points)]


def wobble(points: Sequence[Point], amount: float) -> list[Point]:
    """Cloth is never cut from glass: shift points a little by their place, so shared edges still meet."""
    return [
        (
            x + amount * (math.sin(y * 23.0 + x * 5.0) + 0.5 * math.sin(y * 51.0 + 1.0)),
            y + amount * (math.sin(x * 19.0 + 2.0) + 0.5 * math.sin(x * 47.0 + y * 9.0)),
        )
        for x, y in points
    ]


def scaled(points: Sequence[Point], size: float) -> list[Point]:
    return [(x * size, y * size) for x, y in points]


def polygon_mask(size: int, points: Sequence[Point]) -> Image.Image:
    """White inside the outline, black outside, smooth at the edge."""
    big = Image.new("L", (size * SUPERSAMPLE,) * 2, 0)
    ImageDraw.Draw(big).polygon(scaled(points, size * SUPERSAMPLE), fill=255)
    return big.reduce(SUPERSAMPLE)


def offset(points: Sequence[Point], distance: float) -> list[Point]:
    """A parallel line `distance` to the right of the way the points run (picture coordinates, y down)."""
    shifted = []
    for index, (x, y) in enumerate(points):
        before, after = points[max(index - 1, 0)], points[min(index + 1, len(points) - 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1.0
        shifted.append((x - dy / length * distance, y + dx / length * distance))
    return shifted


def along(points: Sequence[Point], gap: float) -> list[tuple[Point, Point]]:
    """Points every `gap` along a line, each with the line's direction there."""
    marks: list[tuple[Point, Point]] = []
    carry = 0.0
    for (ax, ay), (bx, by) in pairwise(points):
        length = math.hypot(bx - ax, by - ay)
        while length and carry < length:
            direction = ((bx - ax) / length, (by - ay) / length)
            marks.append(((ax + direction[0] * carry, ay + direction[1] * carry), direction))
            carry += gap
        carry -= length
    return marks
