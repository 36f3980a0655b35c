import hashlib
import subprocess
import sys
import time

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from catalogue.mockups import BLANKS, GARMENTS, render, views_of
from catalogue.mockups.cloth import SET_COLOUR
from catalogue.mockups.picture import DRAWN_BY, _prepared
from tests.unit.mockups.measure import delta_e, outline

COLOURS = ("#f4f1ea", "#1c1b1a", "#c8321f", "#55633f", "#2f4a68")
EVERY_BLANK = pytest.mark.parametrize("blank", sorted(BLANKS))
SET_HEX = f"#{bytes(SET_COLOUR).hex()}"


def flat(colour: str, shape: tuple[int, int] = (300, 300)) -> Image.Image:
    return Image.new("RGBA", shape, colour)


def rgb(colour: str) -> tuple[int, int, int]:
    return tuple(bytes.fromhex(colour[1:]))


def steps_at_the_edge(blank: str, colour: str, size: int = 600) -> list[float]:
    """How far cloth and set differ, 3 pixels either side of every place of the outline; smallest first."""
    picture = render(blank=blank, colour=colour, artwork=None, size=size)
    return sorted(
        delta_e(picture.getpixel((edge + inwards, row)), picture.getpixel((edge - inwards, row)))
        for left, right, row in outline(_prepared(blank, size)[0].mask)[4:-4]
        for edge, inwards in ((left, 3), (right, -3))
    )


def edge_in_flat_cloth(blank: str, size: int) -> list[float]:
    """Where a straight print's left edge is, row by row, on the flat cloth; all the same if nothing bends it."""
    art = flat("#ffffff", BLANKS[blank].print_mm)
    picture = render(blank=blank, colour="#1c1b1a", artwork=art, size=size).convert("L")
    left, top, _, bottom = BLANKS[blank].print_area
    height = bottom - top
    found = []
    for row in range(round((top + 0.05 * height) * size), round((bottom - 0.05 * height) * size), 4):
        x, y = (round(part * size) for part in BLANKS[blank].view.seen((left, row / size)))
        bright = [
            place
            for place in range(x - size // 50, x + size // 50)
            if picture.getpixel((place, y)) > 110 and picture.getpixel((place + 1, y)) > 110
        ]
        found.append(BLANKS[blank].view.flat((bright[0] / size, y / size))[0] * size)
    return found


def test_a_tshirt_is_seen_from_three_sides_and_a_cushion_from_two():
    assert GARMENTS == ("tshirt", "cushion")
    assert [blank.name for blank in views_of("tshirt")] == ["tshirt", "tshirt-back", "tshirt-folded"]
    assert [blank.name for blank in views_of("cushion")] == ["cushion", "cushion-angle"]
    assert views_of("teapot") == []


def test_every_blank_has_its_drawing_function():
    assert set(DRAWN_BY) == set(BLANKS)


def test_only_the_back_does_not_show_the_print():
    assert [blank.name for blank in BLANKS.values() if blank.shows == "none"] == ["tshirt-back"]


@EVERY_BLANK
def test_a_picture_is_square_rgb_of_the_asked_size(blank):
    picture = render(blank=blank, colour="#55633f", artwork=None, size=240)

    assert (picture.mode, picture.size) == ("RGB", (240, 240))


@EVERY_BLANK
def test_another_process_draws_the_same_bytes(blank):
    code = (
        "import hashlib; from PIL import Image; from catalogue.mockups import render;"
        f"art = Image.new('RGBA', (300, 300), '#c8321f');"
        f"picture = render(blank={blank!r}, colour='#2f4a68', artwork=art, size=240);"
        "print(hashlib.sha256(picture.tobytes()).hexdigest())"
    )
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = render(blank=blank, colour="#2f4a68", artwork=flat("#c8321f"), size=240)

    assert elsewhere.stdout.strip() == hashlib.sha256(here.tobytes()).hexdigest()


@EVERY_BLANK
@pytest.mark.parametrize("colour", [*COLOURS, "#ffffff", "#000000"])
def test_every_cloth_keeps_its_silhouette(blank, colour):
    steps = steps_at_the_edge(blank, colour)

    assert steps[len(steps) // 50] >= 8


@EVERY_BLANK
def test_cloth_of_the_colour_of_the_set_is_still_seen(blank):
    steps = steps_at_the_edge(blank, SET_HEX)

    assert steps[len(steps) // 10] >= 8


@EVERY_BLANK
@pytest.mark.parametrize("colour", COLOURS)
def test_cloth_has_the_colour_that_was_asked_for(blank, colour):
    picture = render(blank=blank, colour=colour, artwork=None, size=400)
    middle = ImageStat.Stat(picture.crop((130, 130, 270, 300))).mean

    assert delta_e(tuple(round(level) for level in middle), rgb(colour)) < 6


@EVERY_BLANK
@pytest.mark.parametrize("colour", COLOURS)
def test_a_print_shows_its_edge_even_in_the_colour_of_the_cloth(blank, colour):
    bare = render(blank=blank, colour=colour, artwork=None, size=1200)
    same = render(blank=blank, colour=colour, artwork=flat(colour), size=1200)
    left, top, right, _ = BLANKS[blank].print_area
    x, y = (round(part * 1200) for part in BLANKS[blank].view.seen((left, top + (right - left) / 2)))
    lifted = ImageChops.difference(bare, same).convert("L").crop((x - 12, y - 100, x + 13, y + 100))
    strongest = [max(lifted.crop((0, row, 25, row + 1)).get_flattened_data()) for row in range(200)]

    assert sorted(strongest)[10] >= 5


@EVERY_BLANK
@pytest.mark.parametrize("colour", COLOURS)
def test_a_print_stands_out_from_every_cloth(blank, colour):
    ink = "#f4f1ea" if colour != "#f4f1ea" else "#1c1b1a"
    picture = render(blank=blank, colour=colour, artwork=flat(ink), size=600)
    left, top, right, _ = BLANKS[blank].print_area
    x, y = (round(part * 600) for part in BLANKS[blank].view.seen((left, top + (right - left) / 2)))

    assert delta_e(picture.getpixel((x + 10, y)), picture.getpixel((x - 10, y))) >= 35


@EVERY_BLANK
def test_the_light_on_the_folds_moves_the_print_by_eight_grey_levels(blank):
    picture = render(blank=blank, colour="#1c1b1a", artwork=flat("#808080", (300, 400)), size=1200)
    left, top, right, bottom = BLANKS[blank].print_box(1200)
    inside = (left + 130, top + 60, right - 130, bottom - 60)
    smooth = picture.convert("L").filter(ImageFilter.GaussianBlur(8)).crop(inside)
    darkest, lightest = smooth.getextrema()

    assert lightest - darkest >= 8


@EVERY_BLANK
def test_the_folds_move_a_straight_edge_by_three_pixels(blank):
    lefts = edge_in_flat_cloth(blank, 1200)

    assert max(lefts) - min(lefts) >= 3


@EVERY_BLANK
def test_a_view_shows_every_point_where_it_says(blank):
    view = BLANKS[blank].view
    left, top, right, bottom = BLANKS[blank].print_area
    for point in ((left, top), (right, top), (right, bottom), (left, bottom), (0.5, 0.5), (0.3, 0.6)):
        there = view.flat(view.seen(point))

        assert max(abs(there[0] - point[0]), abs(there[1] - point[1])) < 0.0005


def test_the_nearer_side_of_a_standing_cushion_is_larger():
    left, top, right, bottom = BLANKS["cushion-angle"].print_area
    seen = BLANKS["cushion-angle"].view.seen
    near, far = (seen((side, bottom))[1] - seen((side, top))[1] for side in (left, right))
    width = seen((right, 0.5))[0] - seen((left, 0.5))[0]

    assert near >= far * 1.08
    assert width <= 0.88 * (right - left)


def test_half_of_a_print_on_a_standing_cushion_takes_more_room_on_the_nearer_side():
    art = flat("#f4f1ea")
    art.paste("#c8321f", (150, 0, 300, 300))
    picture = render(blank="cushion-angle", colour="#1c1b1a", artwork=art, size=600)
    left, top, right, bottom = BLANKS["cushion-angle"].print_area
    x, y = BLANKS["cushion-angle"].view.seen(((left + right) / 2, (top + bottom) / 2))
    either_side = [picture.getpixel((round(x * 600) + step, round(y * 600))) for step in (-8, 8)]

    assert delta_e(either_side[0], rgb("#f4f1ea")) < 20
    assert delta_e(either_side[1], rgb("#c8321f")) < 30


@EVERY_BLANK
def test_nothing_is_printed_outside_the_print_area(blank):
    bare = render(blank=blank, colour="#1c1b1a", artwork=None, size=600)
    full = render(blank=blank, colour="#1c1b1a", artwork=flat("#ffffff", BLANKS[blank].print_mm), size=600)
    left, top, right, bottom = BLANKS[blank].print_box(600)
    changed = ImageChops.difference(bare, full).getbbox()

    assert changed[0] >= left - 12
    assert changed[1] >= top - 12
    assert changed[2] <= right + 12
    assert changed[3] <= bottom + 12


@EVERY_BLANK
def test_a_transparent_artwork_prints_nothing(blank):
    bare = render(blank=blank, colour="#c8321f", artwork=None, size=240)
    empty = render(blank=blank, colour="#c8321f", artwork=flat("#00000000"), size=240)

    assert bare.tobytes() == empty.tobytes()


@EVERY_BLANK
def test_cloth_has_grain(blank):
    picture = render(blank=blank, colour="#55633f", artwork=None, size=1200).convert("L")
    patch = picture.crop((560, 500, 640, 580))
    fine = ImageChops.difference(patch, patch.filter(ImageFilter.GaussianBlur(3)))

    assert ImageStat.Stat(fine).mean[0] >= 0.5


@EVERY_BLANK
def test_a_first_picture_takes_less_than_a_second_and_a_half(blank):
    _prepared.cache_clear()
    art = flat("#c8321f", (1800, 2200))
    started = time.process_time()
    render(blank=blank, colour="#f4f1ea", artwork=art, size=1200)

    assert time.process_time() - started < 1.5


def test_an_unknown_blank_is_refused():
    with pytest.raises(KeyError, match="teapot"):
        render(blank="teapot", colour="#ffffff", artwork=None, size=64)


def test_a_colour_that_is_none_is_refused():
    with pytest.raises(ValueError, match="greenish"):
        render(blank="tshirt", colour="greenish", artwork=None, size=64)
