"""What the sample catalogue says of each design, and how to draw it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from PIL import Image

from .inks import Inks

CLOTH = {"paper": "#f4f1ea", "ink": "#1c1b1a", "signal": "#c8321f", "moss": "#55633f", "dusk": "#2f4a68"}
DARK_CLOTH = frozenset(CLOTH) - {"paper"}
Draw = Callable[[int, Inks], Image.Image]
Ranges = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Artwork:
    """A sample design. `garments`: the blanks it suits, each with the cloth colours it looks good on."""

    slug: str
    title: str
    summary: str
    story: str
    themes: tuple[str, ...]
    draw: Draw = field(repr=False)
    garments: Ranges


def needs_dark(colour: str) -> bool:
    """Whether cloth of this colour (a key of CLOTH) takes the dark variant, whose inks are light."""
    return colour in DARK_CLOTH
