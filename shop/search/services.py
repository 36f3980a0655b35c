"""Keeping the index true: told by whatever changes a product or a story, and looked after by the worker.

What changes one design, product or story calls `refresh` in its own transaction. What changes many at once
(a garment's name, a theme's) calls `refresh_later`, and the worker writes them in portions.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.db.models import QuerySet
from modelsearch.backends import get_search_backend

from catalogue.models import Product
from catalogue.selectors import public_products
from shop.articles.models import ArticleDesign
from shop.articles.selectors import listed
from shop.search import spelling
from shop.search.documents import Document, key_of, of_products, of_stories
from shop.search.models import CONTENT, Entry
from shop.transactions import durably, require_transaction

logger = logging.getLogger(__name__)

Kind = Entry.Kind
Say = Callable[[str], Any]
#: How many entries one transaction writes.
PORTION = 200
_DOCUMENTS: dict[str, Callable[[Collection[int]], list[Document]]] = {
    Kind.PRODUCT: of_products,
    Kind.STORY: of_stories,
}


def refresh(
    *, designs: Iterable[int] = (), products: Iterable[int] = (), stories: Iterable[int] = ()
) -> None:
    """Write the entries of these, and of all that tell of them, as they are now; in the caller's transaction.

    What is hidden, retracted or gone loses its entry. Call it last, when all rows of the change are written.
    """
    require_transaction()
    changed, told = set(designs), set(stories)
    parents = Product.objects.filter(structure=Product.PARENT, design__in=changed | _designs_of(told))
    tellers = ArticleDesign.objects.filter(design__in=changed).values_list("article_id", flat=True)
    _write(Kind.PRODUCT, {*products, *parents.values_list("pk", flat=True)})
    _write(Kind.STORY, told.union(tellers))


def refresh_later(products: QuerySet[Product] | None = None) -> None:
    """Let the worker write the entries of these products anew, or all entries; one UPDATE."""
    entries = Entry.objects.all()
    if products is not None:
        entries = entries.filter(kind=Kind.PRODUCT, number__in=products.values("pk"))
    entries.update(is_stale=True)


def _designs_of(stories: Collection[int]) -> set[int]:
    """Return the designs the stories belong to now, and those they belonged to when they were written."""
    now = ArticleDesign.objects.filter(article__in=stories).values_list("design_id", flat=True)
    before = Entry.objects.filter(key__in=[key_of(Kind.STORY, number) for number in stories])
    return {*now, *(design for designs in before.values_list("designs", flat=True) for design in designs)}


# --- The worker's share -----------------------------------------------------------------------------


def work() -> int:
    """Write a portion of what `refresh_later` left; return how many entries that were."""
    return durably(_write_stale) if Entry.objects.filter(is_stale=True).exists() else 0


def _write_stale() -> int:
    stale = list(Entry.objects.filter(is_stale=True).order_by("key")[:PORTION].values_list("kind", "number"))
    for kind in Kind:
        _write(kind, {number for found, number in stale if found == kind})
    return len(stale)


def follow() -> int:
    """Find what came into sight or went by itself (a story's hour has come); return how many entries changed."""
    missing, gone = set(_wanted()) - set(_known()), set(_known()) - set(_wanted())
    return _all_of(sorted(missing | gone))


def repair() -> int:
    """Compare every entry with what it stands for and write those that differ; return how many."""
    return rebuild(anew=False)


def rebuild(*, anew: bool = True, say: Say = lambda line: None) -> int:
    """Go through everything that can be found, in short transactions; return how many entries were written.

    Shoppers may search meanwhile: what is right stays. `anew` writes the engine's rows even where nothing differs.
    """
    everything = sorted({*_wanted(), *_known()})
    uses: Counter[str] = Counter()
    written = _all_of(everything, anew=anew, uses=uses, say=say)
    durably(partial(spelling.count, uses))
    if (
        anew and get_search_backend().catch_indexing_errors
    ):  # an engine of its own rebuilds beside the old index
        call_command("rebuild_modelsearch_index", verbosity=0)
    if anew:
        get_search_backend().refresh_indexes()
    return written


def _wanted() -> Iterator[tuple[str, int]]:
    yield from ((Kind.PRODUCT, number) for number in public_products().values_list("pk", flat=True))
    yield from ((Kind.STORY, number) for number in listed().values_list("pk", flat=True))


def _known() -> Iterator[tuple[str, int]]:
    yield from Entry.objects.values_list("kind", "number")


def _all_of(
    things: Sequence[tuple[str, int]],
    *,
    anew: bool = False,
    uses: Counter[str] | None = None,
    say: Say = lambda line: None,
) -> int:
    written = done = 0
    for first in range(0, len(things), PORTION):
        portion = things[first : first + PORTION]
        for kind in Kind:
            numbers = {number for found, number in portion if found == kind}
            result = durably(partial(_write, kind, numbers, anew=anew))
            written += result.written
            (Counter() if uses is None else uses).update(result.words)
        done += len(portion)
        say(f"{done} of {len(things)}")
    return written


# --- Writing ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """How many entries were written or taken out, and the words all of them have."""

    written: int
    words: list[str]


def _write(kind: str, numbers: Collection[int], *, anew: bool = False) -> Written:
    """Make the entries of these numbers say what they should; those that do already are left alone."""
    fresh = {document.entry.key: document for document in _DOCUMENTS[kind](numbers)} if numbers else {}
    known = Entry.objects.in_bulk([key_of(kind, number) for number in sorted(numbers)])
    gone = [entry for key, entry in known.items() if key not in fresh]
    changed = [fresh[key] for key in sorted(fresh) if anew or _differs(known.get(key), fresh[key].entry)]
    _forget(gone)
    _keep(changed)
    return Written(len(gone) + len(changed), [word for found in fresh.values() for word in found.words])


def _differs(known: Entry | None, fresh: Entry) -> bool:
    return known is None or known.is_stale or known.says() != fresh.says()


def _keep(documents: Sequence[Document]) -> None:
    if not documents:
        return
    entries = [document.entry for document in documents]
    Entry.objects.bulk_create(
        entries, update_conflicts=True, unique_fields=["key"], update_fields=[*CONTENT, "is_stale"]
    )
    _tell(partial(_add, entries), keys=[entry.key for entry in entries])
    spelling.learn(word for document in documents for word in document.words)


def _forget(entries: Sequence[Entry]) -> None:
    if entries:
        _tell(partial(_remove, entries), keys=[])
        Entry.objects.filter(key__in=[entry.key for entry in entries]).delete()


def _tell(change: Callable[[], None], *, keys: Sequence[str]) -> None:
    """Change the engine: at once when it is the database, after the commit when it is a server."""
    if get_search_backend().catch_indexing_errors:
        transaction.on_commit(partial(_reach, change, keys))
    else:
        change()


def _reach(change: Callable[[], None], keys: Sequence[str]) -> None:
    """A server that does not answer must not stop what is done already: the worker sends these entries again.

    One that it did not forget does no harm: hits without an entry are never shown.
    """
    try:
        change()
    except Exception:
        logger.exception("search: the engine did not take a change")
        Entry.objects.filter(key__in=keys).update(is_stale=True)


def _add(entries: Sequence[Entry]) -> None:
    get_search_backend().add_bulk(Entry, entries)


def _remove(entries: Sequence[Entry]) -> None:
    backend = get_search_backend()
    for entry in entries:
        backend.delete(entry)
