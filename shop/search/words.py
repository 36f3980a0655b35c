"""Text as the index keeps it: folded words and their stems. Knows no model."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from html import unescape
from threading import Lock

import snowballstemmer

#: How much of what somebody typed is looked at.
MOST_CHARACTERS, MOST_WORDS = 100, 10
_LONGEST_WORD = 40
_APOSTROPHES = re.compile(r"['’ʼ]")
_TSHIRT = re.compile(r"\bt[\s\u2010-\u2015-]*shirt(s?)\b")
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^>]*>")
#: Letters that do not fall apart into a plain one and its accent.
_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
#: Words that say nothing about what is looked for.
EMPTY = frozenset(
    _WORD.findall(
        "a an and any are as at be by color colour do for from have i in is it me my of on or our size so some "
        "something that the these this to want with you your"
    )
)
_stemmer, _one_at_a_time = snowballstemmer.stemmer("english"), Lock()


def fold(text: str) -> str:
    """Return the text in small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_PLAIN)


def words(text: str) -> list[str]:
    """Return the text's words, folded, in order; a T-shirt is one word however it is written."""
    plain = _TSHIRT.sub(r"tshirt\1", _APOSTROPHES.sub("", fold(text)))
    return [word[:_LONGEST_WORD] for word in _WORD.findall(plain)]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return what a folded word has in common with its other forms: kettles → kettl, slowly → slow.

    Snowball takes -ly from "quickly" and not from "slowly": a w is no ending of its list.
    """
    with _one_at_a_time:  # the stemmer keeps the word it works on
        found = str(_stemmer.stemWord(word))
    return found.removesuffix("li") if found.endswith("wli") else found


def stems(found: Iterable[str]) -> str:
    """Return the words' stems, each once, as one text."""
    return " ".join(dict.fromkeys(stem(word) for word in found))


def asked(text: str) -> tuple[str, ...]:
    """Return the words somebody looks for, each once; without those that say nothing, unless all do."""
    found = tuple(dict.fromkeys(words(text[:MOST_CHARACTERS])))
    return (tuple(word for word in found if word not in EMPTY) or found)[:MOST_WORDS]


def without_markup(html: str) -> str:
    """Return the words between the tags."""
    return unescape(_TAG.sub(" ", html))
