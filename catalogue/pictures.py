"""Product pictures as files: the original and its renditions beside it, all named by what they show.

The same picture is the same file, so a file is never rewritten and may be cached for ever.
"""

import hashlib
import io
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import splitext

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from catalogue.mockups import CARD_SIZE, OPTIONS, WIDTHS, card, renditions

#: Best first, as a page offers them; each is a rendition's file ending.
FORMATS = ("avif", "webp", "jpg")
_ENDINGS = {"avif": "avif", "webp": "webp", "jpeg": "jpg"}

_BAND = 256

#: Raised when the same words and picture make another card.
_CARD_LAYOUT = 1

__all__ = [
    "CARD_SIZE",
    "FORMATS",
    "WIDTHS",
    "Encoded",
    "card_url",
    "encode",
    "largest_url",
    "rendition_name",
    "rendition_url",
    "renditions_url",
    "save_card",
    "save_picture",
    "store",
    "widths_up_to",
]


@dataclass(frozen=True)
class Encoded:
    """A picture's files, not yet stored: the original's name and every file's bytes, the original last."""

    name: str
    files: dict[str, bytes]


def save_picture(image: Image.Image, *, folder: str = "products") -> str:
    """Store a picture with all its renditions and return the original's name; nothing is written twice."""
    return store(encode(image, folder=folder))


def encode(image: Image.Image, *, folder: str = "products") -> Encoded:
    """Return a picture's files without storing them; this is the slow part, and needs no database."""
    rgb = image if image.mode == "RGB" else image.convert("RGB")
    name = f"{folder}/{_digest(rgb)}.jpg"
    files = {
        rendition_name(name, rendition.width, _ENDINGS[rendition.format]): rendition.data
        for rendition in renditions(rgb)
    }
    original = io.BytesIO()
    rgb.save(original, "JPEG", quality=92, optimize=True)
    return Encoded(name, files | {name: original.getvalue()})


def _digest(rgb: Image.Image) -> str:
    """Return the hash of a picture's size, dots and ways to encode it; band by band, for a photo has many."""
    digest = hashlib.sha256(repr((rgb.size, OPTIONS)).encode())
    for top in range(0, rgb.height, _BAND):
        digest.update(rgb.crop((0, top, rgb.width, min(top + _BAND, rgb.height))).tobytes())
    return digest.hexdigest()[:24]


def store(picture: Encoded) -> str:
    """Write the files that are not there yet; the original comes last, so that it stands for all of them."""
    if not default_storage.exists(picture.name):
        for name, data in picture.files.items():
            _write_once(name, data)
    return picture.name


def _write_once(name: str, data: bytes) -> None:
    if default_storage.exists(name):
        return
    written = default_storage.save(name, ContentFile(data))
    if written != name:  # somebody else wrote the same bytes in between; theirs stand
        default_storage.delete(written)


def rendition_name(name: str, width: int, format: str) -> str:
    """Return the file name of one rendition of the picture called `name`."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-{width}.{format}"))


def rendition_url(name: str, width: int, format: str) -> str:
    """Return the address of one rendition (a width of WIDTHS, a format of FORMATS)."""
    return f"{renditions_url(name)}-{width}.{format}"


def renditions_url(name: str) -> str:
    """Return what the addresses of all renditions begin with: the storage is asked once for a dozen of them."""
    return default_storage.url(name).removesuffix(splitext(name)[1])


def widths_up_to(width: int, *, largest: int = WIDTHS[-1]) -> list[int]:
    """Return the widths there are renditions of for a picture that wide: none is wider than it, or than `largest`."""
    return [each for each in WIDTHS if each <= min(width, largest)] or [WIDTHS[0]]


def largest_url(name: str, width: int) -> str:
    """Return the address of the largest JPEG of the picture called `name`, which is `width` wide."""
    return rendition_url(name, widths_up_to(width)[-1], FORMATS[-1])


def save_card(picture: str, *, title: str, garment: str, shop_name: str) -> str:
    """Store the card a link to a product unfolds into and return its name; one that is there is not drawn again.

    `picture` is the name of a stored original (FileNotFoundError when there is none): of a product, its first.
    The card's name comes from the picture's and the words, so that a page finds it by them (`card_url`).
    """
    name = _card_name(picture, title, garment, shop_name)
    if not default_storage.exists(name):
        with default_storage.open(picture) as file, Image.open(file) as original:
            drawn = card(original, title=title, garment=garment, shop_name=shop_name)
        data = io.BytesIO()
        drawn.save(data, "JPEG", quality=86, optimize=True, progressive=True)
        _write_once(name, data.getvalue())
    return name


def card_url(picture: str, *, title: str, garment: str, shop_name: str) -> str:
    """Return the address of the card that `save_card` stored for just these; nothing when there is none."""
    name = _card_name(picture, title, garment, shop_name)
    return default_storage.url(name) if default_storage.exists(name) else ""


def _card_name(*shown: str) -> str:
    digest = hashlib.sha256(repr((_CARD_LAYOUT, shown)).encode()).hexdigest()[:24]
    return f"cards/{digest}.jpg"
