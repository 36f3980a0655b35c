"""Designs from the kitchen table, where the paper is read."""

import math

from PIL import Image

from .inks import Inks
from .sheet import Plate, Point, Sheet, curve


def kettle_is_on(width: int, inks: Inks) -> Image.Image:
    sheet = Sheet(width, 1.27)
    metal, lines, steam = sheet.plate(inks.red), sheet.plate(inks.main), sheet.plate(inks.blue)
    for row in range(5):
        _steam(steam, 60 + row * 12, 52 + row * 66, 236 - row * 34, 24 - row * 2)
    _kettle(metal)
    _handle(lines)
    lines.text("THE KETTLE IS ON", 500, 1240, "hand", width=900, height=206, anchor="mb")
    return sheet.printed()


def _steam(plate: Plate, x: float, y: float, reach: float, width: float) -> None:
    points = [(x + reach * t / 40, y + 19 * math.sin(t / 40 * math.tau * reach / 118)) for t in range(41)]
    plate.line(points, width)


def _kettle(metal: Plate) -> None:
    dome = curve((236, 900), (170, 640), (330, 500), (560, 500), (790, 500), (950, 640), (884, 900))
    metal.shape([*dome, (860, 940), (260, 940)])
    metal.shape(
        curve((330, 850), (190, 800), (220, 560), (88, 470), (70, 446))
        + curve((150, 392), (250, 430), (300, 560), (380, 640))
    )
    metal.box(456, 474, 664, 512, 18)
    metal.line(curve((330, 640), (420, 560), (520, 552)), 16, ink=0)
    metal.box(270, 868, 850, 880, ink=0)


def _handle(lines: Plate) -> None:
    lines.line(curve((330, 560), (310, 180), (810, 180), (790, 560)), 40)
    lines.circle(560, 450, 34)
    lines.box(230, 940, 890, 966, 10)


def ripe_for_discussion(width: int, inks: Inks) -> Image.Image:
    """A tomato in halftone, the way the printer sees it."""
    sheet = Sheet(width, 1.14)
    under, dots, leaf, words = (sheet.plate(ink) for ink in (inks.pink, inks.red, inks.green, inks.main))
    skin = _skin()
    under.shape(skin)
    dots.shape(skin)
    _highlight(dots)
    for turn in range(7):
        _sepal(leaf, turn)
    leaf.line(curve((500, 214), (510, 130), (560, 60)), 30)
    words.text("RIPE FOR", 500, 925, "round", width=560, anchor="mt")
    words.text("DISCUSSION", 500, 1030, "round", width=800, anchor="mt")
    return sheet.printed()


def _skin() -> list[Point]:
    right = curve((500, 236), (640, 170), (930, 220), (930, 520), (900, 840), (640, 890), (500, 866))
    return right + [(1000 - x, y) for x, y in reversed(right)]


def _highlight(dots: Plate) -> None:
    """Holes in the red that grow towards the light."""
    step = 24.0
    for row in range(-22, 23):
        for column in range(-30, 31):
            x, y = (column + row % 2 / 2) * step, row * step * 0.866
            light = math.exp(-(((x + 170) / 170) ** 2 + ((y + 110) / 150) ** 2))
            if light > 0.03:
                dots.circle(500 + x, 540 + y, 16.2 * math.sqrt(min(1.0, light)) ** 0.9, ink=0)


def _sepal(leaf: Plate, turn: int) -> None:
    angle = math.radians(turn * 360 / 7 + 12)
    reach = 190 if math.sin(angle) > -0.3 else 120
    tip = 500 + reach * math.cos(angle), 240 + reach * 0.62 * math.sin(angle)
    side = math.cos(angle + 1.57) * 34, math.sin(angle + 1.57) * 30
    bend = (500 + tip[0]) / 2, (240 + tip[1]) / 2 - 26
    leaf.shape(
        curve((500 + side[0], 240 + side[1]), (bend[0] + side[0], bend[1] + side[1]), tip)
        + curve(tip, (bend[0] - side[0], bend[1] - side[1]), (500 - side[0], 240 - side[1]))
    )
