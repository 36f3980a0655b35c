"""Designs from town: desks, windows, deliveries."""

import math

from PIL import Image

from .inks import LIGHT, Inks
from .sheet import Plate, Sheet, arc_points, curve


def dear_reader(width: int, inks: Inks) -> Image.Image:
    """A typewriter halfway through its first line."""
    sheet = Sheet(width, 1.16)
    body, keys, paper = sheet.plate(inks.blue), sheet.plate(inks.main), sheet.plate(inks.red)
    _page(keys, paper)
    keys.box(90, 508, 910, 580, 30)
    for x in (50, 910):
        keys.box(x, 490, x + 40, 598, 12)
    body.shape([(170, 580), (830, 580), (880, 760), (940, 1090), (60, 1090), (120, 760)])
    body.box(50, 1060, 950, 1120, 30)
    body.box(300, 622, 700, 668, 20, ink=0)
    for row in range(4):
        _keys(body, paper if row == 3 else keys, row)
    return sheet.printed()


def _page(lines: Plate, pen: Plate) -> None:
    lines.box(230, 40, 770, 520, 4)
    lines.box(246, 56, 754, 520, 2, ink=0)
    lines.text("Dear reader,", 296, 150, "book", width=408, anchor="lm")
    for row, length in enumerate((408, 372, 408, 190)):
        lines.box(296, 236 + row * 56, 296 + length, 250 + row * 56, 7)
    pen.box(500, 396, 522, 428)


def _keys(body: Plate, keys: Plate, row: int) -> None:
    y = 742 + row * 84
    if row == 3:
        body.box(270, y - 6, 730, y + 54, 30, ink=0)
        keys.box(286, y + 8, 714, y + 40, 16)
        return
    for place in range(10 - row % 2):
        x = 500 + (place - (9 - row % 2) / 2) * (68 + row * 5)
        body.circle(x, y, 31, ink=0)
        keys.circle(x, y, 23)


def one_more_chapter(width: int, inks: Inks) -> Image.Image:
    """A sleeping house with one lamp still on."""
    sheet = Sheet(width, 1.34)
    wall, lamp, words = sheet.plate(inks.blue), sheet.plate(inks.gold), sheet.plate(inks.main)
    _house(wall)
    for row in range(5):
        for column in range(5):
            left, top = 152 + column * 150, 246 + row * 148
            wall.box(left, top, left + 96, top + 106, ink=0)
            _window(wall, left, top, row * 5 + column)
    _reader([(lamp, 0), (wall, 255 if inks == LIGHT else 0)], 452, 542)
    words.text("one more chapter", 500, 1316, "pen", width=930, anchor="mb")
    return sheet.printed()


def _house(wall: Plate) -> None:
    wall.box(100, 180, 900, 1090)
    wall.box(76, 160, 924, 196)
    for x in (180, 640):
        wall.box(x, 60, x + 110, 170)
        wall.box(x - 12, 48, x + 122, 76)
    wall.box(40, 1090, 960, 1104)
    wall.box(450, 980, 550, 1092, ink=0)


def _window(wall: Plate, left: float, top: float, place: int) -> None:
    kind = (place * 7 + place // 5 * 3) % 5
    if kind == 1:
        wall.box(left, top, left + 96, top + 54)
    if kind in (0, 3):
        wall.box(left + 44, top, left + 52, top + 106)
    if kind == 3:
        wall.shape([(left, top), (left + 40, top), (left, top + 90)])
        wall.shape([(left + 96, top), (left + 56, top), (left + 96, top + 90)])
    if kind == 2:
        wall.box(left + 34, top + 76, left + 62, top + 106)
        for tip in (-26, 0, 26):
            wall.line(
                curve((left + 48, top + 80), (left + 48 + tip * 0.3, top + 50), (left + 48 + tip, top + 34)),
                9,
            )
    if kind == 4:
        wall.box(left, top + 48, left + 96, top + 56)


def _reader(plates: list[tuple[Plate, int]], left: float, top: float) -> None:
    """The one lit window: an armchair, a lamp, and somebody with a book, all dark against the light."""
    plates[0][0].box(left - 8, top - 8, left + 254, top + 114)
    for plate, ink in plates:
        plate.box(left + 34, top + 40, left + 62, top + 114, 12, ink)
        plate.box(left + 34, top + 88, left + 128, top + 114, 8, ink)
        plate.circle(left + 92, top + 30, 18, ink)
        plate.line(
            [(left + 84, top + 68), (left + 92, top + 92), (left + 146, top + 86), (left + 152, top + 110)],
            20,
            ink,
        )
        plate.line([(left + 86, top + 62), (left + 112, top + 76), (left + 130, top + 66)], 11, ink)
        plate.shape(
            [
                (left + x, top + y)
                for x, y in ((120, 50), (140, 62), (164, 46), (164, 60), (140, 76), (120, 64))
            ],
            ink,
        )
        plate.line([(left + 208, top + 40), (left + 208, top + 112)], 7, ink)
        plate.shape([(left + x, top + y) for x, y in ((178, 50), (238, 50), (222, 14), (194, 14))], ink)


def delivered_by_hand(width: int, inks: Inks) -> Image.Image:
    """A bicycle with the morning's papers."""
    sheet = Sheet(width, 0.98)
    wheels, frame, papers = sheet.plate(inks.main), sheet.plate(inks.red), sheet.plate(inks.gold)
    for x in (232, 768):
        _wheel(wheels, x, 560)
    _frame(frame, wheels)
    _basket(wheels, papers)
    wheels.arc_text("GOOD NEWS TRAVELS", 500, 1010, 946, "sans", 92, tracking=2)
    wheels.box(20, 788, 980, 798)
    wheels.text("AT ABOUT TEN MILES AN HOUR", 500, 934, "sans", width=930, tracking=8, anchor="mb")
    return sheet.printed()


def _wheel(plate: Plate, x: float, y: float) -> None:
    plate.ring(x, y, 222, 22)
    plate.ring(x, y, 188, 5)
    for spoke in range(16):
        far = arc_points(x, y, 190, spoke * 22.5, spoke * 22.5 + 1, steps=1)[0]
        plate.line([(x, y), far], 4)
    plate.circle(x, y, 24)


def _frame(frame: Plate, wheels: Plate) -> None:
    crank, seat, head = (470, 572), (400, 330), (690, 320)
    for start, end in (((232, 560), crank), ((232, 560), seat), (crank, seat), (crank, head), (seat, head)):
        frame.line([start, end], 26)
    frame.line([(676, 270), head, (768, 560)], 26)
    frame.line([seat, (386, 282)], 20)
    wheels.box(316, 258, 446, 288, 15)
    wheels.line(curve((676, 270), (670, 230), (740, 226), (760, 250)), 20)
    wheels.ring(crank[0], crank[1], 46, 12)
    wheels.line([(crank[0] - 44, crank[1] + 70), (crank[0] + 44, crank[1] - 70)], 14)
    for side in (-1, 1):
        wheels.box(
            crank[0] - side * 46 - 30,
            crank[1] + side * 72 - 8,
            crank[0] - side * 46 + 30,
            crank[1] + side * 72 + 8,
            6,
        )


def _basket(wheels: Plate, papers: Plate) -> None:
    for place, tilt in enumerate((-8, 2, 12)):
        x = 780 + place * 46
        turn = math.radians(tilt)
        papers.line([(x, 400), (x + math.sin(turn) * 150, 400 - math.cos(turn) * 150)], 40)
        papers.line(
            [
                (x + math.sin(turn) * 40, 400 - math.cos(turn) * 40),
                (x + math.sin(turn) * 140, 400 - math.cos(turn) * 140),
            ],
            6,
            ink=0,
        )
    wheels.shape([(740, 320), (930, 320), (908, 436), (762, 436)])
    for row in range(3):
        wheels.line([(752, 346 + row * 30), (920, 346 + row * 30)], 7, ink=0)
