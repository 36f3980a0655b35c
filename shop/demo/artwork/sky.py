"""Designs with weather."""

import math

from PIL import Image

from .inks import Inks
from .sheet import Plate, Point, Sheet, turned


def morning_edition(width: int, inks: Inks) -> Image.Image:
    """A sun in stripes coming up out of lines of print."""
    sheet = Sheet(width, 1.2)
    gold, red, words = sheet.plate(inks.gold), sheet.plate(inks.red), sheet.plate(inks.main)
    gold.circle(500, 480, 440)
    red.circle(500, 480, 440)
    red.box(0, 0, 1000, 190, ink=0)
    for row in range(9):
        red.box(0, 190 + row * 57, 1000, 238 + row * 57 - row * 4.6, ink=0)
    for plate in (gold, red):
        plate.box(0, 700, 1000, 1200, ink=0)
    _columns(words)
    words.text("MORNING EDITION", 500, 1170, "grotesk-light", width=940, tracking=10, anchor="mb")
    return sheet.printed()


def _columns(words: Plate) -> None:
    """Lines of a page seen from its foot: longer and further apart as they come near."""
    for row in range(9):
        y, thick = 716 + row * row * 3.4 + row * 8, 7 + row * 1.9
        reach = 470 - (8 - row) * 9
        for column in range(3):
            left = 500 - reach + column * reach * 2 / 3
            end = left + reach * 2 / 3 - 16 - (reach * 0.24 if (row + column * 2) % 5 == 3 else 0)
            words.box(left + 8, y, end, y + thick, thick / 2)


def keep_a_light_on(width: int, inks: Inks) -> Image.Image:
    """A lighthouse over the waves."""
    sheet = Sheet(width, 1.40)
    beam, tower, bands, sea = (sheet.plate(ink) for ink in (inks.gold, inks.main, inks.red, inks.blue))
    for left, right in ((168, 192), (-12, 12), (204, 216), (144, 156), (-36, -24), (24, 36)):
        beam.wedge(500, 330, 470, left, right)
    for plate in (beam,):
        plate.circle(500, 330, 118, ink=0)
    beam.circle(500, 330, 46)
    _tower(tower, bands)
    for row in range(4):
        _wave(sea, 1010 + row * 62, row)
    sea.text("KEEP A LIGHT ON", 500, 1376, "sans-italic", width=920, tracking=2, anchor="mb")
    return sheet.printed()


def _tower(tower: Plate, bands: Plate) -> None:
    tower.shape([(420, 470), (580, 470), (650, 1010), (350, 1010)])
    for top in (540, 720, 900):
        left, right = 420 - (top - 470) * 0.13, 580 + (top - 470) * 0.13
        shape: list[Point] = [(left, top), (right, top), (right + 11, top + 86), (left - 11, top + 86)]
        tower.shape(shape, ink=0)
        bands.shape(shape)
    tower.box(386, 436, 614, 462, 6)
    for x in (424, 560):
        tower.box(x, 268, x + 16, 440)
    tower.box(400, 380, 600, 392)
    bands.shape([(398, 262), (500, 168), (602, 262)])
    bands.box(398, 262, 602, 280, 4)
    bands.line([(500, 180), (500, 120)], 12)
    tower.box(478, 640, 522, 700, 22, ink=0)
    tower.box(478, 822, 522, 882, 22, ink=0)


def _wave(sea: Plate, y: float, row: int) -> None:
    shift = 60 * (row % 2)
    points = [(40 + x, y + 21 * math.sin((x + shift) / 120 * math.tau)) for x in range(0, 921, 6)]
    sea.line(points, 22)


PHASES = ("a rumour", "a lead", "a draft", "an edit", "a story")


def every_story_grows(width: int, inks: Inks) -> Image.Image:
    """The moon from new to full, as an editor would caption it."""
    sheet = Sheet(width, 1.42)
    light, words = sheet.plate(inks.gold), sheet.plate(inks.main)
    for place, caption in enumerate(PHASES):
        y = 160 + place * 255
        _moon(light, words, 190 if place % 2 == 0 else 290, y, place)
        words.text(caption, 376 if place % 2 == 0 else 476, y, "serif-italic", size=132, anchor="lm")
    return sheet.printed()


def _moon(light: Plate, words: Plate, x: float, y: float, phase: int) -> None:
    words.ring(x, y, 118, 9)
    if not phase:
        return
    light.circle(x, y, 100)
    bulge = 100 * abs(phase - 2) / 2
    if phase <= 2:
        light.box(x - 101, y - 101, x, y + 101, ink=0)
    if phase == 1:
        light.oval(x, y, bulge, 100, ink=0)
    if phase == 3:
        light.box(x - 101, y - 101, x, y + 101, ink=0)
        light.oval(x, y, bulge, 100)
    for crater, size in (((40, -34), 15), ((54, 26), 10), ((-30, 30), 20), ((-44, -30), 12), ((8, 62), 9)):
        if phase >= 3:
            light.circle(x + crater[0], y + crater[1], size, ink=0)


def paper_planes(width: int, inks: Inks) -> Image.Image:
    """A flock of folded pages, and one that knows another way."""
    sheet = Sheet(width, 1.0)
    flock, folds, odd = sheet.plate(inks.main), sheet.plate(inks.blue), sheet.plate(inks.red)
    for row in range(5):
        for column in range(4 - row % 2):
            x, y = 138 + column * 242 + 121 * (row % 2), 116 + row * 190
            if (row, column) == (2, 2):
                _plane(odd, odd, x - 14, y, angle=150, scale=1.42)
            else:
                _plane(flock, folds, x, y, angle=-32, scale=1.26)
    return sheet.printed()


def _plane(wing: Plate, fold: Plate, x: float, y: float, *, angle: float, scale: float) -> None:
    wing.shape(turned([(96, 0), (-78, -58), (-40, -6)], x, y, angle, scale))
    wing.shape(turned([(96, 6), (-34, 8), (-74, 62)], x, y, angle, scale))
    fold.shape(turned([(40, 8), (-36, 10), (-52, 44)], x, y, angle, scale))
