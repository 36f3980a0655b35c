"""Plain mark-up, as people write it in mails, into HTML that is safe to show.

CommonMark with neither HTML nor pictures. A page has its own title, so the highest heading of a text is `<h2>`.
"""

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "a", "strong", "em", "br"}
LOWEST = 3
_READER = MarkdownIt("commonmark", {"html": False}).disable(["image", "code", "fence", "blockquote"])


def as_html(text: str) -> str:
    """Return the text as clean HTML: only `TAGS`, and links that lead to pages and mail addresses."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.type.startswith("heading_"):
            token.tag = f"h{min(int(token.tag[1:]) + 1, LOWEST)}"
    written = _READER.renderer.render(tokens, _READER.options, {})
    return nh3.clean(
        written, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}, link_rel=None
    )
