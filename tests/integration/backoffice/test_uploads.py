"""Uploaded pictures: what is refused, and what becomes of the others."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageCms

from catalogue import uploads


def encoded(image: Image.Image, format: str, **options: object) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, format, **options)
    return file


def png_header(width: int, height: int) -> io.BytesIO:
    """Return a PNG that says it is so large, and holds nearly nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)


SVG = io.BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')


@pytest.mark.parametrize(
    ("format", "options", "kept_as"),
    [
        ("JPEG", {}, "JPEG"),
        ("PNG", {}, "PNG"),
        ("WEBP", {}, "JPEG"),
        ("WEBP", {"lossless": True}, "PNG"),
    ],
)
def test_a_picture_is_drawn_anew_and_named_by_its_content(
    format: str, options: dict[str, bool], kept_as: str
) -> None:
    picture = Image.new("RGB", (40, 30), "#b3202a")
    first, second = (uploads.cleaned(encoded(picture, format, **options)) for _time in range(2))
    assert first.name == second.name
    assert (first.image.size, first.notes) == ((40, 30), ())
    assert Image.open(io.BytesIO(first.data)).format == kept_as


def test_a_transparent_picture_is_kept_without_losses() -> None:
    upload = uploads.cleaned(encoded(Image.new("RGBA", (4, 4), (255, 0, 0, 90)), "WEBP"))
    assert Image.open(io.BytesIO(upload.data)).format == "PNG"


def test_transparency_stays() -> None:
    upload = uploads.cleaned(encoded(Image.new("RGBA", (4, 4), (255, 0, 0, 0)), "PNG"))
    assert upload.image.mode == "RGBA"
    assert upload.image.getpixel((0, 0))[3] == 0


def test_metadata_is_dropped_and_the_picture_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera of a whistle-blower"
    upload = uploads.cleaned(encoded(Image.new("RGB", (40, 30)), "JPEG", exif=exif))
    assert upload.image.size == (30, 40)
    assert b"whistle" not in upload.data
    assert not Image.open(io.BytesIO(upload.data)).getexif()


def test_text_hidden_behind_a_picture_is_dropped() -> None:
    file = encoded(Image.new("RGB", (4, 4)), "PNG")
    file.seek(0, io.SEEK_END)
    file.write(b"<?php evil(); ?>")
    assert b"php" not in uploads.cleaned(file).data


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (io.BytesIO(b""), "empty"),
        (io.BytesIO(b"not a picture"), "not a JPEG"),
        (SVG, "not a JPEG"),
        (encoded(Image.new("P", (4, 4)), "GIF"), "not a JPEG"),
        (encoded(Image.new("RGB", (4, 4)), "TIFF"), "not a JPEG"),
        (io.BytesIO(encoded(Image.new("RGB", (400, 400)), "JPEG").getvalue()[:300]), "damaged"),
        (png_header(5001, 5000), "25 million"),
        (png_header(60_000, 60_000), "25 million"),
        (png_header(2**31 - 1, 2**31 - 1), "25 million"),
        (io.BytesIO(b"\xff\xd8" + b"x" * uploads.MAX_BYTES), "20 MB"),
    ],
)
def test_what_cannot_be_used_is_refused_in_plain_words(file: io.BytesIO, words: str) -> None:
    with pytest.raises(uploads.Refused, match=words):
        uploads.cleaned(file)


def test_sixteen_bits_of_grey_become_eight_and_not_white() -> None:
    upload = uploads.cleaned(encoded(Image.new("I;16", (4, 4), 40_000), "PNG"))
    assert upload.image.mode == "RGB"
    assert upload.image.getpixel((0, 0)) == (156, 156, 156)


def test_colours_for_print_become_those_of_a_screen() -> None:
    upload = uploads.cleaned(encoded(Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG"))
    assert upload.image.mode == "RGB"
    red, green, blue = upload.image.getpixel((0, 0))
    assert red > 240
    assert max(green, blue) < 15


def test_colours_of_another_profile_are_shown_as_they_were_meant() -> None:
    kept = uploads.cleaned(encoded(Image.new("RGB", (4, 4), "#b3202a"), "PNG", icc_profile=b"not a profile"))
    assert kept.image.getpixel((0, 0)) == (179, 32, 42)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = uploads.cleaned(encoded(Image.new("RGB", (4, 4), "#b3202a"), "PNG", icc_profile=srgb))
    assert same.image.getpixel((0, 0)) == (179, 32, 42)
    assert "icc_profile" not in Image.open(io.BytesIO(same.data)).info


def postscript() -> io.BytesIO:
    return encoded(Image.new("RGB", (4, 4)), "EPS")


def page_and_picture() -> io.BytesIO:
    """A file that a browser may take for a page and a viewer for a picture."""
    file = io.BytesIO(b"<html><script>alert(1)</script></html>")
    file.seek(0, io.SEEK_END)
    file.write(encoded(Image.new("RGB", (4, 4)), "PNG").getvalue())
    return file


def animated_png() -> io.BytesIO:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    return encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])


def cut_png() -> io.BytesIO:
    noise = Image.effect_noise((200, 200), 90)
    return io.BytesIO(encoded(noise, "PNG").getvalue()[:4000])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (postscript, "not a JPEG"),
        (page_and_picture, "not a JPEG"),
        (animated_png, "Moving"),
        (cut_png, "damaged"),
    ],
)
def test_hostile_files_by_another_name_are_refused(make: Callable[[], io.BytesIO], words: str) -> None:
    with pytest.raises(uploads.Refused, match=words):
        uploads.cleaned(make())


def test_moving_pictures_are_refused() -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    file = encoded(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(uploads.Refused, match="Moving"):
        uploads.cleaned(file)
