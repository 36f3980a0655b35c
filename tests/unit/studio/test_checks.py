"""What is said of an artwork before it is printed."""

import pytest
from PIL import Image, ImageDraw

from shop.studio.checks import Area, findings, is_dark

SHIRT = Area("T-shirt", 330, 440)
WHITE, BLACK, RED = "#f7f4ec", "#141414", "#c8190a"


def an_artwork(
    size: tuple[int, int] = (4000, 5300), ink: str = RED, *, box: tuple[float, ...] = (0.05, 0.05, 0.95, 0.95)
) -> Image.Image:
    """Return a disc of ink on transparent ground, in this part of the picture."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    corners = [round(part * side) for part, side in zip(box, size * 2, strict=True)]
    ImageDraw.Draw(picture).rectangle((*corners[:2], corners[2] - 1, corners[3] - 1), fill=ink)
    return picture


def said(artwork: Image.Image, **cloth: str) -> list[tuple[str, str]]:
    return [(f.level, f.text) for f in findings(artwork, [SHIRT], cloth or {"White": WHITE, "Black": BLACK})]


def test_a_good_artwork_gives_nothing_to_say() -> None:
    assert said(an_artwork()) == []


def test_a_small_artwork_says_how_large_it_can_be_printed() -> None:
    ((level, text),) = said(an_artwork((1200, 1600)))
    assert level == "warn"
    assert "33.0 × 44.0 cm it has 92 dots an inch" in text
    assert "good for 15.2 × 20.3 cm at 200 dots an inch, 10.2 × 13.5 cm at 300" in text


def test_an_artwork_between_soft_and_sharp_is_noted() -> None:
    ((level, text),) = said(an_artwork((3000, 4000)))
    assert level == "note"
    assert "230 dots an inch" in text
    assert "perfectly sharp up to 25.4 × 33.9 cm" in text


def test_an_opaque_picture_is_printed_as_a_rectangle() -> None:
    ((level, text),) = said(an_artwork().convert("RGB"), Blue="#2244aa")
    assert level == "warn"
    assert "full rectangle" in text


def test_colours_of_a_printer_are_said() -> None:
    found = said(Image.new("CMYK", (4000, 5300), (0, 220, 220, 0)))
    assert [level for level, _text in found] == ["warn", "warn"]
    assert found[0][1].startswith("Its colours (CMYK) are not a screen’s")


@pytest.mark.parametrize("alpha", [0, 90])
def test_a_picture_of_nothing_cannot_be_printed(alpha: int) -> None:
    ((level, text),) = said(Image.new("RGBA", (4000, 5300), (200, 0, 0, alpha)))
    assert level == "stop"
    assert "nothing in the picture" in text


def test_ink_of_the_cloths_colour_names_the_cloth() -> None:
    found = said(an_artwork(ink="#181818"), White=WHITE, Black=BLACK, Charcoal="#202022")
    assert [text.split(",")[0] for _level, text in found] == ["On Black", "On Charcoal"]
    assert "100 % of the ink" in found[0][1]


def test_a_detail_in_the_cloths_colour_is_left_alone() -> None:
    artwork = an_artwork()
    ImageDraw.Draw(artwork).rectangle((1000, 1000, 1500, 1500), fill=BLACK)
    assert said(artwork) == []


@pytest.mark.parametrize(
    ("box", "edge"),
    [
        ((0.0, 0.1, 0.9, 0.9), "left"),
        ((0.1, 0.1, 0.9, 1.0), "bottom"),
        ((0.3, 0.0, 1.0, 0.9), "top and right"),
    ],
)
def test_content_that_runs_out_of_the_picture_is_said(box: tuple[float, ...], edge: str) -> None:
    ((level, text),) = said(an_artwork(box=box))
    assert level == "warn"
    assert f"the {edge} edge" in text


def test_a_picture_cut_to_its_artwork_is_fine() -> None:
    artwork = an_artwork(box=(0.0, 0.0, 1.0, 1.0))
    ImageDraw.Draw(artwork).rectangle((500, 500, 900, 900), fill=(0, 0, 0, 0))
    assert said(artwork) == []


def test_much_empty_border_is_said() -> None:
    ((level, text),) = said(an_artwork(box=(0.1, 0.1, 0.4, 0.4)))
    assert level == "warn"
    assert "only 9 %" in text


@pytest.mark.parametrize(
    ("hex_", "expected"),
    [("#ffffff", False), ("#000000", True), ("#1f2a44", True), ("#f2c200", False), ("#a0a0a0", False)],
)
def test_dark_cloth_is_known_by_its_lightness(hex_: str, expected: bool) -> None:
    assert is_dark(hex_) is expected
