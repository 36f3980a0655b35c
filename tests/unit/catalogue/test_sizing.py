"""The size nearest to a shirt of one's own: width counts twice, between two the larger."""

from catalogue.models import GarmentSize
from catalogue.sizing import nearest

SIZES = [
    GarmentSize(code=code, width_mm=width, length_mm=length)
    for code, width, length in (("S", 480, 690), ("M", 520, 720), ("L", 560, 740))
]


def test_the_size_of_the_same_measures_is_nearest():
    found = nearest(SIZES, width_mm=520, length_mm=720)
    assert (found.size.code, found.wider_mm, found.longer_mm, found.is_far) == ("M", 0, 0, False)


def test_one_measure_is_enough():
    assert nearest(SIZES, width_mm=555).size.code == "L"
    found = nearest(SIZES, length_mm=700)
    assert (found.size.code, found.wider_mm, found.longer_mm) == ("S", None, -10)


def test_between_two_sizes_the_larger_is_taken():
    assert nearest(SIZES, width_mm=500).size.code == "M"


def test_width_counts_more_than_length():
    assert nearest(SIZES, width_mm=520, length_mm=745).size.code == "M"


def test_what_is_far_from_every_size_is_called_so():
    assert nearest(SIZES, width_mm=625).is_far
    assert not nearest(SIZES, width_mm=620).is_far


def test_without_measures_or_sizes_there_is_no_answer():
    assert nearest(SIZES) is None
    assert nearest([], width_mm=500) is None
