"""The sample catalogue: pictures first, then one short transaction that writes everything or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shop.demo.artwork import ARTWORKS
from shop.demo.designs import sample_ranges, write_designs
from shop.demo.drawing import SIZE, Drawn, Say, draw_designs
from shop.demo.garments import write_garments
from shop.demo.reviews import write_reviews
from shop.demo.stories import draw_stories, write_stories
from shop.demo.vouchers import write_voucher
from shop.search import services as search
from shop.studio.ranges import Range, write_ranges
from shop.studio.services import draw_cards
from shop.transactions import durably


@dataclass(frozen=True)
class Loaded:
    """What a load has looked at, and how many variants it found missing and wrote."""

    designs: int
    variants: int
    ranges: Sequence[Range] = ()


def load_sample(*, size: int = SIZE, say: Say = lambda line: None) -> Loaded:
    """Load the sample catalogue: a second call adds only what is missing and changes nothing.

    `size` is the side of the pictures in pixels. Opens its own transaction, after the pictures are stored.
    """
    drawn = draw_designs(list(ARTWORKS), size=size, say=say)
    pictures = draw_stories()
    loaded = durably(lambda: write_sample(drawn, pictures, size))
    draw_cards(loaded.ranges)
    return loaded


def write_sample(drawn: Mapping[str, Drawn], story_pictures: Mapping[str, str], size: int) -> Loaded:
    """Write the rows that are missing, with pictures that are stored already; in the caller's transaction."""
    designs = write_designs(drawn)
    ranges = sample_ranges(designs, write_garments(), drawn, size)
    variants = write_ranges(ranges)
    write_reviews(designs)
    write_stories(designs, story_pictures)
    search.refresh(designs=[design.pk for design in designs.values()])
    write_voucher()
    return Loaded(len(designs), variants, ranges)
