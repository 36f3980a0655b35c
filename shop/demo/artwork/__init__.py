"""Sample artwork: original designs drawn by code, print-ready on a transparent ground.

Imports nothing of ours; type comes from font packages. `ARTWORKS` is in the order the catalogue shows it.
"""

from PIL import Image

from .catalogue import CLOTH, Artwork, needs_dark
from .designs import DESIGNS
from .inks import inks

__all__ = ["ARTWORKS", "CLOTH", "PRINT_WIDTH", "Artwork", "draw", "needs_dark"]

PRINT_WIDTH = 1800
ARTWORKS: dict[str, Artwork] = {design.slug: design for design in DESIGNS}


def draw(slug: str, *, dark: bool = False, width: int = PRINT_WIDTH) -> Image.Image:
    """The design's RGBA print, `width` pixels wide; `dark` is for dark cloth. KeyError if unknown."""
    return ARTWORKS[slug].draw(width, inks(dark=dark))
