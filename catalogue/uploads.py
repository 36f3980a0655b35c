"""Pictures people upload: checked by their content, drawn anew without metadata, named by what they show.

Needs Pillow only. A picture that is refused raises `Refused`, whose text is for the person who uploaded it.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 25_000_000
#: What is read, and how each is written again.
FORMATS = ("JPEG", "PNG", "WEBP")
_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_WRITING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "optimize": True},
    "PNG": {"optimize": True},
    "WEBP": {"lossless": True},
}


class Refused(ValueError):
    """The file cannot be used; its text says why, in plain words."""


@dataclass(frozen=True)
class Upload:
    """A picture drawn anew: its pixels, and the bytes and name to keep it under."""

    image: Image.Image
    name: str
    data: bytes


def cleaned(file: IO[bytes]) -> Upload:
    """Return the uploaded picture, drawn anew; raise Refused for anything that is not one we can use.

    The size is read before anything is unpacked, so that a small file cannot fill the memory.
    """
    content = _read(file)
    image, format = _unpacked(content)
    data = io.BytesIO()
    image.save(data, format, **_WRITING[format])
    digest = hashlib.sha256(data.getvalue()).hexdigest()[:24]
    return Upload(image, f"{digest}.{_ENDINGS[format]}", data.getvalue())


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused(_("The file is larger than 20 MB."))
    if not content:
        raise Refused(_("The file is empty."))
    return content


def _unpacked(content: bytes) -> tuple[Image.Image, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            opened = Image.open(io.BytesIO(content), formats=FORMATS)
            _refuse_odd(opened)
            return _upright(opened), str(opened.format)
        except Refused:
            raise
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise Refused(_("The picture has more than 25 million pixels.")) from error
        except Exception as error:  # Pillow raises many kinds for a broken file
            raise Refused(_("This is not a JPEG, PNG or WebP picture, or it is damaged.")) from error


def _refuse_odd(opened: Image.Image) -> None:
    if opened.width * opened.height > MAX_PIXELS:
        raise Refused(_("The picture has more than 25 million pixels."))
    if getattr(opened, "n_frames", 1) > 1:
        raise Refused(_("Moving pictures cannot be used."))


def _upright(opened: Image.Image) -> Image.Image:
    """Return only the pixels, turned as the camera's metadata said."""
    opened.load()
    turned = _in_srgb(_in_8_bits(ImageOps.exif_transpose(opened)))
    has_alpha = turned.has_transparency_data and opened.format != "JPEG"
    pixels = turned.convert("RGBA" if has_alpha else "RGB")
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    return bare


def _in_8_bits(picture: Image.Image) -> Image.Image:
    """Return a grey picture of 16 bits with 8; left to itself, Pillow makes all of it white."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return a picture whose colours were meant for another device (print, wide gamut) as screens show them."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that is none: the colours stay
        return picture
    return changed or picture
