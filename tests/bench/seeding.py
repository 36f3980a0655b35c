"""Fills the store for measuring: every third product with 6 variants, 3 pictures each, 10 themes, some stories.

Prints the paths of the pages to look at, as JSON.
"""

import json
import sys
from functools import partial
from io import StringIO

import django

django.setup()

from decimal import Decimal  # noqa: E402

from django.core.management import call_command, get_commands  # noqa: E402
from PIL import Image  # noqa: E402

from catalogue.models import Category, Colour, Design, Garment, Product  # noqa: E402
from catalogue.pictures import save_picture  # noqa: E402
from catalogue.selectors import product_url  # noqa: E402
from shop.articles.models import Article, ArticleDesign  # noqa: E402
from shop.demo.garments import write_garments  # noqa: E402
from shop.studio.ranges import Picture, Range, Variant, write_ranges  # noqa: E402
from shop.transactions import durably  # noqa: E402

BATCH, THEMES, STORIES, PICTURES = 500, 10, 12, 3
WORDS = (
    "Harbour",
    "Lantern",
    "Orchard",
    "Ferry",
    "Chimney",
    "Meadow",
    "Compass",
    "Kettle",
    "Willow",
    "Market",
)


def seed(products: int) -> dict[str, str]:
    garments = list(durably(write_garments).values())
    themes = [Category.add_root(name=f"Theme {number}", slug=f"theme-{number}") for number in range(THEMES)]
    picture = save_picture(Image.new("RGB", (1200, 1200), "#b3202a"))
    for first in range(0, products, BATCH):
        numbers = range(first, min(first + BATCH, products))
        durably(partial(_write, numbers, garments, themes, picture))
    durably(partial(_write_stories, picture))
    if "rebuild_search" in get_commands():
        call_command("rebuild_search", verbosity=0, stdout=StringIO())
    product = Product.objects.filter(structure=Product.PARENT, title__startswith=_title(products // 6 * 3))
    return {
        "home": "/",
        "list": "/catalogue/",
        "product": product_url(product.get()),
        "search": "/search/?q=lantern",
    }


def _title(number: int) -> str:
    return f"{WORDS[number % len(WORDS)]} {number:05}"


def _write(numbers: range, garments: list[Garment], themes: list[Category], picture: str) -> None:
    designs = Design.objects.bulk_create(_design(number, picture) for number in numbers)
    Design.themes.through.objects.bulk_create(
        Design.themes.through(design=design, category=themes[number % THEMES])
        for number, design in zip(numbers, designs, strict=True)
    )
    write_ranges(
        [
            _range(number, design, garments[number % len(garments)], themes[number % THEMES], picture)
            for number, design in zip(numbers, designs, strict=True)
        ]
    )


def _design(number: int, picture: str) -> Design:
    return Design(
        title=_title(number),
        slug=f"design-{number}",
        code=f"B{number:06}",
        summary="Made for measuring, not for wearing.",
        story="<p>Somebody wanted to know how fast a shop can be, and counted.</p>",
        artwork=picture,
        is_public=True,
        position=number,
    )


def _range(number: int, design: Design, garment: Garment, theme: Category, picture: str) -> Range:
    """Two colours in three sizes, or one of each."""
    has_variants = number % 3 == 0
    colours = list(garment.colours.all())[: 2 if has_variants else 1]
    sizes = (list(garment.sizes.all()) * 2)[: 3 if has_variants else 1]
    sizes = list(dict.fromkeys(sizes))
    if has_variants and len(sizes) < 3:  # a garment of two sizes has three colours
        colours = list(garment.colours.all())[:3]
    variants = [
        Variant(colour, size, f"{design.code}-{colour.code}-{size.code}".upper(), Decimal(20 + number % 9), 7)
        for colour in colours
        for size in sizes
    ]
    views = _shared_out(colours, picture)
    return Range(design, garment, variants, views, [theme])


def _shared_out(colours: list[Colour], picture: str) -> dict[int, list[Picture]]:
    """Three pictures between the colours."""
    found: dict[int, list[Picture]] = {}
    for number in range(PICTURES):
        shots = found.setdefault(colours[number % len(colours)].pk, [])
        shots.append(Picture(picture, f"A print, seen {number + 1}", 1200, f"view-{number}" if shots else ""))
    return found


def _write_stories(picture: str) -> None:
    designs = list(Design.objects.order_by("-pk")[: 2 * STORIES])
    for number in range(STORIES):
        story = Article.objects.create(
            title=f"A story about {_title(number)}",
            slug=f"story-{number}",
            url=f"https://paper.example/{number}",
            summary="What happened, and why it matters.",
            image=picture,
        )
        for position, design in enumerate(designs[2 * number : 2 * number + 2]):
            ArticleDesign.objects.create(article=story, design=design, position=position)


if __name__ == "__main__":
    print(json.dumps(seed(int(sys.argv[1]))))
