"""What may go wrong when an artwork is printed, said in plain words before it is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import dist
from typing import Any, Literal

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from PIL import Image, ImageColor, ImageOps

#: Dots an inch: below the first a print looks soft, from the second on more are wasted.
SOFT, SHARP = 200, 300
#: Ink this near to the cloth (ΔE of 1976) hardly shows; less ink than this share is a detail.
TOO_NEAR, DETAIL = 15.0, 0.10
#: An artwork that fills less of its picture than this is printed smaller than it could be.
SMALL_PART = 0.25
#: Alpha from which on a dot is ink, and the longest side looked at.
INK, LOOKED_AT = 128, 240
MM_PER_INCH = 25.4
DARK = 50

Lab = tuple[float, float, float]


@dataclass(frozen=True)
class Finding:
    """Something to know: *stop* cannot be printed, *warn* must be accepted, *note* is only said."""

    level: Literal["stop", "warn", "note"]
    text: str


@dataclass(frozen=True)
class Area:
    """Where a garment takes its print, in millimetres."""

    garment: str
    width: int
    height: int


def findings(artwork: Image.Image, areas: Iterable[Area], cloth: Mapping[str, str]) -> list[Finding]:
    """Return what is wrong with an artwork in these print areas, on cloth of these colours (name → #rrggbb)."""
    rgba = artwork if artwork.mode == "RGBA" else artwork.convert("RGBA")
    box = _mask(rgba).getbbox()
    if box is None:
        return [Finding("stop", _("There is nothing in the picture: every dot of it is transparent."))]
    return [
        *_colours(artwork),
        *_sizes(rgba, areas),
        *_background(rgba),
        *_place(rgba, box),
        *_inks(rgba, cloth),
    ]


def _colours(artwork: Image.Image) -> Iterator[Finding]:
    """Say that a picture, which did not come through an upload, is not in a screen's colours."""
    if artwork.mode not in ("1", "L", "LA", "P", "PA", "RGB", "RGBA"):
        text = _("Its colours (%(mode)s) are not a screen’s: upload it again, and we turn them into RGB.")
        yield Finding("warn", text % {"mode": artwork.mode})


def _mask(rgba: Image.Image) -> Image.Image:
    return rgba.getchannel("A").point([255 if alpha >= INK else 0 for alpha in range(256)])


def _sizes(rgba: Image.Image, areas: Iterable[Area]) -> Iterator[Finding]:
    for area in areas:
        dpi = MM_PER_INCH / min(area.width / rgba.width, area.height / rgba.height)
        if dpi >= SHARP:
            continue
        words = {
            "garment": area.garment,
            "dpi": int(dpi),
            "now": _centimetres(rgba, dpi),
            "soft": _centimetres(rgba, SOFT),
            "sharp": _centimetres(rgba, SHARP),
        }
        if dpi < SOFT:
            text = _(
                "Too small for the %(garment)s: printed %(now)s it has %(dpi)s dots an inch and looks soft. "
                "It is good for %(soft)s at 200 dots an inch, %(sharp)s at 300."
            )
            yield Finding("warn", text % words)
        else:
            text = _(
                "On the %(garment)s, printed %(now)s, it has %(dpi)s dots an inch. That is enough; "
                "it is perfectly sharp up to %(sharp)s (300 dots an inch)."
            )
            yield Finding("note", text % words)


def _centimetres(picture: Image.Image, dpi: float) -> str:
    width, height = (pixels / dpi * MM_PER_INCH / 10 for pixels in picture.size)
    return f"{width:.1f} × {height:.1f} cm"


def _background(rgba: Image.Image) -> Iterator[Finding]:
    lowest, _highest = rgba.getchannel("A").getextrema()
    if lowest == 255:
        text = _("It has no transparent background, so it is printed as a full rectangle.")
        yield Finding("warn", text)


def _place(rgba: Image.Image, box: tuple[int, int, int, int]) -> Iterator[Finding]:
    if rgba.getchannel("A").getextrema()[0] == 255:
        return
    left, top, right, bottom = box
    names = [
        (left == 0, _("left")),
        (top == 0, _("top")),
        (right == rgba.width, _("right")),
        (bottom == rgba.height, _("bottom")),
    ]
    if edges := [name for touches, name in names if touches and not _is_tight(rgba, box)]:
        text = _("It reaches the %(edges)s edge of its picture: what lies outside is cut off.")
        yield Finding("warn", text % {"edges": get_text_list(edges, _("and"))})
    share = (right - left) * (bottom - top) / (rgba.width * rgba.height)
    if share < SMALL_PART:
        text = _(
            "It fills only %(share)s %% of its picture and is printed that small: cut off the empty border."
        )
        yield Finding("warn", text % {"share": max(1, round(share * 100))})


def _is_tight(rgba: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether the picture was cut to its artwork on purpose: it touches every edge, or opposite ones."""
    across, down = (box[0] == 0, box[2] == rgba.width), (box[1] == 0, box[3] == rgba.height)
    return (all(across) or not any(across)) and (all(down) or not any(down))


def _inks(rgba: Image.Image, cloth: Mapping[str, str]) -> Iterator[Finding]:
    """Say on which cloth a good part of the ink hardly shows."""
    inks = _ink_colours(rgba)
    shares = {name: _share_near(inks, lab(hex_)) for name, hex_ in cloth.items()}
    for name, share in shares.items():
        if share >= DETAIL:
            text = _(
                "On %(colour)s, %(share)s %% of the ink is nearly the colour of the cloth and hardly shows."
            )
            yield Finding("warn", text % {"colour": name, "share": round(share * 100)})


def _ink_colours(rgba: Image.Image) -> dict[Lab, float]:
    """Return the shares of the inks, rounded to 32 steps a channel."""
    small = ImageOps.contain(rgba, (LOOKED_AT, LOOKED_AT), Image.Resampling.NEAREST)
    pixels: Iterable[Any] = small.get_flattened_data()
    dots = Counter(
        (red & 0xF8, green & 0xF8, blue & 0xF8) for red, green, blue, alpha in pixels if alpha >= INK
    )
    total = max(dots.total(), 1)
    return {_lab(dot): count / total for dot, count in dots.items()}


def _share_near(inks: Mapping[Lab, float], cloth: Lab) -> float:
    return sum(share for ink, share in inks.items() if dist(ink, cloth) < TOO_NEAR)


def lab(hex_: str) -> Lab:
    """Return a colour's lightness and two hues (CIE L*a*b*, D65)."""
    return _lab(ImageColor.getrgb(hex_)[:3])


def is_dark(hex_: str) -> bool:
    """Whether cloth of this colour takes the artwork for dark cloth."""
    return lab(hex_)[0] < DARK


def _lab(rgb: Sequence[int]) -> Lab:
    red, green, blue = (_linear(channel / 255) for channel in rgb)
    x, y, z = (
        _root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505),
        _root(0.2126 * red + 0.7152 * green + 0.0722 * blue),
        _root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089),
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _root(value: float) -> float:
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116
