# ruff: noqa: PLR0917 -- coordinates come in twos and fours
"""A sheet to be screen-printed: one plate per ink, drawn twice as large as needed so that edges are smooth.

Coordinates are units, 1000 to a sheet's width, so that a design is the same at any size.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageColor, ImageDraw, ImageFont

UNITS = 1000
SUPERSAMPLE = 2
Point = tuple[float, float]

FACES = {
    "hand": ("font_amatic_sc", "AmaticSC-Bold.ttf"),
    "book": ("font_caladea", "Caladea-Bold.ttf"),
    "book-italic": ("font_caladea", "Caladea-BoldItalic.ttf"),
    "round": ("font_fredoka_one", "FredokaOne-Regular.ttf"),
    "grotesk": ("font_hanken_grotesk", "HankenGrotesk-Bold.otf"),
    "grotesk-italic": ("font_hanken_grotesk", "HankenGrotesk-BoldItalic.otf"),
    "grotesk-light": ("font_hanken_grotesk", "HankenGrotesk-Medium.otf"),
    "pen": ("font_intuitive", "Intuitive.ttf"),
    "sans": ("font_source_sans_pro", "SourceSansPro-Black.ttf"),
    "sans-italic": ("font_source_sans_pro", "SourceSansPro-BlackIt.ttf"),
    "serif": ("font_source_serif_pro", "SourceSerifPro-Black.ttf"),
    "serif-italic": ("font_source_serif_pro", "SourceSerifPro-SemiboldIt.ttf"),
    "serif-light": ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
}


@lru_cache(maxsize=64)
def _font(face: str, pixels: int) -> ImageFont.FreeTypeFont:
    package, name = FACES[face]
    with files(package).joinpath("files", name).open("rb") as source:
        return ImageFont.truetype(BytesIO(source.read()), pixels, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=256)
def _letters(words: str, face: str, pixels: int, tracking: int) -> Image.Image:
    """The words in white on black, cut to their ink."""
    font = _font(face, pixels)
    gaps = [font.getlength(words[: place + 1]) - font.getlength(words[place]) for place in range(len(words))]
    length = round(font.getlength(words)) + tracking * len(words)
    page = Image.new("L", (length + 2 * pixels, 3 * pixels), 0)
    draw = ImageDraw.Draw(page)
    for place, (letter, gap) in enumerate(zip(words, gaps, strict=True)):
        draw.text((pixels + gap + tracking * place, pixels), letter, font=font, fill=255)
    return page.crop(page.getbbox())


class Plate:
    """What one ink prints. `ink=0` in any drawing call takes ink away again."""

    def __init__(self, colour: str, pixels: tuple[int, int], scale: float) -> None:
        self.colour = colour
        self.scale = scale
        self.image = Image.new("L", pixels, 0)
        self.draw = ImageDraw.Draw(self.image)

    def _at(self, *numbers: float) -> list[float]:
        return [number * self.scale for number in numbers]

    def circle(self, x: float, y: float, radius: float, ink: int = 255) -> None:
        self.draw.ellipse(self._at(x - radius, y - radius, x + radius, y + radius), fill=ink)

    def oval(self, x: float, y: float, across: float, down: float, ink: int = 255) -> None:
        self.draw.ellipse(self._at(x - across, y - down, x + across, y + down), fill=ink)

    def ring(self, x: float, y: float, radius: float, width: float, ink: int = 255) -> None:
        box = self._at(x - radius, y - radius, x + radius, y + radius)
        self.draw.ellipse(box, outline=ink, width=max(1, round(width * self.scale)))

    def wedge(self, x: float, y: float, radius: float, start: float, end: float, ink: int = 255) -> None:
        """A slice of a disc between two angles (degrees, clockwise from the right)."""
        self.draw.pieslice(self._at(x - radius, y - radius, x + radius, y + radius), start, end, fill=ink)

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, width: float, ink: int = 255
    ) -> None:
        box = self._at(x - radius, y - radius, x + radius, y + radius)
        self.draw.arc(box, start, end, fill=ink, width=max(1, round(width * self.scale)))

    def box(
        self, left: float, top: float, right: float, bottom: float, radius: float = 0, ink: int = 255
    ) -> None:
        self.draw.rounded_rectangle(self._at(left, top, right, bottom), radius * self.scale, fill=ink)

    def shape(self, points: Sequence[Point], ink: int = 255) -> None:
        self.draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=ink)

    def line(self, points: Sequence[Point], width: float, ink: int = 255, *, capped: bool = True) -> None:
        path = [(x * self.scale, y * self.scale) for x, y in points]
        self.draw.line(path, fill=ink, width=max(1, round(width * self.scale)), joint="curve")
        for x, y in (points[0], points[-1]) if capped else ():
            self.circle(x, y, width / 2 - 0.3, ink)

    def text(
        self,
        words: str,
        x: float,
        y: float,
        face: str,
        *,
        size: float = 0,
        width: float = 0,
        height: float = 0,
        tracking: float = 0.0,
        anchor: str = "mm",
        turn: float = 0.0,
        ink: int = 255,
    ) -> None:
        """Words of a type size, or whose ink is `width` wide or `height` high (both: stretched).

        They are placed by the ink's own edges: `anchor` is l/m/r and t/m/b. `tracking` is in hundredths of
        the type size.
        """
        pixels = round(size * self.scale) or self._pixels(words, face, width, height, tracking)
        mask = _letters(words, face, pixels, round(tracking * pixels / 100))
        mask = _resized(mask, width * self.scale, height * self.scale)
        if turn:
            mask = mask.rotate(turn, Image.Resampling.BICUBIC, expand=True)
        left = x * self.scale - mask.width * {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]]
        top = y * self.scale - mask.height * {"t": 0.0, "m": 0.5, "b": 1.0}[anchor[1]]
        self.image.paste(ink, (round(left), round(top)), mask)

    def _pixels(self, words: str, face: str, width: float, height: float, tracking: float) -> int:
        trial = _letters(words, face, 100, round(tracking))
        by_width = 100 * width * self.scale / trial.width
        by_height = 100 * height * self.scale / trial.height
        return max(4, round(max(by_width, by_height)))

    def arc_text(
        self, words: str, x: float, y: float, radius: float, face: str, height: float, *,
        tracking: float = 0.0, below: bool = False, ink: int = 255,
    ) -> None:  # fmt: skip
        """Words along a circle, centred at its top, or at its bottom (`below`) reading left to right."""
        font = _font(face, max(4, round(height * self.scale)))
        steps = [font.getlength(letter) / self.scale + tracking for letter in words]
        turn = -sum(steps) / 2
        for letter, step in zip(words, steps, strict=True):
            self._arc_letter(letter, font, (x, y), radius, (turn + step / 2) / radius, below=below, ink=ink)
            turn += step

    def _arc_letter(
        self, letter: str, font: ImageFont.FreeTypeFont, centre: Point, radius: float, angle: float, *,
        below: bool, ink: int,
    ) -> None:  # fmt: skip
        side = round(font.size * 2)
        glyph = Image.new("L", (side, side), 0)
        ImageDraw.Draw(glyph).text((side / 2, side / 2), letter, font=font, fill=255, anchor="mm")
        tilt = math.degrees(angle) * (1 if below else -1)
        glyph = glyph.rotate(tilt, Image.Resampling.BICUBIC)
        down = math.cos(angle) * radius * (1 if below else -1)
        left = (centre[0] + math.sin(angle) * radius) * self.scale - side / 2
        self.image.paste(ink, (round(left), round((centre[1] + down) * self.scale - side / 2)), glyph)


def _resized(mask: Image.Image, width: float, height: float) -> Image.Image:
    if width and height:
        return mask.resize((round(width), round(height)), Image.Resampling.LANCZOS)
    return mask


class Sheet:
    """Plates printed one over another on nothing."""

    def __init__(self, width: int, ratio: float = 1.0) -> None:
        self.size = width, round(width * ratio)
        self.plates: list[Plate] = []

    def plate(self, colour: str) -> Plate:
        pixels = self.size[0] * SUPERSAMPLE, self.size[1] * SUPERSAMPLE
        plate = Plate(colour, pixels, pixels[0] / UNITS)
        self.plates.append(plate)
        return plate

    def printed(self) -> Image.Image:
        picture = Image.new("RGBA", self.size, (0, 0, 0, 0))
        for plate in self.plates:
            layer = Image.new("RGBA", self.size, ImageColor.getrgb(plate.colour))
            layer.putalpha(plate.image.reduce(SUPERSAMPLE))
            picture = Image.alpha_composite(picture, layer)
        return picture


def arc_points(x: float, y: float, radius: float, start: float, end: float, steps: int = 48) -> list[Point]:
    """Points on a circle between two angles (degrees, clockwise from the right)."""
    turns = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [(x + radius * math.cos(turn), y + radius * math.sin(turn)) for turn in turns]


def curve(*control: Point, steps: int = 32) -> list[Point]:
    """Points along the Bezier curve of these control points."""
    return [_on_curve(control, step / steps) for step in range(steps + 1)]


def _on_curve(control: Sequence[Point], t: float) -> Point:
    points = list(control)
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t) for a, b in pairwise(points)]
    return points[0]


def turned(points: Sequence[Point], x: float, y: float, degrees: float, scale: float = 1.0) -> list[Point]:
    """A drawing about (0, 0) turned clockwise, scaled and moved to (x, y)."""
    cos, sin = math.cos(math.radians(degrees)) * scale, math.sin(math.radians(degrees)) * scale
    return [(x + px * cos - py * sin, y + px * sin + py * cos) for px, py in points]
