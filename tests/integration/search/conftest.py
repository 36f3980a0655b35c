"""The words of the sample catalogue, without its pictures."""

from collections import defaultdict

import pytest
from django.db import transaction

from shop.demo.artwork import ARTWORKS
from shop.demo.designs import sample_ranges, write_designs
from shop.demo.drawing import Drawn
from shop.demo.garments import write_garments
from shop.demo.stories import STORIES, write_stories
from shop.search import services
from shop.studio.ranges import write_ranges


@pytest.fixture
def sample(db: None) -> None:
    """Sixteen designs on T-shirts and cushions, and their stories, in the index."""
    drawn = {slug: Drawn("artwork.png", "", defaultdict(lambda: "mockup.jpg")) for slug in ARTWORKS}
    with transaction.atomic():
        designs = write_designs(drawn)
        write_ranges(sample_ranges(designs, write_garments(), drawn, 640))
        write_stories(designs, {story.slug: "stories/picture.jpg" for story in STORIES})
        services.refresh(designs=[design.pk for design in designs.values()])
