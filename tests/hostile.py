"""More than a hundred files that somebody might upload as a picture and that are none, or an odd one.

Each has a name, a content type and the words that answer it: `refused` when it cannot be used, else `notes`
when it was changed into something that can, else nothing at all.
"""

import gzip
import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageCms, ImageDraw

NO_PICTURE, TOO_MANY, TOO_LARGE = "not a JPEG, PNG or WebP picture", "25 million pixels", "too much memory"
MOVING, PASSES, EMPTY, TOO_LONG = (
    "Moving pictures",
    "too many passes",
    "file is empty",
    "larger than 20 MB",
)
UPRIGHT, SIXTEEN, PRINTERS = "turned it upright", "16 bits a colour", "CMYK"
OTHER_SCREEN, SEVERAL = "another screen or printer", "took the first"
PNG_SIGN = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Hostile:
    """A file to upload and what is said of it."""

    name: str
    content: bytes
    refused: str = ""
    notes: tuple[str, ...] = ()
    type: str = "image/png"


def files() -> list[Hostile]:
    """Return all of them; no two have the same name and content."""
    kinds = (others(), bombs(), cut(), broken(), polyglots(), odd_but_usable(), misnamed())
    return list(itertools.chain(*kinds))


def saved(image: Image.Image, format: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def a_picture(mode: str = "RGB", size: tuple[int, int] = (120, 90)) -> Image.Image:
    """Return a disc on a ground, so that there is something to lose."""
    picture = Image.new("RGB", size, "#2f4a68")
    ImageDraw.Draw(picture).ellipse((10, 10, size[0] - 10, size[1] - 10), fill="#c8321f")
    return picture.convert(mode)


# --- PNG by hand --------------------------------------------------------------------------------------


def chunk(name: bytes, data: bytes, *, crc: int | None = None, length: int | None = None) -> bytes:
    sum_ = zlib.crc32(name + data) if crc is None else crc
    return struct.pack(">I", len(data) if length is None else length) + name + data + struct.pack(">I", sum_)


def head(width: int, height: int, *, bits: int = 8, colours: int = 2, interlaced: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, interlaced))


def png(*chunks: bytes, width: int = 4, height: int = 4) -> bytes:
    """Return a small red PNG with these chunks before its pixels."""
    rows = zlib.compress(b"".join(b"\0" + b"\xc8\x32\x1f" * width for _row in range(height)))
    return b"".join([PNG_SIGN, head(width, height), *chunks, chunk(b"IDAT", rows), chunk(b"IEND", b"")])


def declared(width: int, height: int, **options: int) -> bytes:
    """Return a PNG that says it is so large, and holds nearly nothing."""
    parts = (head(width, height, **options), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b""))
    return PNG_SIGN + b"".join(parts)


# --- What they are --------------------------------------------------------------------------------------


def others() -> Iterator[Hostile]:
    """Files of other kinds that call themselves pictures."""
    small = a_picture(size=(40, 30))
    for format in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "SGI", "PDF", "EPS", "JPEG2000", "AVIF"):
        yield Hostile(f"{format.lower()}.png", saved(small, format), NO_PICTURE)
    for format in ("DDS", "MSP", "XBM", "SPIDER", "DIB", "ICNS", "QOI"):
        mode = {"MSP": "1", "XBM": "1", "SPIDER": "F"}.get(format, "RGB")
        yield Hostile(
            f"{format.lower()}.png", saved(small.resize((16, 16)).convert(mode), format), NO_PICTURE
        )
    texts = {
        "svg": '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "svg-entities": '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">]><svg>&a;&a;&a;</svg>',
        "html": "<html><script>alert(1)</script></html>",
        "php": "<?php system($_GET['c']); ?>",
        "shell": "#!/bin/sh\nrm -rf /\n",
        "postscript": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        "mvg": "push graphic-context\nimage over 0,0 0,0 'ephemeral:/etc/passwd'\npop graphic-context\n",
        "playlist": "#EXTM3U\nconcat:http://127.0.0.1/|file:///etc/passwd\n",
        "words": "not a picture",
    }
    for name, text in texts.items():
        yield Hostile(f"{name}.png", text.encode(), NO_PICTURE)
    yield Hostile(
        "photoshop.png", b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 9, 9, 8, 3) + bytes(14), NO_PICTURE
    )
    yield Hostile("zip.png", _zipped({"a.txt": b"a"}), NO_PICTURE)
    yield Hostile("zip-bomb.png", _zipped({"a": bytes(10_000_000)}), NO_PICTURE)
    yield Hostile("gzip-bomb.png", gzip.compress(bytes(10_000_000)), NO_PICTURE)
    yield Hostile("program.png", b"\x7fELF\2\1\1" + bytes(200), NO_PICTURE)
    yield Hostile("windows-program.png", b"MZ" + bytes(200), NO_PICTURE)
    yield Hostile("nothing.png", b"", EMPTY)
    yield Hostile("one-byte.png", b"\x89", NO_PICTURE)
    yield Hostile("nulls.png", bytes(5000), NO_PICTURE)


def _zipped(files_: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_.items():
            archive.writestr(name, content)
    return file.getvalue()


def bombs() -> Iterator[Hostile]:
    """Small files that would fill the memory or keep somebody busy."""
    for width, height in (
        (5001, 5000),
        (30_000, 30_000),
        (60_000, 60_000),
        (2**31 - 1, 2**31 - 1),
        (25_000_001, 1),
    ):
        yield Hostile(f"declares-{width}x{height}.png", declared(width, height), TOO_MANY)
    yield Hostile("declares-16-bits.png", declared(40_000, 40_000, bits=16, colours=6), TOO_MANY)
    yield Hostile("declares-interlaced.png", declared(9000, 9000, interlaced=1), TOO_MANY)
    deep = zlib.compress(bytes(30_000_000))
    yield Hostile(
        "wide-pixels.png",
        PNG_SIGN + head(40_000, 1000) + chunk(b"IDAT", deep) + chunk(b"IEND", b""),
        TOO_MANY,
    )
    yield Hostile(
        "more-pixels-than-declared.png", PNG_SIGN + head(4, 4) + chunk(b"IDAT", deep) + chunk(b"IEND", b"")
    )
    text = zlib.compress(bytes(20_000_000))
    yield Hostile("text-bomb.png", png(chunk(b"zTXt", b"k\0\0" + text)), NO_PICTURE)
    yield Hostile(
        "many-text-bombs.png", png(*[chunk(b"zTXt", b"k%d\0\0" % n + text) for n in range(80)]), NO_PICTURE
    )
    yield Hostile("unicode-text-bomb.png", png(chunk(b"iTXt", b"k\0\1\0\0\0" + text)), NO_PICTURE)
    yield Hostile("profile-bomb.png", png(chunk(b"iCCP", b"p\0\0" + text)), NO_PICTURE)
    yield Hostile("many-chunks.png", png(*[chunk(b"tEXt", b"k%d\0v" % n) for n in range(20_000)]))
    yield Hostile("long.jpg", b"\xff\xd8" + bytes(20 * 1024 * 1024), TOO_LONG, type="image/jpeg")
    jpeg = saved(Image.new("RGB", (64, 64)), "JPEG")
    for width, height in ((65_500, 65_500), (65_500, 400)):
        wide = _resized_jpeg(jpeg, width, height)
        yield Hostile(f"declares-{width}x{height}.jpg", wide, TOO_MANY, type="image/jpeg")
    yield Hostile("passes.jpg", _with_passes(200), PASSES, type="image/jpeg")
    large = saved(Image.new("CMYK", (4900, 4900)), "JPEG", progressive=True, quality=20)
    yield Hostile("kept-whole.jpg", large, TOO_LARGE, type="image/jpeg")
    yield Hostile(
        "large.webp", saved(Image.new("RGB", (4900, 4900)), "WEBP", method=0), TOO_LARGE, type="image/webp"
    )
    yield Hostile(
        "huge.webp", saved(Image.new("RGB", (10_000, 4000)), "WEBP", method=0), TOO_MANY, type="image/webp"
    )


def _resized_jpeg(jpeg: bytes, width: int, height: int) -> bytes:
    place = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:place] + struct.pack(">HH", height, width) + jpeg[place + 4 :]


def _with_passes(number: int) -> bytes:
    """Return a progressive JPEG that repeats its last pass so often."""
    jpeg = saved(a_picture(), "JPEG", progressive=True)
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:last] + jpeg[last:-2] * number + jpeg[-2:]


def cut() -> Iterator[Hostile]:
    """Pictures that end too early, and one with a byte missing in the middle."""
    whole = {
        "png": saved(a_picture(), "PNG"),
        "jpg": saved(a_picture(), "JPEG"),
        "webp": saved(a_picture(), "WEBP"),
        "progressive.jpg": saved(a_picture(), "JPEG", progressive=True),
    }
    for name, content in whole.items():
        for part in (4, 11, 20, 33, 50, 75, 90):
            yield Hostile(f"cut-at-{part}-percent.{name}", content[: len(content) * part // 100], NO_PICTURE)
    middle = len(whole["png"]) // 2
    yield Hostile("a-byte-missing.png", whole["png"][:middle] + whole["png"][middle + 1 :], NO_PICTURE)


def broken() -> Iterator[Hostile]:
    """PNGs whose parts do not fit together."""
    rows, end = chunk(b"IDAT", zlib.compress(bytes(52))), chunk(b"IEND", b"")
    parts = {
        "wrong-sum-of-head": PNG_SIGN + chunk(b"IHDR", head(4, 4)[8:21], crc=1) + rows + end,
        "wrong-sum-of-pixels": PNG_SIGN + head(4, 4) + chunk(b"IDAT", zlib.compress(bytes(52)), crc=7) + end,
        "no-head": PNG_SIGN + rows + end,
        "no-pixels": PNG_SIGN + head(4, 4) + end,
        "no-width": PNG_SIGN + head(0, 4) + rows + end,
        "no-height": PNG_SIGN + head(4, 0) + rows + end,
        "odd-bits": PNG_SIGN + head(4, 4, bits=5) + rows + end,
        "odd-colours": PNG_SIGN + head(4, 4, colours=7) + rows + end,
        "endless-chunk": PNG_SIGN + head(4, 4) + chunk(b"IDAT", b"x", length=2**31 - 1) + end,
        "rubbish-for-pixels": PNG_SIGN + head(4, 4) + chunk(b"IDAT", b"rubbish" * 9) + end,
        "too-few-pixels": PNG_SIGN + head(40, 40) + rows + end,
        "only-a-sign": PNG_SIGN,
    }
    for name, content in parts.items():
        yield Hostile(f"{name}.png", content, NO_PICTURE)
    jpeg = saved(a_picture(), "JPEG")
    yield Hostile("no-tables.jpg", jpeg.replace(b"\xff\xdb", b"\xff\xfe"), NO_PICTURE)
    yield Hostile("no-size.jpg", _resized_jpeg(jpeg, 0, 0), NO_PICTURE)
    yield Hostile("only-a-sign.webp", b"RIFF\x04\0\0\0WEBP", NO_PICTURE)


def polyglots() -> Iterator[Hostile]:
    """Pictures that are something else too: what is behind or beside the pixels does not survive."""
    plain = saved(a_picture(), "PNG")
    jpeg = saved(a_picture(), "JPEG")
    page = b"<html><script>alert(1)</script></html>"
    yield Hostile("page-before.png", page + plain, NO_PICTURE)
    yield Hostile("page-behind.png", plain + page)
    yield Hostile("php-behind.jpg", jpeg + b"<?php evil(); ?>", type="image/jpeg")
    yield Hostile("zip-behind.png", plain + _zipped({"evil.php": b"<?php"}))
    yield Hostile("pdf-behind.png", plain + saved(a_picture(), "PDF"))
    yield Hostile("picture-behind.png", plain + jpeg)
    yield Hostile("script-in-text.png", png(chunk(b"tEXt", b"Comment\0<script>alert(1)</script>")))
    yield Hostile("script-in-comment.jpg", saved(a_picture(), "JPEG", comment=page), type="image/jpeg")
    exif = Image.Exif()
    exif[0x010E] = "<?php evil(); ?>"
    yield Hostile("php-in-exif.webp", saved(a_picture(), "WEBP", exif=exif), type="image/webp")
    yield Hostile("html-sign.gif", b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", NO_PICTURE, type="image/gif")


def odd_but_usable() -> Iterator[Hostile]:
    """Pictures that are turned into what a page or a printer can use, with a word about it."""
    yield Hostile("cmyk.jpg", saved(a_picture("CMYK"), "JPEG"), notes=(PRINTERS,), type="image/jpeg")
    yield Hostile("sixteen-bits.png", saved(Image.new("I;16", (40, 30), 40_000), "PNG"), notes=(SIXTEEN,))
    rows = zlib.compress(b"".join(b"\0" + b"\xc8\x32\x32\x10\x1f\xff" * 4 for _row in range(4)))
    yield Hostile(
        "sixteen-bits-of-colour.png",
        PNG_SIGN + head(4, 4, bits=16) + chunk(b"IDAT", rows) + chunk(b"IEND", b""),
        notes=(SIXTEEN,),
    )
    for side in range(2, 9):
        exif = Image.Exif()
        exif[0x0112] = side
        yield Hostile(f"turned-{side}.jpg", saved(a_picture(), "JPEG", exif=exif), notes=(UPRIGHT,))
    exif = Image.Exif()
    exif[0x0112] = 99
    yield Hostile("turned-nowhere.jpg", saved(a_picture(), "JPEG", exif=exif))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    yield Hostile("profile-of-another.png", saved(a_picture(), "PNG", icc_profile=lab), notes=(OTHER_SCREEN,))
    yield Hostile("profile-that-is-none.png", saved(a_picture(), "PNG", icc_profile=b"no profile at all"))
    for mode in ("1", "L", "LA", "P", "RGBA"):
        yield Hostile(f"mode-{mode.lower()}.png", saved(a_picture(mode), "PNG"))
    yield Hostile("one-dot.png", saved(Image.new("RGB", (1, 1)), "PNG"))
    yield Hostile("one-row.png", saved(Image.new("RGB", (20_000, 1)), "PNG"))
    yield Hostile(
        "several.jpg", saved(a_picture(), "MPO", save_all=True, append_images=[a_picture()]), notes=(SEVERAL,)
    )
    frames = [a_picture(), Image.new("RGB", (120, 90), "red")]
    for format in ("PNG", "WEBP"):
        moving = saved(frames[0], format, save_all=True, append_images=frames[1:])
        yield Hostile(f"moving.{format.lower()}", moving, MOVING)
    yield from largest()


def largest() -> Iterator[Hostile]:
    """The largest pictures that are taken, in the ways that need the most memory."""
    side = 5000
    alpha = Image.new("RGBA", (side, side), (200, 30, 20, 120))
    yield Hostile("largest.png", saved(alpha, "PNG", compress_level=1))
    exif = Image.Exif()
    exif[0x0112] = 6
    plain = Image.new("RGB", (side, side), "#2f4a68")
    yield Hostile("largest-turned.jpg", saved(plain, "JPEG", exif=exif), notes=(UPRIGHT,), type="image/jpeg")
    cmyk = saved(Image.new("CMYK", (side, side), (0, 200, 200, 10)), "JPEG")
    yield Hostile("largest-cmyk.jpg", cmyk, notes=(PRINTERS,), type="image/jpeg")
    grey = saved(Image.new("I;16", (side, side), 30_000), "PNG", compress_level=1)
    yield Hostile("largest-16-bits.png", grey, notes=(SIXTEEN,))
    webp = saved(Image.new("RGBA", (3600, 3600), (20, 30, 200, 90)), "WEBP", method=0)
    yield Hostile("largest.webp", webp, type="image/webp")
    whole = saved(Image.new("RGB", (side, side)), "JPEG", progressive=True)
    yield Hostile("largest-progressive.jpg", whole, type="image/jpeg")


NAMES: Sequence[str] = (
    "../../../../tmp/evil.png",
    "..\\..\\evil.png",
    "/etc/cron.d/evil.png",
    "C:\\evil.png",
    "evil\0.php.png",
    "evil.png\n.html",
    "a" * 5000 + ".png",
    "\u202egnp.exe",
    "💥 ünïcödé.png",
    "evil.php",
    "con.png",
    ".htaccess",
    "%2e%2e%2fevil.png",
    "<script>.png",
    " ",
)


def misnamed() -> Iterator[Hostile]:
    """Good pictures with bad names and types: neither is believed."""
    for number, name in enumerate(NAMES):
        yield Hostile(name, saved(a_picture(size=(60 + number, 60)), "PNG"), type="text/html")
    yield Hostile("jpeg-called.png", saved(a_picture(), "JPEG"), type="application/x-php")
    yield Hostile("png-called.svg", saved(a_picture(), "PNG", compress_level=2), type="image/svg+xml")
