"""What is wrong with an HTML page, as a validator would say it: nesting, ids, labels, references, obsolete markup.

Small and strict: end tags must be written wherever we write them, so anything unbalanced is a slip of a template.
"""

from collections import Counter
from html.parser import HTMLParser


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _words("area base br col embed hr img input link meta param source track wbr")
OBSOLETE = _words("acronym applet basefont big center dir font frame frameset marquee nobr strike tt")
OBSOLETE_ATTRIBUTES = _words(
    "align alink background bgcolor border cellpadding cellspacing frameborder hspace language marginheight "
    "marginwidth nowrap scrolling text valign vlink vspace"
)
#: Of these a page has exactly one.
_ONCE = ("title", "main", "h1", "head", "body", "html")
#: Attributes that name other elements by their ids.
REFERENCES = (
    "for", "form", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
    "aria-activedescendant", "aria-errormessage", "aria-details",
)  # fmt: skip
#: What may not stand inside a paragraph.
_BLOCK = _words(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "main nav ol p pre section table ul"
)
_INLINE_PARENTS = _words("p span h1 h2 h3 h4 h5 h6 strong em button label")
_LISTS = {"ul": {"li", "script", "template"}, "ol": {"li", "script", "template"}}
_NAMED_BY_THEMSELVES = ("hidden", "submit", "button", "image", "reset")


class _Reader(HTMLParser):
    """Walks a page and notes what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.references: list[tuple[str, str]] = []
        self.labelled: set[str] = set()
        self.fields: list[tuple[str, dict[str, str]]] = []
        self.headings: list[int] = []

    def say(self, words: str) -> None:
        self.problems.append(f"line {self.getpos()[0]}: {words}")

    def handle_decl(self, decl: str) -> None:
        if decl != "doctype html":
            self.say(f"another doctype: {decl}")

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in pairs}
        self.seen[tag] += 1
        for name, times in Counter(name for name, _value in pairs).items():
            if times > 1:
                self.say(f"<{tag}> has {name} twice")
        self._nesting(tag)
        self._names(tag, attributes)
        self._elements(tag, attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, pairs)
        if tag not in VOID:
            self.open.pop()
            if "svg" not in self.open and tag != "svg":
                self.say(f"<{tag}/> does not close an element of HTML")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.say(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def _nesting(self, tag: str) -> None:
        above = self.open[-1] if self.open else ""
        if tag in OBSOLETE:
            self.say(f"<{tag}> is obsolete")
        if above in _LISTS and tag not in _LISTS[above]:
            self.say(f"<{tag}> directly in <{above}>")
        if tag == "li" and above not in ("ul", "ol", "menu", "template"):
            self.say(f"<li> in <{above}>")
        if tag in _BLOCK and above in _INLINE_PARENTS:
            self.say(f"<{tag}> in <{above}>")
        if tag in ("a", "button") and {"a", "button"} & set(self.open):
            self.say(f"<{tag}> inside of what is pressed itself")
        if tag == "form" and "form" in self.open:
            self.say("a form in a form")

    def _names(self, tag: str, attributes: dict[str, str]) -> None:
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
            if not attributes["id"] or any(letter.isspace() for letter in attributes["id"]):
                self.say(f"the id {attributes['id']!r}")
        self.references += [(name, attributes[name]) for name in REFERENCES if name in attributes]
        if tag == "a" and attributes.get("href", "").startswith("#"):
            self.references.append(("href", attributes["href"][1:]))
        for name in OBSOLETE_ATTRIBUTES & attributes.keys():
            self.say(f"<{tag} {name}> is obsolete")
        for name in attributes:
            if name == "style" or name.startswith("on"):
                self.say(f"<{tag} {name}> stands in the page itself")

    def _elements(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "img":
            missing = [name for name in ("src", "alt") if name not in attributes]
            self.problems += [f"an image without {name}: {attributes.get('src')}" for name in missing]
        if tag in ("input", "select", "textarea") and attributes.get("type") not in _NAMED_BY_THEMSELVES:
            self.fields.append((tag, attributes | ({"in-label": ""} if "label" in self.open else {})))
        if tag == "label" and "for" in attributes:
            self.labelled.add(attributes["for"])
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag == "html" and not attributes.get("lang"):
            self.say("no language")
        if tag == "script" and "src" not in attributes and "json" not in attributes.get("type", ""):
            self.say("a script in the page itself")


def problems(page: str) -> list[str]:
    """Return what is wrong with a whole page, nothing when it is sound."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [*reader.problems, *_whole(page, reader), *_ids(reader), *_fields(reader), *_outline(reader)]


def _whole(page: str, reader: _Reader) -> list[str]:
    found = [f"<{tag}> stands there {reader.seen[tag]} times" for tag in _ONCE if reader.seen[tag] != 1]
    if not page.lstrip().lower().startswith("<!doctype html>"):
        found.append("no doctype")
    return found + [f"<{tag}> is never closed" for tag in reader.open]


def _ids(reader: _Reader) -> list[str]:
    twice = [f"the id {name} stands there {times} times" for name, times in reader.ids.items() if times > 1]
    return twice + [
        f'{attribute}="{name}" names nothing'
        for attribute, names in reader.references
        for name in names.split() or [""]
        if name not in reader.ids
    ]


def _fields(reader: _Reader) -> list[str]:
    return [
        f"<{tag} name={attributes.get('name')}> has no label"
        for tag, attributes in reader.fields
        if attributes.get("id", "-") not in reader.labelled
        and not {"in-label", "aria-label", "aria-labelledby"} & attributes.keys()
    ]


def _outline(reader: _Reader) -> list[str]:
    """A heading may go up any number of levels, but down only one."""
    steps = zip([0, *reader.headings], reader.headings, strict=False)
    return [f"<h{after}> follows <h{before}>" for before, after in steps if after > before + 1]
