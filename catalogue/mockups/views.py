"""From where a blank is seen: straight, turned a little, or standing at an angle.

A blank is drawn flat; its view says where each point of the flat drawing is in the picture, and back.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from PIL import Image

from .geometry import Point

CELLS = 48
MIDDLE = 0.5
Box = tuple[int, int, int, int]
Source = Callable[[float, float], Point]


class View(Protocol):
    """Both ways between the flat drawing and the picture; points are fractions of either."""

    def seen(self, point: Point) -> Point:
        """Where the picture shows this point of the flat drawing."""

    def flat(self, point: Point) -> Point:
        """Which point of the flat drawing the picture shows here."""


@dataclass(frozen=True)
class Straight:
    """From right above: the picture is the drawing."""

    def seen(self, point: Point) -> Point:
        return point

    def flat(self, point: Point) -> Point:
        return point


@dataclass(frozen=True)
class Turned:
    """Lying turned by `degrees` (clockwise) about the picture's middle, `zoom` times as large."""

    degrees: float
    zoom: float = 1.0

    def seen(self, point: Point) -> Point:
        return _rotated(point, math.radians(self.degrees), self.zoom)

    def flat(self, point: Point) -> Point:
        return _rotated(point, -math.radians(self.degrees), 1.0 / self.zoom)


@dataclass(frozen=True)
class Standing:
    """A full cushion standing on a floor, its front turned aside by `yaw` and tipped back by `tilt` degrees.

    `distance` of the eye and `bulge` in the middle are in picture widths; `zoom` and `place` frame it.
    """

    yaw: float
    tilt: float
    distance: float
    bulge: float
    zoom: float = 1.0
    place: Point = (0.0, 0.0)

    def seen(self, point: Point) -> Point:
        x, y = point[0] - MIDDLE, point[1] - MIDDLE
        across, down, near = self._turned(x, y, self.height(point))
        scale = self.zoom * self.distance / (self.distance - near)
        return MIDDLE + self.place[0] + across * scale, MIDDLE + self.place[1] + down * scale

    def flat(self, point: Point) -> Point:
        """By steps: the plane at the height found last, then that place's height; ten are plenty."""
        height, place = self.bulge / 2, point
        for _ in range(10):
            place = self._on_plane(point, height)
            height = self.height(place)
        return place

    def height(self, point: Point) -> float:
        """How far the front stands out of the seam's plane; gently sloped, so that all of it is seen."""
        across = max(0.0, 1.0 - ((point[0] - MIDDLE) / 0.40) ** 2)
        down = max(0.0, 1.0 - ((point[1] - MIDDLE) / 0.40) ** 2)
        return self.bulge * across * down

    def _turned(self, x: float, y: float, z: float) -> tuple[float, float, float]:
        yaw, tilt = math.radians(self.yaw), math.radians(self.tilt)
        across, near = x * math.cos(yaw) + z * math.sin(yaw), z * math.cos(yaw) - x * math.sin(yaw)
        return across, y * math.cos(tilt) + near * math.sin(tilt), near * math.cos(tilt) - y * math.sin(tilt)

    def _on_plane(self, point: Point, height: float) -> Point:
        """Where the sight line through a picture point meets the plane `height` before the seam's."""
        ex, ey = point[0] - MIDDLE - self.place[0], point[1] - MIDDLE - self.place[1]
        right, below, base = self._turned(1, 0, 0), self._turned(0, 1, 0), self._turned(0, 0, height)
        a, b, p = (self._misses(ex, direction, 0) for direction in (right, below, base))
        c, d, q = (self._misses(ey, direction, 1) for direction in (right, below, base))
        p, q = ex * self.distance - p, ey * self.distance - q
        whole = a * d - b * c
        return MIDDLE + (p * d - b * q) / whole, MIDDLE + (a * q - p * c) / whole

    def _misses(self, eye: float, direction: tuple[float, float, float], axis: int) -> float:
        return direction[axis] * self.zoom * self.distance + eye * direction[2]


STRAIGHT = Straight()


def _rotated(point: Point, angle: float, zoom: float) -> Point:
    x, y = (point[0] - MIDDLE) * zoom, (point[1] - MIDDLE) * zoom
    cos, sin = math.cos(angle), math.sin(angle)
    return MIDDLE + x * cos - y * sin, MIDDLE + x * sin + y * cos


def shown(flat: Image.Image, view: View) -> Image.Image:
    """A flat drawing of the whole picture as the view shows it; empty where it shows none of it."""
    size = flat.width

    def source(x: float, y: float) -> Point:
        across, down = view.flat((x / size, y / size))
        return across * size, down * size

    return remapped(flat, flat.size, source)


def remapped(image: Image.Image, size: tuple[int, int], source: Source) -> Image.Image:
    """A picture of this size that shows at (x, y) what `image` has at `source(x, y)`, all in pixels."""
    columns, rows = _cuts(size[0]), _cuts(size[1])
    spots = {(x, y): source(x, y) for x in columns for y in rows}
    mesh = [
        (
            (west, north, east, south),
            spots[west, north] + spots[west, south] + spots[east, south] + spots[east, north],
        )
        for west, east in pairwise(columns)
        for north, south in pairwise(rows)
    ]
    return image.transform(size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)


def _cuts(length: int) -> list[int]:
    cells = max(1, min(CELLS, length // 4))
    return [round(length * cell / cells) for cell in range(cells + 1)]
