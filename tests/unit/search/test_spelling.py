"""How far a word is from another, letter by letter."""

import pytest

from shop.search.spelling import distance, trigrams


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("kettle", "kettle", 0),
        ("ketle", "kettle", 1),
        ("kettel", "kettle", 1),
        ("kettlle", "kettle", 1),
        ("cettle", "kettle", 1),
        ("raeder", "reader", 1),
        ("", "abc", 3),
        ("abc", "", 3),
        ("snail", "cushion", 6),
    ],
)
def test_each_letter_changed_added_left_out_or_swapped_is_one_slip(one, other, slips):
    assert distance(one, other) == slips


def test_a_word_is_known_by_its_neighbours_of_three():
    assert trigrams("cat") == {"  c", " ca", "cat", "at "}
