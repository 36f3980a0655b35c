"""Designs in which the type is the picture."""

import math

from PIL import Image

from .inks import Inks
from .sheet import Plate, Point, Sheet, arc_points, curve, turned


def footnotes_forever(width: int, inks: Inks) -> Image.Image:
    sheet = Sheet(width, 1.22)
    star, words = sheet.plate(inks.red), sheet.plate(inks.main)
    petal = [
        (-26.0, -20.0),
        *curve((-92, -300), (-120, -410), (0, -440), (120, -410), (92, -300)),
        (26.0, -20.0),
    ]
    for turn in range(6):
        star.shape(turned(petal, 500, 462, turn * 60))
    star.circle(500, 462, 40)
    words.box(50, 968, 950, 980)
    words.text("*", 50, 1012, "serif", height=58, anchor="lt")
    words.text("footnotes forever", 124, 1010, "serif-italic", width=826, anchor="lt")
    return sheet.printed()


def better_question(width: int, inks: Inks) -> Image.Image:
    sheet = Sheet(width, 1.36)
    words = sheet.plate(inks.main)
    words.text("ASK A BETTER", 500, 30, "grotesk", width=900, tracking=2, anchor="mt")
    hook = [*arc_points(500, 520, 250, 176, 410), *curve((661, 711), (560, 796), (500, 840), (500, 960))]
    for shift, ink in zip((-96, -32, 32, 96), (inks.red, inks.gold, inks.blue, inks.main), strict=True):
        sheet.plate(ink).line(_beside(hook, shift), 50, capped=False)
    for radius, ink in ((128, inks.main), (96, inks.blue), (64, inks.gold), (32, inks.red)):
        sheet.plate(ink).circle(500, 1160, radius)
    return sheet.printed()


def _beside(points: list[Point], shift: float) -> list[Point]:
    moved = []
    for place, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(place - 1, 0)], points[min(place + 1, len(points) - 1)]
        length = math.hypot(bx - ax, by - ay) or 1.0
        moved.append((x + (by - ay) / length * shift, y - (bx - ax) / length * shift))
    return moved


def corrections_welcome(width: int, inks: Inks) -> Image.Image:
    sheet = Sheet(width, 0.9)
    words, pen = sheet.plate(inks.main), sheet.plate(inks.pen)
    words.text("CORECTIONS", 500, 300, "sans", width=940, height=235, anchor="mt")
    words.text("WELCOME", 500, 628, "sans", width=940, height=235, anchor="mt")
    pen.line([(308, 612), (343, 540), (378, 612)], 15)
    pen.text("R", 334, 250, "pen", height=150, anchor="mb", turn=6)
    pen.line(curve((410, 70), (230, 20), (170, 170), (270, 262), (430, 300), (490, 110), (350, 66)), 10)
    pen.line(curve((505, 150), (600, 70), (640, 190), (730, 120)), 9)
    pen.text("nearly!", 850, 130, "pen", width=210, turn=8)
    return sheet.printed()


def another_thing(width: int, inks: Inks) -> Image.Image:
    sheet = Sheet(width, 1.16)
    for shift, ink in ((66, inks.gold), (33, inks.red), (0, inks.main)):
        for plate in sheet.plates:
            _ampersand(plate, shift, 12, ink=0)
        _ampersand(sheet.plate(ink), shift, 0)
    sheet.plates[-1].text("AND ANOTHER THING", 500, 1130, "book", width=820, tracking=14, anchor="mb")
    return sheet.printed()


def _ampersand(plate: Plate, shift: float, spread: float, ink: int = 255) -> None:
    around = arc_points(0, 0, spread, 0, 330, steps=11) if spread else [(0.0, 0.0)]
    for x, y in around:
        plate.text("&", 467 + shift + x, 470 + shift + y, "book-italic", height=870, ink=ink)


def letter_tree(width: int, inks: Inks) -> Image.Image:
    """A tree in leaf with the alphabet, and a bench below it."""
    sheet = Sheet(width, 1.2)
    wood, leaves, turning = sheet.plate(inks.main), sheet.plate(inks.green), sheet.plate(inks.red)
    _trunk(wood)
    for place in range(118):
        radius, angle = 415 * math.sqrt((place + 0.5) / 118), place * 2.39996
        x, y = 500 + radius * math.cos(angle), 440 + radius * math.sin(angle) * 0.95
        letter = "ABcDeFgHiJKLmNoPQRStuVwXyZ&?!"[(place * 11) % 29]
        plate = turning if place % 10 == 4 else leaves
        if abs(x - 500) > 62 or y < 600:
            plate.text(letter, x, y, "round", height=50 + place * 7 % 16, turn=place * 47 % 60 - 30)
    _bench(wood)
    turning.text("g", 300, 1096, "round", height=44, turn=70)
    leaves.text("R", 640, 1118, "round", height=40, turn=-60)
    return sheet.printed()


def _trunk(wood: Plate) -> None:
    left = curve((420, 1150), (476, 1040), (470, 860), (462, 640))
    right = curve((538, 640), (530, 860), (524, 1040), (580, 1150))
    wood.shape(left + right)
    for end, thick in (
        ((300, 420), 26),
        ((690, 400), 26),
        ((500, 300), 30),
        ((390, 300), 18),
        ((610, 280), 18),
    ):
        wood.line(curve((500, 800), (500, 640), (end[0] * 0.5 + 250, 560), end), thick)
    wood.box(60, 1150, 940, 1162)


def _bench(wood: Plate) -> None:
    for top in (1000, 1030):
        wood.box(636, top, 908, top + 18, 4)
    wood.box(624, 1068, 920, 1088, 4)
    for x in (656, 876):
        wood.box(x, 1000, x + 14, 1152)
