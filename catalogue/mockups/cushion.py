"""A cushion's front."""

from .geometry import Point, bezier, polygon_mask
from .maps import Maps, cast_shadow, grain, grey, plus, turned_edge
from .relief import Relief


def maps(size: int) -> Maps:
    mask = polygon_mask(size, _outline())
    relief = Relief()
    relief.add(lambda x, y: 0.12 * max(0, 1 - ((x - .5) / .37) ** 2) ** .6 * max(0, 1 - ((y - .49) / .37) ** 2) ** .6)
    shade = plus(grey(relief.light(0.5, 2.0), size), turned_edge(mask, size * 0.03, 40))
    shade = plus(shade, grain(size, 6, 1.5, 0.05, 1))
    return Maps(mask, shade, cast_shadow(mask, size, 0.03), relief.slopes())


def _outline() -> list[Point]:
    a, b, c, d = (0.125, 0.115), (0.875, 0.115), (0.875, 0.865), (0.125, 0.865)
    return (
        bezier(a, (0.35, 0.15), (0.65, 0.15), b)
        + bezier(b, (0.845, 0.35), (0.845, 0.65), c)
        + bezier(c, (0.65, 0.835), (0.35, 0.835), d)
        + bezier(d, (0.155, 0.65), (0.155, 0.35), a)
    )
