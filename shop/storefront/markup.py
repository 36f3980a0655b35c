"""XML written piece by piece, so that a feed of any length can be sent while it is made."""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

#: What XML 1.0 cannot hold, however it is written.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def plain(text: Any) -> str:
    """Return text without the control characters no XML may hold."""
    return _IMPOSSIBLE.sub("", str(text))


def opening(name: str, attributes: dict[str, str], *, end: str = ">") -> str:
    """Return the tag that opens an element; one that holds nothing has "/>" as its end."""
    pairs = "".join(f" {key}={quoteattr(plain(value))}" for key, value in attributes.items())
    return f"<{name}{pairs}{end}"


def element(name: str, content: Any) -> str:
    """Return an element that holds a text."""
    return f"<{name}>{escape(plain(content))}</{name}>"


def parent(name: str, *children: str) -> str:
    """Return an element that holds elements."""
    return f"<{name}>{''.join(children)}</{name}>"
