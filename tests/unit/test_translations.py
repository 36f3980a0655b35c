"""The French words are all there, fit the English ones, and are what Django reads."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Message
from django.utils import translation
from django.utils.translation import ngettext

from tests.translations import compiled, extracted, languages, po_path, translated

#: What a translation has to keep: `%(name)s`, `%s`, `%%`, `{name}` and HTML's tags.
_KEPT = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w[^>]*>")
#: A space before these signs, and after «, never breaks the line in French.
_BREAKABLE = re.compile(r" ([:;?!»€£]|%%)|« ")
_ALL = pytest.mark.parametrize("language", languages())


def messages(language: str) -> list[Message]:
    return [message for message in translated(language) if message.id]


def forms(words: str | tuple[str, ...] | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else [*words]


@_ALL
def test_every_text_of_the_sources_is_translated(language: str) -> None:
    """Run `python -m tests.translations`, fill in the empty msgstr of the .po, and run it again."""
    there = {(m.context, m.id) for m in messages(language) if all(forms(m.string))}
    missing = [m.id for m in extracted() if m.id and (m.context, m.id) not in there]
    assert missing == []


@_ALL
def test_what_django_reads_is_what_is_written(language: str) -> None:
    assert po_path(language).with_suffix(".mo").read_bytes() == compiled(translated(language))


@_ALL
def test_nothing_is_only_guessed(language: str) -> None:
    catalogue = translated(language)
    assert not catalogue.fuzzy
    assert [m.id for m in catalogue if m.fuzzy] == []


@_ALL
def test_placeholders_and_tags_are_kept(language: str) -> None:
    for message in messages(language):
        wanted = Counter(_KEPT.findall(forms(message.id)[-1]))
        for text in forms(message.string):
            assert Counter(_KEPT.findall(text)) == wanted, text


@_ALL
def test_a_text_begins_and_ends_with_a_line_where_the_english_does(language: str) -> None:
    for message in messages(language):
        english, text = forms(message.id)[0], forms(message.string)[0]
        assert text.startswith("\n") == english.startswith("\n"), text
        assert text.endswith("\n") == english.endswith("\n"), text


def test_every_french_plural_has_two_forms() -> None:
    plurals = [message for message in messages("fr") if message.pluralizable]
    assert plurals
    assert {len(message.string) for message in plurals} == {2}


def test_french_signs_stand_after_a_space_that_does_not_break() -> None:
    for message in messages("fr"):
        for text in forms(message.string):
            assert _BREAKABLE.search(text) is None, text
            assert "'" not in text, text


def test_in_french_zero_is_singular() -> None:
    with translation.override("fr"):
        said = [ngettext("%(n)s product", "%(n)s products", n) % {"n": n} for n in (0, 1, 2)]
    assert said == ["0 produit", "1 produit", "2 produits"]


def test_in_english_zero_is_plural() -> None:
    with translation.override("en-gb"):
        said = [ngettext("%(n)s product", "%(n)s products", n) % {"n": n} for n in (0, 1, 2)]
    assert said == ["0 products", "1 product", "2 products"]
