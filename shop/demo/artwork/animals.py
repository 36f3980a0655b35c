"""Designs with somebody in them."""

import math

from PIL import Image

from .inks import Inks
from .sheet import Plate, Sheet, arc_points, curve


def read_slowly(width: int, inks: Inks) -> Image.Image:
    """A snail with a rolled-up newspaper for a shell."""
    sheet = Sheet(width, 1.0)
    shell, body, book = sheet.plate(inks.gold), sheet.plate(inks.main), sheet.plate(inks.red)
    shell.circle(430, 372, 300)
    _snail(body)
    spiral = [
        (430 + (20 + 15.6 * turn) * math.cos(turn), 372 + (20 + 15.6 * turn) * math.sin(turn))
        for turn in (step / 12 for step in range(0, 214))
    ]
    body.line(spiral, 20)
    _shell_print(body)
    _book(book, body)
    body.text("READ SLOWLY", 500, 968, "serif", width=930, anchor="mb")
    return sheet.printed()


def _snail(body: Plate) -> None:
    foot = curve((40, 762), (180, 690), (330, 640), (560, 655))
    neck = curve((560, 655), (700, 690), (740, 560), (742, 450), (740, 350))
    head = arc_points(800, 352, 62, 180, 372)
    back = curve((862, 372), (860, 520), (850, 660), (780, 762))
    body.shape(foot + neck + head + back)
    body.line(curve((775, 330), (760, 250), (730, 200)), 20)
    body.line(curve((825, 325), (840, 250), (868, 196)), 20)
    for x, y in ((726, 182), (874, 180)):
        body.ring(x, y, 50, 13)
        body.circle(x, y, 20)
    body.line([(774, 172), (826, 172)], 12)


def _shell_print(body: Plate) -> None:
    for turn in range(40):
        start = turn * 23.0
        radius = 92 + 49 * (turn % 5)
        body.arc(430, 372, min(radius, 262), start + 12, start + 30, 7)


def _book(book: Plate, body: Plate) -> None:
    left = [(800, 560), (868, 590), (868, 700), (800, 668)]
    right = [(868, 590), (960, 548), (960, 660), (868, 700)]
    book.shape(left)
    book.shape(right)
    body.shape([(796, 548), (868, 580), (964, 536), (964, 552), (868, 598), (796, 566)], ink=0)
    for row in range(4):
        book.line([(886, 610 + row * 19), (944, 584 + row * 19)], 6, ink=0)
        book.line([(812, 588 + row * 19), (852, 606 + row * 19)], 6, ink=0)


def across_the_story(width: int, inks: Inks) -> Image.Image:
    """A cat, lying where the news is."""
    sheet = Sheet(width, 1.05)
    paper, cat, eyes = sheet.plate(inks.red), sheet.plate(inks.main), sheet.plate(inks.gold)
    _newspaper(paper)
    _cat(paper, grow=13, ink=0)
    _cat(cat, grow=0)
    _face(cat, eyes)
    cat.text("ACROSS THE STORY", 500, 1036, "grotesk-italic", width=900, anchor="mb")
    return sheet.printed()


def _newspaper(paper: Plate) -> None:
    paper.box(70, 222, 930, 912, 4)
    paper.box(92, 244, 908, 890, 2, ink=0)
    paper.text("DAILY NAP", 884, 262, "serif", width=352, anchor="rt")
    paper.box(110, 350, 890, 358)
    for column in range(4):
        left = 110 + column * 200
        for row in range(21):
            short = 60 if (row * 3 + column) % 7 == 5 else 0
            paper.box(left, 376 + row * 24, left + 180 - short, 387 + row * 24)


def _cat(plate: Plate, grow: float, ink: int = 255) -> None:
    body = [
        *curve((190, 800), (170, 560), (330, 470), (520, 500)),
        *curve((520, 500), (760, 500), (830, 640), (822, 800)),
    ]
    plate.shape(body, ink)
    plate.box(176 - grow, 726 - grow, 836 + grow, 838 + grow, 56 + grow, ink)
    if grow:
        plate.line(body, grow * 2, ink)
    tail = curve((800, 790), (960, 800), (960, 600), (880, 590), (850, 640))
    plate.line(tail, 54 + grow * 2, ink)
    plate.oval(340, 420, 170 + grow, 138 + grow, ink)
    for tip, inner in (((196, 196), (300, 330)), ((484, 196), (380, 330))):
        base = (178, 400) if tip[0] < 300 else (502, 400)
        plate.shape([base, tip, inner], ink)
        plate.line([base, tip, inner], max(10, grow * 2), ink)


def _face(cat: Plate, eyes: Plate) -> None:
    for x in (276, 404):
        cat.oval(x, 414, 40, 30, ink=0)
        eyes.oval(x, 414, 34, 24)
        eyes.oval(x, 414, 9, 23, ink=0)
        cat.oval(x, 414, 9, 23)
    cat.shape([(322, 458), (358, 458), (340, 478)], ink=0)
    cat.line(curve((340, 478), (335, 505), (300, 500)), 6, ink=0)
    cat.line(curve((340, 478), (345, 505), (380, 500)), 6, ink=0)
    for side, lift in ((-1, 0), (-1, 22), (1, 0), (1, 22)):
        cat.line([(340 + side * 70, 470 + lift), (340 + side * 160, 452 + lift * 2)], 5, ink=0)
    for x in (250, 330):
        cat.line(curve((x, 838), (x - 6, 800), (x + 4, 786)), 7, ink=0)
    cat.line(curve((470, 560), (520, 640), (490, 726)), 8, ink=0)
    cat.line(curve((640, 800), (560, 720), (690, 600), (770, 690)), 8, ink=0)
