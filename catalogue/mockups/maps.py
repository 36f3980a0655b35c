"""What a blank looks like before it has a colour: one set of grey maps for every cloth."""

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .geometry import SUPERSAMPLE, Point, along, offset, scaled

NEUTRAL = 128
LEAN, SQUASH = 0.95, 0.24


@dataclass(frozen=True)
class Maps:
    """`shade` is 128 where the cloth shows its own colour; `pulls` says how steep it is, for the print.

    Mask, shade and shadow are as the picture shows them, pulls as the flat drawing has them. `horizon` is
    where the set's floor meets its wall (a fraction from the top), None for a thing seen from above. `lift`
    is how bright light cloth's edge is.
    """

    mask: Image.Image
    shade: Image.Image
    shadow: Image.Image
    pulls: tuple[Image.Image, Image.Image]
    lift: int = 0
    horizon: float | None = None


def grey(change: Image.Image, size: int) -> Image.Image:
    """A net of brightness changes (mode F, 0 = none) as a grey map of the picture's size."""
    full = change.resize((size, size), Image.Resampling.BICUBIC)
    return full.point(lambda value: value * 127.0 + float(NEUTRAL)).convert("L")


def plus(shade: Image.Image, change: Image.Image) -> Image.Image:
    """Both changes together; 128 in either is "as it was"."""
    return ImageChops.add(shade, change, 1, -NEUTRAL)


def blurred(mask: Image.Image, radius: float) -> Image.Image:
    """Wide blurs are made small and enlarged: same look, a fraction of the time."""
    step = max(1, int(radius // 6))
    small = mask.reduce(step).filter(ImageFilter.GaussianBlur(radius / step))
    return small.resize(mask.size, Image.Resampling.BICUBIC)


def turned_edge(mask: Image.Image, radius: float, depth: int) -> Image.Image:
    """The darkening where cloth turns away at its outline, over about `radius` pixels."""
    inside = blurred(mask, radius)
    return inside.point([round(NEUTRAL - depth * max(0.0, (255 - v) / 128) ** 1.6) for v in range(256)])


def lit_edge(mask: Image.Image, lift: float) -> Image.Image:
    """The lit thickness of cloth at its outline: it sets even white cloth apart from a white floor."""
    inside = blurred(mask, mask.width * 0.0050)
    return inside.point([NEUTRAL + round(lift * min(1.0, (255 - v) / 110)) for v in range(256)])


def cast_shadow(mask: Image.Image, size: int, drop: float) -> Image.Image:
    """Soft shadow of a thing lying on the set: a dark line where it touches, a wide one below it."""
    touch = blurred(mask, size * 0.006).point(lambda v: v * 0.58)
    near = _moved(blurred(mask, size * 0.014), round(size * 0.005), round(size * drop * 0.45))
    wide = _moved(blurred(mask, size * 0.040), round(size * 0.010), round(size * drop))
    cast = ImageChops.add(near.point(lambda v: v * 0.24), wide.point(lambda v: v * 0.26))
    return ImageChops.add(touch, cast)


def _moved(image: Image.Image, across: int, down: int) -> Image.Image:
    moved = Image.new("L", image.size, 0)
    moved.paste(image, (across, down))
    return moved


def stood_shadow(mask: Image.Image, size: int, foot: tuple[Point, Point]) -> Image.Image:
    """Soft shadow of a thing standing on a floor along the line `foot`.

    It falls back and to the right, away from the light, and is darkest where the thing stands; along the
    other edges the wall behind is a little darker.
    """
    long = mask.transform(mask.size, Image.Transform.AFFINE, _thrown(foot, size), Image.Resampling.BILINEAR)
    wide = blurred(long, size * 0.028).point(lambda v: v * 0.36)
    near = blurred(long, size * 0.008).point(lambda v: v * 0.14)
    line = Image.new("L", mask.size, 0)
    ImageDraw.Draw(line).line(scaled(foot, size), fill=255, width=round(size * 0.034))
    under = blurred(line, size * 0.010).point(lambda v: v * 0.50)
    touch = blurred(mask, size * 0.009).point(lambda v: v * 0.66)
    return ImageChops.add(ImageChops.add(wide, near), ImageChops.add(under, touch))


def _thrown(foot: tuple[Point, Point], size: int) -> tuple[float, ...]:
    """From a shadow's point back to the thing's point that throws it, as PIL's affine numbers.

    A point `h` above the line `y = start + slope * x` throws its shadow `LEAN * h` aside and `SQUASH * h` up.
    """
    (x0, y0), (x1, y1) = foot
    slope = (y1 - y0) / (x1 - x0)
    start = (y0 - slope * x0) * size
    whole = slope + SQUASH / LEAN
    across = (SQUASH / LEAN / whole, 1.0 / whole, -start / whole)
    lift = slope + 1.0 / LEAN
    return (*across, lift * across[0] - 1.0 / LEAN, lift * across[1], start + lift * across[2])


def grain(size: int, across: float, along_: float, strength: float, seed: int) -> Image.Image:
    """Threads: noise stretched by these factors, as brightness changes."""
    dice = random.Random(seed)  # noqa: S311 -- a texture, not a secret
    shape = (max(1, round(size / across)), max(1, round(size / along_)))
    noise = Image.frombytes("L", shape, dice.randbytes(shape[0] * shape[1]))
    threads = noise.resize((size, size), Image.Resampling.BICUBIC)
    return threads.point([round(NEUTRAL + (v - 127.5) * strength) for v in range(256)])


class Detail:
    """Seams and stitches, drawn big and made small so that thin lines stay fine. 128 = nothing."""

    def __init__(self, size: int) -> None:
        self.big = size * SUPERSAMPLE
        self.image = Image.new("L", (self.big, self.big), NEUTRAL)
        self.draw = ImageDraw.Draw(self.image)

    def line(self, points: list[Point], width: float, change: int) -> None:
        thick = max(1, round(width * self.big))
        self.draw.line(scaled(points, self.big), fill=NEUTRAL + change, width=thick, joint="curve")

    def area(self, points: list[Point], change: int) -> None:
        self.draw.polygon(scaled(points, self.big), fill=NEUTRAL + change)

    def stitches(self, points: list[Point], pitch: float, width: float, change: int) -> None:
        for (x, y), (dx, dy) in along(points, pitch):
            dash = (x + dx * pitch * 0.62, y + dy * pitch * 0.62)
            self.line([(x, y), dash], width, change)

    def ribs(self, points: list[Point], depth: float, pitch: float, change: int) -> None:
        """Knitted ribs: short strokes across a band `depth` wide to the right of the line."""
        for (x, y), (dx, dy) in along(points, pitch):
            self.line([(x, y), (x - dy * depth, y + dx * depth)], pitch * 0.45, change)

    def seam(self, points: list[Point], depth: int, width: float = 0.0022) -> None:
        """Two cloths meet: a dark groove with a lit lip beside it."""
        self.line(offset(points, -width * 1.3), width, depth // 3)
        self.line(points, width, -depth)

    def finished(self, blur: float = 0.0) -> Image.Image:
        small = self.image.reduce(SUPERSAMPLE)
        return small.filter(ImageFilter.GaussianBlur(blur)) if blur else small
