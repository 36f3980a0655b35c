"""Pictures people upload: checked by their content, drawn anew without metadata, named by what they show.

Needs Pillow only. A picture that is refused raises `Refused`, whose text is for the person who uploaded it; what
was changed in one that is taken is said in its `notes`, for the same person.
"""

import hashlib
import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageOps

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 25_000_000
#: What unpacking a picture may take: one upload must not be the end of a small server.
MAX_MEMORY = 200 * 1024 * 1024
#: A JPEG that is drawn in more passes than this was made to keep somebody busy; programs write about ten.
MAX_PASSES = 60
#: What is read. A camera's JPEG of several pictures (MPO) is a JPEG whose first one is meant.
FORMATS = ("JPEG", "PNG", "WEBP")
_ENDINGS = {"JPEG": "jpg", "PNG": "png"}
_WRITING: dict[str, dict[str, Any]] = {"JPEG": {"quality": 92}, "PNG": {"compress_level": 6}}
#: Bytes a pixel takes at most while its picture is unpacked: twice its own four; WebP keeps its canvas besides.
_BYTES = {"JPEG": 8.0, "MPO": 8.0, "PNG": 8.0, "WEBP": 16.0}


class Refused(ValueError):
    """The file cannot be used; its text says why, in plain words."""


@dataclass(frozen=True)
class Upload:
    """A picture drawn anew: its pixels, the bytes and name to keep it under, and what was changed, in words."""

    image: Image.Image
    name: str
    data: bytes
    notes: tuple[str, ...] = ()


def cleaned(file: IO[bytes]) -> Upload:
    """Return the uploaded picture, drawn anew; raise Refused for anything that is not one we can use.

    The size is read before anything is unpacked, so that a small file cannot fill the memory. What is opaque
    and was stored with losses is written as JPEG, everything else as PNG.
    """
    _refuse_length(file)
    with _refusing_in_words():
        _refuse_odd(Image.open(file, formats=FORMATS), file)
        opened = Image.open(file, formats=FORMATS)
        is_lossy, notes = _is_lossy(opened, file), list(_notes(opened, file))
        image = _upright(opened)
    format = "JPEG" if is_lossy and image.mode == "RGB" else "PNG"
    data = io.BytesIO()
    image.save(data, format, **_WRITING[format])
    written = data.getvalue()
    return Upload(
        image, f"{hashlib.sha256(written).hexdigest()[:24]}.{_ENDINGS[format]}", written, tuple(notes)
    )


def _refuse_length(file: IO[bytes]) -> None:
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    if length > MAX_BYTES:
        raise Refused(_("The file is larger than 20 MB."))
    if not length:
        raise Refused(_("The file is empty."))


@contextmanager
def _refusing_in_words() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            yield
        except Refused:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise Refused(_("The picture has more than 25 million pixels.")) from error
        except Exception as error:  # Pillow raises many kinds for a broken file
            raise Refused(_("This is not a JPEG, PNG or WebP picture, or it is damaged.")) from error


def _refuse_odd(opened: Image.Image, file: IO[bytes]) -> None:
    if opened.width * opened.height > MAX_PIXELS:
        raise Refused(_("The picture has more than 25 million pixels."))
    if opened.format != "MPO" and getattr(opened, "n_frames", 1) > 1:
        raise Refused(_("Moving pictures cannot be used: save one of its pictures by itself."))
    if opened.format in ("JPEG", "MPO") and _content(file).count(b"\xff\xda") > MAX_PASSES:
        raise Refused(_("This JPEG was saved in too many passes: save it again, or as a PNG."))
    if opened.width * opened.height * _bytes_a_pixel(opened) > MAX_MEMORY:
        raise Refused(_("This picture takes too much memory to open: save it smaller, or as a PNG."))
    opened.verify()  # the sums of a PNG, which are not looked at when it is drawn; the file is read up by it


def _content(file: IO[bytes], length: int = -1) -> bytes:
    """Return how the file begins, or all of it, and leave it where it was."""
    place = file.tell()
    file.seek(0)
    content = file.read(length)
    file.seek(place)
    return content


def _bytes_a_pixel(opened: Any) -> float:
    """Return what unpacking takes; a progressive JPEG is kept whole, two bytes a sample, until its last pass."""
    samples = 0.0
    if opened.info.get("progressive"):
        widest = max(across * down for _id, across, down, _table in opened.layer)
        samples = sum(across * down for _id, across, down, _table in opened.layer) / widest
    return max(_BYTES[opened.format], 4 + 2 * samples)


def _is_lossy(opened: Image.Image, file: IO[bytes]) -> bool:
    if opened.format == "WEBP":
        return b"VP8L" not in _content(file, 256)
    return opened.format != "PNG"


def _notes(opened: Image.Image, file: IO[bytes]) -> Iterator[str]:
    """Say what is about to be changed that its maker may want to know."""
    if opened.format == "PNG" and _content(file, 25)[24] == 16:
        yield _("It had 16 bits a colour; we turned it into one of 8, as it is printed.")
    if opened.mode == "CMYK":
        yield _(
            "It was in a printer’s colours (CMYK); we turned them into a screen’s (RGB). Look at them again."
        )
    elif _has_other_profile(opened):
        yield _(
            "Its colours were made for another screen or printer; we turned them into common ones (sRGB)."
        )
    if opened.getexif().get(ExifTags.Base.Orientation, 1) in range(2, 9):
        yield _("It was stored lying or mirrored; we turned it upright, as its camera had noted.")
    if opened.format == "MPO":
        yield _("It holds several pictures; we took the first.")


def _upright(opened: Image.Image) -> Image.Image:
    """Return only the pixels, turned as the camera's metadata said; never more than two copies at a time."""
    opened.load()
    has_alpha = opened.has_transparency_data and opened.format not in ("JPEG", "MPO")
    ImageOps.exif_transpose(opened, in_place=True)
    picture = _in_srgb(_in_8_bits(opened))
    mode = "RGBA" if has_alpha else "RGB"
    if picture.mode != mode:
        picture = picture.convert(mode)
    picture.info = {}
    return picture


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits with 8; left to itself, Pillow makes all of it white."""
    if not picture.mode.startswith("I"):
        return picture
    shifted = picture.convert("I").point([value >> 8 for value in range(65536)], "L")
    shifted.info = picture.info
    return shifted


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return a picture whose colours were meant for another device (print, wide gamut) as screens show them."""
    if not _has_profile(picture):
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        changed = ImageCms.profileToProfile(
            picture,
            _profile(picture),
            ImageCms.createProfile("sRGB"),
            outputMode=mode,
            inPlace=picture.mode == mode,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that is none: the colours stay
        return picture
    return changed or picture


def _has_profile(picture: Image.Image) -> bool:
    return bool(picture.info.get("icc_profile")) and picture.mode in ("RGB", "RGBA", "CMYK", "L")


def _profile(picture: Image.Image) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))


def _has_other_profile(picture: Image.Image) -> bool:
    """Whether the colours were meant for anything but what is taken for granted."""
    try:
        return (
            _has_profile(picture) and "srgb" not in ImageCms.getProfileDescription(_profile(picture)).lower()
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return False
