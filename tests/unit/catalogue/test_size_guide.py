from django.template.loader import render_to_string

from catalogue.models import Product
from catalogue.sizing import Size

SHIRT = Size("M", width_mm=520, length_mm=720, sleeve_mm=210, tolerance_mm=15)
COVER = Size("45", width_mm=450, length_mm=450, sleeve_mm=None, tolerance_mm=10)


def guide(size: Size) -> str:
    said = {"measures": (size,), "tolerance": size.tolerance_mm, "fit": "Straight cut."}
    return render_to_string("components/size_guide.html", said)


def comparing(size: Size) -> str:
    said = {"product": Product(pk=7, slug="read-slowly"), "is_shirt": size.sleeve_mm}
    return render_to_string("components/size_compare.html", said)


def test_a_shirt_is_measured_in_both_units_with_its_tolerance():
    html = guide(SHIRT)
    for words in ("52 cm", "20.5 in", "72 cm", "28.3 in", "21 cm", "8.3 in", "1.5 cm (0.6 in)"):
        assert words in html


def test_the_diagram_names_what_the_table_measures():
    html = guide(SHIRT)
    assert [f">{letter}</text>" in html for letter in "ABC"] == [True, True, True]
    assert [f'scope="col">{words}' in html for words in ("A: width", "B: length", "C: sleeve")] == [True] * 3
    assert "Compare with a shirt you own" in comparing(SHIRT)
    assert "style=" not in html


def test_a_cushion_has_no_sleeve():
    html = guide(COVER)
    assert ">C</text>" not in html
    assert "sleeve" not in html
    assert "Compare with a cushion you own" in comparing(COVER)
