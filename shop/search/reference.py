"""Words that mean the same in any store of T-shirts and cushions; staff add their own."""

from shop.search.models import Synonyms

GROUPS = (
    "T-shirt, shirt, tee, top",
    "cushion, pillow",
    "bicycle, bike, cycling",
    "tea, kettle, cuppa, brew",
    "book, reading, library",
    "grey, gray",
)


def write_reference() -> None:
    """Write the groups where there are none; what staff changed stays."""
    if not Synonyms.objects.exists():
        Synonyms.objects.bulk_create(Synonyms(words=words) for words in GROUPS)
