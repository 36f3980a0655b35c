"""A design's artwork: which one is printed on which cloth, and what the checks say of it."""

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image

from catalogue.models import Colour, Design, Garment
from shop.studio.checks import Area, Finding, findings, is_dark

#: Wider than any print area of a mockup; an artwork is handed to the drawing processes no larger.
SMALL_SIDE = 1600


def name_for(design: Design, colour: Colour) -> str:
    """Return the file of the artwork that is printed on cloth of this colour."""
    chosen = design.artwork_dark if design.artwork_dark and is_dark(colour.hex) else design.artwork
    return str(chosen.name)


@lru_cache(maxsize=4)
def small(name: str) -> bytes:
    """Return an artwork as a PNG no larger than mockups need; FileNotFoundError when it is gone."""
    with default_storage.open(name) as file:
        picture = Image.open(file).convert("RGBA")
    picture.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    data = io.BytesIO()
    picture.save(data, "PNG", compress_level=1)
    return data.getvalue()


def findings_for(design: Design, pairs: Iterable[tuple[Garment, Colour]]) -> list[Finding]:
    """Return what the checks say of printing a design on these garments in these colours."""
    by_artwork: dict[str, list[tuple[Garment, Colour]]] = {}
    for garment, colour in pairs:
        by_artwork.setdefault(name_for(design, colour), []).append((garment, colour))
    found = [
        Finding(finding.level, _said_of(design, name, finding.text))
        for name, printed in by_artwork.items()
        for finding in _findings(name, printed)
    ]
    return list(dict.fromkeys(found))


def _findings(name: str, pairs: Sequence[tuple[Garment, Colour]]) -> list[Finding]:
    areas = {
        garment.pk: Area(garment.name, garment.print_width_mm, garment.print_height_mm)
        for garment, _colour in pairs
    }
    cloth = {colour.name: colour.hex for _garment, colour in pairs}
    try:
        with default_storage.open(name) as file, Image.open(file) as picture:
            return findings(picture, areas.values(), cloth)
    except FileNotFoundError:
        return [Finding("stop", _("The artwork's file is missing: upload it again."))]


def _said_of(design: Design, name: str, text: str) -> str:
    """Say which of two artworks is meant."""
    if not design.artwork_dark:
        return text
    is_the_dark_one = name == design.artwork_dark.name
    which = _("Artwork for dark cloth") if is_the_dark_one else _("Artwork for light cloth")
    return f"{which}: {text}"
