import io
import subprocess
import sys

import pytest
from PIL import Image

from catalogue.mockups import BLANKS, WIDTHS, render, renditions
from catalogue.mockups.__main__ import seconds


@pytest.fixture(scope="module")
def picture():
    art = Image.new("RGBA", (300, 300), "#c8321f")
    return render(blank="tshirt", colour="#2f4a68", artwork=art, size=1600)


@pytest.fixture(scope="module")
def files(picture):
    return list(renditions(picture))


def test_every_width_comes_in_every_format(files):
    expected = [(width, name) for width in WIDTHS for name in ("avif", "webp", "jpeg")]

    assert [(file.width, file.format) for file in files] == expected


def test_every_file_opens_as_what_it_says(files):
    for width, name, data in files:
        with Image.open(io.BytesIO(data)) as opened:
            assert (opened.format, opened.size) == (name.upper(), (width, width))


def test_a_card_picture_is_small(files):
    card = next(file for file in files if (file.width, file.format) == (320, "avif"))

    assert len(card.data) <= 12_000


def test_the_same_picture_gives_the_same_files(picture, files):
    assert list(renditions(picture)) == files


def test_a_small_picture_is_not_enlarged(picture):
    assert {file.width for file in renditions(picture.resize((700, 700)))} == {320, 640}


@pytest.mark.parametrize("blank", sorted(BLANKS))
def test_a_first_mockup_with_all_its_files_takes_less_than_three_seconds(blank):
    assert seconds(blank) < 3.0


def test_the_contact_sheet_shows_every_blank_in_every_colour(tmp_path):
    out = tmp_path / "sheet.png"
    command = [sys.executable, "-m", "catalogue.mockups", "--out", str(out), "--size", "120"]
    subprocess.run(command, check=True, capture_output=True)

    with Image.open(out) as sheet:
        assert sheet.size == (600, 600)
