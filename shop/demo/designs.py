"""The sample designs as rows, and the ranges they are sold in."""

from collections.abc import Mapping

from django.utils.text import slugify

from catalogue.mockups import views_of
from catalogue.models import Category, Colour, Design, Garment
from shop.demo.artwork import ARTWORKS, Artwork
from shop.demo.drawing import Drawn
from shop.demo.garments import prices_of
from shop.demo.ranges import whole_range
from shop.studio.pictures import Wanted, alt_of
from shop.studio.ranges import Picture, Range

#: The start of a design's SKUs.
CODES = {
    "read-slowly": "SNAIL",
    "a-better-question": "ASK",
    "footnotes-forever": "NOTE",
    "across-the-story": "CAT",
    "keep-a-light-on": "LIGHT",
    "the-kettle-is-on": "KETTLE",
    "morning-edition": "SUN",
    "corrections-welcome": "ERRATA",
    "ripe-for-discussion": "TOMATO",
    "dear-reader": "DEAR",
    "paper-planes": "PLANES",
    "every-story-grows": "MOON",
    "and-another-thing": "AND",
    "good-news-travels": "BIKE",
    "one-more-chapter": "LAMP",
    "letters-in-leaf": "TREE",
}


def write_designs(drawn: Mapping[str, Drawn]) -> dict[str, Design]:
    """Write the designs that are missing, with their themes; return all by their slug here."""
    themes = _themes()
    return {
        slug: _design(ARTWORKS[slug], position, pictures, themes)
        for position, (slug, pictures) in enumerate(drawn.items())
    }


def _themes() -> dict[str, Category]:
    names = dict.fromkeys(name for artwork in ARTWORKS.values() for name in artwork.themes)
    return {name: _theme(name) for name in names}


def _theme(name: str) -> Category:
    known = Category.objects.filter(slug=slugify(name), depth=1).first()
    return known or Category.objects.add_root(instance=Category(name=name, slug=slugify(name)))


def _design(artwork: Artwork, position: int, drawn: Drawn, themes: Mapping[str, Category]) -> Design:
    values = {
        "title": artwork.title,
        "slug": artwork.slug,
        "summary": artwork.summary,
        "story": f"<p>{artwork.story}</p>",
        "artwork": drawn.artwork,
        "artwork_dark": drawn.artwork_dark,
        "is_public": True,
        "position": position,
    }
    design, is_new = Design.objects.get_or_create(code=CODES[artwork.slug], defaults=values)
    if is_new:
        design.themes.set([themes[name] for name in artwork.themes])
    return design


def sample_ranges(
    designs: Mapping[str, Design], garments: Mapping[str, Garment], drawn: Mapping[str, Drawn], size: int
) -> list[Range]:
    """Return every design on the garments it suits, the first design last (lists start with the newest)."""
    colours = {colour.code: colour for colour in Colour.objects.all()}
    return [
        whole_range(
            designs[slug],
            garments[blank],
            colours=[colours[code] for code in codes],
            sizes=list(garments[blank].sizes.all()),
            prices=prices_of(garments[blank]),
            pictures={
                colours[code].pk: [
                    _picture(Wanted(garments[blank], colours[code], view), designs[slug], drawn[slug], size)
                    for view in views_of(blank)
                    if (view.name, code) in drawn[slug].mockups
                ]
                for code in codes
            },
            themes=designs[slug].themes.all(),
        )
        for slug in reversed(list(designs))
        for blank, codes in reversed(ARTWORKS[slug].garments.items())
    ]


def _picture(shown: Wanted, design: Design, drawn: Drawn, size: int) -> Picture:
    name = drawn.mockups[shown.blank.name, shown.colour.code]
    return Picture(name, alt_of(shown, design), size, shown.view)
