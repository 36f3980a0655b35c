"""What pages read of the index: hits, suggestions while typing, themes to look at instead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from modelsearch.query import And, Or, PlainText, SearchQuery

from catalogue.models import Category, Colour
from shop.search import spelling
from shop.search.documents import KIND_WORDS
from shop.search.models import Entry
from shop.search.words import asked, stem, stems, words

Kind = Entry.Kind
#: How many of each a page or a list of suggestions shows.
STORIES, SUGGESTED_DESIGNS, SUGGESTED_OTHERS = 3, 5, 2


@dataclass(frozen=True)
class Found:
    """What was asked for and what answers: `products` can be counted and sliced, the best first.

    `corrected` are the words searched for instead; `is_loose` when the hits have only some of the words.
    """

    asked: tuple[str, ...]
    products: Any
    stories: tuple[int, ...]
    corrected: str = ""
    is_loose: bool = False

    def __bool__(self) -> bool:
        return bool(self.products.count() or self.stories)


def find(text: str, *, exactly: bool = False) -> Found:
    """Return what has all the words; else what has them rightly spelled, unless `exactly`; else what has some.

    Three queries when something is found; before the hits themselves are read.
    """
    wanted = asked(text)
    found = _with(wanted)
    better = () if found or exactly or not wanted else spelling.corrected(wanted)
    if better:
        found = _with(better, corrected=" ".join(better))
    if found or len(wanted) < 2:
        return found
    return _with(wanted, is_loose=True) or _with(better, is_loose=True, corrected=" ".join(better))


def numbers_of(entries: Iterable[Entry]) -> tuple[int, ...]:
    """Return the primary keys of the things that entries stand for; reads nothing but the entries' keys."""
    return tuple(int(entry.key.partition(":")[2]) for entry in entries)


def did_you_mean(text: str) -> str:
    """Return the words as they are spelled in the index; nothing when they are, or nothing is like them."""
    return " ".join(spelling.corrected(asked(text)))


def _with(wanted: Sequence[str], *, is_loose: bool = False, corrected: str = "") -> Found:
    if not wanted:
        return Found((), Entry.objects.none(), ())
    entries = Entry.objects.only("key")
    products = entries.search(_query(Kind.PRODUCT, wanted, is_loose))
    stories = entries.search(_query(Kind.STORY, wanted, is_loose))[:STORIES]
    numbers = numbers_of(stories)
    return Found(tuple(wanted), products, numbers, corrected=corrected, is_loose=is_loose)


def _query(kind: str, wanted: Sequence[str], is_loose: bool) -> SearchQuery:
    """Ask for one kind with all of the words, or with any. (An `or` inside an `and` has no brackets on SQLite.)"""
    of_kind = PlainText(KIND_WORDS[Kind(kind)])
    if is_loose:
        return Or([And([of_kind, PlainText(stem(word))]) for word in wanted])
    return And([of_kind, PlainText(stems(wanted))])


def colours_in(text: str) -> tuple[str, ...]:
    """Return the codes of the colours whose names share a word with the text (one query)."""
    wanted = {stem(word) for word in asked(text)}
    named = Colour.objects.values_list("code", "name")
    return tuple(code for code, name in named if wanted.intersection(map(stem, words(name))))


def themes() -> QuerySet[Category]:
    """Return the themes that have something to show."""
    return Category.objects.filter(is_public=True, designs__is_public=True).distinct().order_by("path")


# --- While somebody types ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Suggestion:
    """Something whose name begins like what was typed, and where it is."""

    name: str
    note: str
    url: str


def suggest(text: str) -> list[Suggestion]:
    """Return what the words so far may become: designs on garments, then stories, then themes (7 queries at most)."""
    typed = asked(text)
    if not typed or len("".join(typed)) < 2:
        return []
    so_far = PlainText(" ".join(typed))
    return [
        *_designs(_starting(so_far)[: 4 * SUGGESTED_DESIGNS]),
        *map(_story, _starting(And([PlainText(KIND_WORDS[Kind.STORY]), so_far]))[:SUGGESTED_OTHERS]),
        *[_theme(theme) for theme in themes() if _begins(theme.name, typed)][:SUGGESTED_OTHERS],
    ]


def _starting(query: SearchQuery) -> Any:
    return Entry.objects.only("key", "kind", "number", "slug", "name", "note").autocomplete(query)


def _designs(entries: Iterable[Entry]) -> list[Suggestion]:
    """Return each design once, with the garments it is on; its best product is where it leads.

    Nearly all entries are products: asking for their kind would rank them by nothing but their length.
    """
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind == Kind.PRODUCT:
            found.setdefault(entry.name, []).append(entry)
    return [_design(products) for products in list(found.values())[:SUGGESTED_DESIGNS]]


def _design(products: Sequence[Entry]) -> Suggestion:
    best = products[0]
    address = {"product_slug": best.slug, "pk": best.number}
    garments = ", ".join(dict.fromkeys(product.note for product in products))
    return Suggestion(best.name, garments, reverse("catalogue:detail", kwargs=address))


def _story(entry: Entry) -> Suggestion:
    return Suggestion(entry.name, _("Story"), reverse("stories:detail", args=[entry.slug]))


def _begins(name: str, typed: Sequence[str]) -> bool:
    return all(any(word.startswith(start) for word in words(name)) for start in typed)


def _theme(theme: Category) -> Suggestion:
    return Suggestion(theme.name, _("Theme"), f"{reverse('catalogue:index')}?theme={theme.slug}")
