"""One picture as the files a page needs."""

import io
from collections.abc import Iterator
from typing import NamedTuple

from PIL import Image

WIDTHS = (320, 640, 1200, 1600)
OPTIONS: dict[str, dict[str, int | bool]] = {
    "avif": {"quality": 50, "speed": 8, "max_threads": 1},
    "webp": {"quality": 74, "method": 2},
    "jpeg": {"quality": 80, "optimize": True, "progressive": True},
}


class Rendition(NamedTuple):
    """One file: `format` is "avif", "webp" or "jpeg"; `data` its bytes."""

    width: int
    format: str
    data: bytes


def renditions(image: Image.Image) -> Iterator[Rendition]:
    """Every width in every format, smallest first; never wider than `image` itself."""
    for width in WIDTHS:
        if width <= image.width:
            small = _narrowed(image, width)
            for name, options in OPTIONS.items():
                yield Rendition(width, name, _encoded(small, name, options))


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    height = round(image.height * width / image.width)
    rgb = image.convert("RGB")
    return rgb if width == image.width else rgb.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, name: str, options: dict[str, int | bool]) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name.upper(), **options)
    return buffer.getvalue()
