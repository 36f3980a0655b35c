"""Slips of the pen: a word that stands nowhere in the index is led to the one that is written most like it.

The index's words lie in a table with their trigrams, so that both databases help alike.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count

from shop.search.models import Trigram, Word
from shop.search.words import EMPTY, stem

#: Shorter words, and numbers, are like too many others.
_SHORTEST, _SHORTEST_CORRECTED = 3, 4
_CANDIDATES = 25


def learn(found: Iterable[str]) -> None:
    """Keep words that are new, with their trigrams; in the caller's transaction."""
    wanted = sorted({word for word in found if _is_kept(word)})
    known = set(Word.objects.filter(text__in=wanted).values_list("text", flat=True))
    _write({word: 1 for word in wanted if word not in known})


def count(uses: Counter[str]) -> None:
    """Make the table say exactly these words and how many entries each stands in; in the caller's transaction."""
    wanted = {word: number for word, number in uses.items() if _is_kept(word)}
    known = dict(Word.objects.values_list("text", "uses"))
    Word.objects.filter(text__in=known.keys() - wanted.keys()).delete()
    _write({word: number for word, number in wanted.items() if word not in known})
    changed = [
        Word(text=word, uses=wanted[word]) for word in known if wanted.get(word, known[word]) != known[word]
    ]
    Word.objects.bulk_update(changed, ["uses"], batch_size=500)


def _write(uses: Mapping[str, int]) -> None:
    rows = [Word(text=word, stem=stem(word), uses=number) for word, number in sorted(uses.items())]
    Word.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    Trigram.objects.bulk_create(
        (
            Trigram(word_id=word, letters=letters)
            for word in sorted(uses)
            for letters in sorted(trigrams(word))
        ),
        ignore_conflicts=True,
        batch_size=500,
    )


def _is_kept(word: str) -> bool:
    return len(word) >= _SHORTEST and not word.isdigit() and word not in EMPTY


def trigrams(word: str) -> set[str]:
    """Return the word's neighbours of three; its beginning counts twice, as slips are rare there."""
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def corrected(asked: Sequence[str]) -> tuple[str, ...]:
    """Return the words with those that stand nowhere replaced; nothing when there is nothing to replace.

    A query for the known ones, and one for each of the others.
    """
    known = set(Word.objects.filter(stem__in={stem(word) for word in asked}).values_list("stem", flat=True))
    better = tuple(word if stem(word) in known else _nearest(word) or word for word in asked)
    return better if better != tuple(asked) else ()


def _nearest(word: str) -> str:
    if not _is_kept(word) or len(word) < _SHORTEST_CORRECTED:
        return ""
    like = Word.objects.filter(trigrams__letters__in=trigrams(word)).annotate(shared=Count("trigrams"))
    found = like.order_by("-shared", "-uses", "text").values_list("text", "uses")[:_CANDIDATES]
    ranked = sorted((cost, -uses, text) for text, uses in found if (cost := _cost(word, text)) is not None)
    return ranked[0][2] if ranked else ""


def _cost(typed: str, word: str) -> float | None:
    """Return how far the word is from what was typed; None when it is another word altogether."""
    if word.startswith(typed) and len(typed) >= _SHORTEST_CORRECTED:
        return 0.5
    slips = distance(typed, word)
    allowed = 1 if len(typed) < 5 else 2 if len(typed) < 9 else 3
    return slips if slips <= allowed else None


def distance(one: str, other: str) -> int:
    """Return how many letters must be changed, added, left out or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, sign in enumerate(other, 1):
            least = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != sign))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == sign:
                least = min(least, before[column - 2] + 1)
            line.append(least)
        before, last = last, line
    return last[-1]
