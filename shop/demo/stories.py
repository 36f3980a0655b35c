"""Sample stories: small, original and about nobody in particular, each with a picture drawn by code."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.utils import timezone
from django.utils.text import slugify
from PIL import Image, ImageDraw

from catalogue.models import Design
from shop.articles.models import Article, ArticleDesign
from shop.demo.artwork import draw
from shop.demo.drawing import store_named

SIDES = (1200, 675)
#: The design stays within this part of the picture.
ROOM = (560, 590)


@dataclass(frozen=True)
class Story:
    """A sample story; `links` are the designs that belong to it, each with a note why."""

    title: str
    summary: str
    alt: str
    ground: str
    pattern: str
    days_ago: int
    links: Mapping[str, str]

    @property
    def slug(self) -> str:
        return slugify(self.title)

    @property
    def url(self) -> str:
        return f"https://example.org/stories/{self.slug}"


STORIES = (
    Story(
        "The library that stays open until the last page",
        "One reading room, one rule: the lights go out when the last reader has finished the chapter. We "
        "spent a long evening among the shelves, and came home with more books than we had carried in.",
        "A snail with a rolled-up newspaper for a shell, on a yellow ground",
        "#e3b23c",
        "#d9a42c",
        3,
        {
            "read-slowly": "The shirt from this story.",
            "one-more-chapter": "For the last reader in the room.",
            "footnotes-forever": "For those who read the small print too.",
        },
    ),
    Story(
        "Three questions to ask before breakfast",
        "Good questions are easier before the day has answers in it. A small collection from our readers' "
        "kitchens, with tea stains, in the order in which they arrived.",
        "Four bands of ink that bend like a road, on a pale blue ground",
        "#b9cfdb",
        "#aac3d1",
        9,
        {
            "a-better-question": "It is printed on the front, so that you need not say it.",
            "the-kettle-is-on": "Every one of the answers began with this.",
        },
    ),
    Story(
        "A garden on the ninth floor",
        "It began with one tomato plant and a borrowed ladder. Now the roof feeds four households and "
        "several hundred bees, and nobody can say any more whose idea it was.",
        "A tomato made of printer's dots, on a mint green ground",
        "#bcd2b4",
        "#adc7a4",
        16,
        {
            "ripe-for-discussion": "Drawn from a tomato of that roof's sort.",
            "letters-in-leaf": "There is a bench up there as well.",
        },
    ),
    Story(
        "The slow post, and what it carried",
        "A bicycle, a wicker basket and forty letters a day: we rode along on the hilliest round of the "
        "week and learned which gates squeak, which dogs sing, and where the good bread is.",
        "A bicycle with newspapers in its basket, on a warm pink ground",
        "#efb8a2",
        "#e9aa91",
        24,
        {
            "good-news-travels": "The bicycle, with its basket full.",
            "dear-reader": "How most of the letters began.",
            "paper-planes": "The other way to send a letter.",
        },
    ),
    Story(
        "In praise of the correction",
        "We print ours on the front page, in red, and have come to look forward to them. What a year of "
        "getting things wrong in public has taught one small desk about getting them right.",
        "A large ampersand printed three times, on a sand-coloured ground",
        "#e5d5b5",
        "#dbc9a4",
        31,
        {
            "and-another-thing": "There is always one more.",
            "corrections-welcome": "The one we left out on purpose.",
        },
    ),
    Story(
        "Night shift at the lighthouse",
        "The lamp has turned by itself for years, and still somebody climbs the stairs every evening to "
        "wish it good night. A report from the top step, with cocoa, a cat and a great deal of weather.",
        "A lighthouse with six beams above the waves, on a night blue ground",
        "#2f4a68",
        "#385575",
        45,
        {
            "keep-a-light-on": "The lighthouse itself, beams and all.",
            "every-story-grows": "What there is to look at between ships.",
            "across-the-story": "The cat of this story, on duty.",
        },
    ),
)


def draw_stories() -> dict[str, str]:
    """Return the stored picture of every story by its slug, drawing those that are missing."""
    return {story.slug: store_named(_file_name(story), partial(_picture, story)) for story in STORIES}


def _file_name(story: Story) -> str:
    recipe = repr((story.ground, story.pattern, next(iter(story.links)), SIDES, ROOM))
    return f"stories/{story.slug}-{hashlib.sha256(recipe.encode()).hexdigest()[:12]}.jpg"


def _picture(story: Story) -> bytes:
    """Draw a field of dots with the whole of the first design on it."""
    picture = Image.new("RGB", SIDES, story.ground)
    pen = ImageDraw.Draw(picture)
    for row in range(24):
        for column in range(42):
            x, y, radius = column * 30 + row % 2 * 15, row * 30, 2 + (row + column) % 8
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=story.pattern)
    is_dark = sum(picture.getpixel((SIDES[0] - 3, 3))) < 380  # type: ignore[arg-type]
    artwork = draw(next(iter(story.links)), dark=is_dark, width=ROOM[0])
    artwork.thumbnail(ROOM)
    picture.paste(artwork, ((SIDES[0] - artwork.width) // 2, (SIDES[1] - artwork.height) // 2), artwork)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=82, optimize=True, progressive=True)
    return file.getvalue()


def write_stories(designs: Mapping[str, Design], pictures: Mapping[str, str]) -> None:
    """Write the stories that are missing, with their links; one that is there stays as staff left it."""
    for story in STORIES:
        article, is_new = Article.objects.get_or_create(
            url=story.url, defaults=_values(story, pictures[story.slug])
        )
        if is_new:
            ArticleDesign.objects.bulk_create(
                ArticleDesign(article=article, design=designs[slug], position=position, note=note)
                for position, (slug, note) in enumerate(story.links.items())
            )


def _values(story: Story, picture: str) -> dict[str, object]:
    return {
        "title": story.title,
        "slug": story.slug,
        "summary": story.summary,
        "image": picture,
        "image_alt": story.alt,
        "authors": "The sample desk",
        "published_at": timezone.now() - timedelta(days=story.days_ago),
    }
