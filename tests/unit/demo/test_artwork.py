import time
from itertools import combinations

import pytest
from PIL import Image, ImageChops, ImageStat

from catalogue.mockups import BLANKS
from shop.demo.artwork import ARTWORKS, CLOTH, draw, needs_dark
from shop.demo.artwork.inks import DARK, LIGHT
from tests.unit.mockups.measure import delta_e

THEMES = {"Reading", "Kitchen", "City", "Nature", "Letters", "Sky"}
EVERY_DESIGN = pytest.mark.parametrize("slug", list(ARTWORKS))
EITHER = pytest.mark.parametrize("dark", [False, True])


def rgb(colour: str) -> tuple[int, int, int]:
    return tuple(bytes.fromhex(colour[1:]))


def thumbnail(slug: str) -> Image.Image:
    print_ = draw(slug, width=300)
    page = Image.new("RGBA", print_.size, "white")
    return Image.alpha_composite(page, print_).convert("RGB").resize((24, 24), Image.Resampling.BOX)


def test_there_are_sixteen_designs_with_names_of_their_own():
    assert len(ARTWORKS) == 16
    assert len({artwork.title for artwork in ARTWORKS.values()}) == 16
    assert [artwork.slug for artwork in ARTWORKS.values()] == list(ARTWORKS)


def test_no_two_designs_look_alike():
    pictures = {slug: thumbnail(slug) for slug in ARTWORKS}
    alike = [
        (one, other)
        for one, other in combinations(pictures, 2)
        if sum(ImageStat.Stat(ImageChops.difference(pictures[one], pictures[other])).mean) < 30
    ]

    assert alike == []


@EVERY_DESIGN
@EITHER
def test_a_print_fits_its_sheet_and_fills_it(slug, dark):
    ink = draw(slug, dark=dark, width=600).getchannel("A")
    left, top, right, bottom = ink.getbbox()

    assert min(left, top, ink.width - right, ink.height - bottom) >= 3
    assert right - left >= 0.72 * ink.width
    assert bottom - top >= 0.8 * ink.height


@EVERY_DESIGN
def test_a_print_stands_in_the_middle(slug):
    ink = draw(slug, width=600).getchannel("A")
    left, _, right, _ = ink.getbbox()

    assert abs((left + right) / 2 - 300) <= 24


@EVERY_DESIGN
def test_a_print_is_ink_on_a_transparent_ground(slug):
    print_ = draw(slug, width=600)
    covered = ImageStat.Stat(print_.getchannel("A")).mean[0] / 255

    assert print_.mode == "RGBA"
    assert 0.08 <= covered <= 0.75


@EVERY_DESIGN
def test_a_print_uses_two_to_four_inks(slug):
    print_ = draw(slug, width=400)
    solid = {colour for _, colour in print_.getcolors(maxcolors=print_.width * print_.height)}
    used = solid & {(*rgb(ink), 255) for ink in vars(LIGHT).values()}

    assert 2 <= len(used) <= 4


@EVERY_DESIGN
def test_a_print_is_drawn_the_same_every_time_and_otherwise_for_dark_cloth(slug):
    print_ = draw(slug, width=300)

    assert print_.tobytes() == draw(slug, width=300).tobytes()
    assert print_.tobytes() != draw(slug, dark=True, width=300).tobytes()


def test_a_print_is_drawn_within_a_second_and_a_half():
    slowest = 0.0
    for slug in ARTWORKS:
        started = time.process_time()
        assert draw(slug).width == 1800
        slowest = max(slowest, time.process_time() - started)

    assert slowest < 1.5


@pytest.mark.parametrize("colour", sorted(CLOTH))
def test_every_ink_stands_out_from_every_cloth_it_is_printed_on(colour):
    inks = DARK if needs_dark(colour) else LIGHT

    assert min(delta_e(rgb(ink), rgb(CLOTH[colour])) for ink in vars(inks).values()) >= 20


def test_only_light_cloth_takes_the_light_variant():
    assert [colour for colour in CLOTH if not needs_dark(colour)] == ["paper"]


@EVERY_DESIGN
def test_a_design_says_what_the_catalogue_needs(slug):
    artwork = ARTWORKS[slug]

    assert set(artwork.themes) <= THEMES
    assert len(artwork.summary) <= 70
    assert 2 <= artwork.story.count(". ") + 1 <= 4
    assert set(artwork.garments) <= set(BLANKS)
    assert all(set(colours) <= set(CLOTH) for colours in artwork.garments.values())
