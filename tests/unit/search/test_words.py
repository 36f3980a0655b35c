"""Words are compared without case, accents, apostrophes and endings; how one types never breaks anything."""

import pytest

from shop.search.words import MOST_CHARACTERS, MOST_WORDS, asked, stems, without_markup, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Café Crème", ["cafe", "creme"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("Łódź, smørrebrød & œuvre", ["lodz", "smorrebrod", "oeuvre"]),
        ("readers' don’t it's", ["readers", "dont", "its"]),
        ("T-shirt t shirt TSHIRT T–Shirts", ["tshirt", "tshirt", "tshirt", "tshirts"]),
        ("not-at-shirts", ["not", "at", "shirts"]),
        ("snake_case 2XL", ["snake", "case", "2xl"]),
        ("ink \0 paper", ["ink", "paper"]),
        ('"quoted" (AND) -not* title:x', ["quoted", "and", "not", "title", "x"]),
        ("🐌 \u200b \ud800", []),
        ("x" * 500, ["x" * 40]),
        ("", []),
    ],
)
def test_a_text_falls_apart_into_plain_words(text, found):
    assert words(text) == found


def test_forms_of_a_word_have_one_stem():
    assert stems(["kettle", "kettles", "reading", "reads", "read"]) == "kettl read"
    assert stems(["slow", "slowly", "quick", "quickly", "family", "families"]) == "slow quick famili"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("a cushion with the cat", ("cushion", "cat")),
        ("And Another Thing", ("another", "thing")),
        ("is it the", ("is", "it", "the")),
        ("cat cat Cat", ("cat",)),
        ("???", ()),
    ],
)
def test_only_words_that_say_something_are_looked_for(typed, wanted):
    assert asked(typed) == wanted


def test_however_much_is_typed_only_its_beginning_is_looked_at():
    assert asked("w" * 2000) == ("w" * 40,)
    assert len(asked(" ".join(f"w{number}" for number in range(1000)))) == MOST_WORDS
    assert asked(" " * MOST_CHARACTERS + "late") == ()


def test_markup_is_no_word():
    assert without_markup("<p>Tea &amp; <em>toast</em></p>").split() == ["Tea", "&", "toast"]
