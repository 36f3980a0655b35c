"""Rich text: which mark-up of what staff write is kept."""

import nh3

TAGS = {"p", "em", "strong", "a", "ul", "ol", "li", "br"}


def clean(html: str) -> str:
    """Return the text with the tags we print and no others; empty when nothing is left to read.

    The editor leaves a paragraph with a break in it where somebody pressed Enter once more than needed.
    """
    kept = nh3.clean(html, tags=TAGS).replace("<p><br></p>", "").strip()
    return kept if nh3.clean(kept, tags=set()).strip() else ""
