"""Files for the printer: real size, one of a kind, and lists a spreadsheet can be trusted with."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable

import pytest
from django.test import Client
from PIL import Image

from catalogue.models import Design, Garment, Product
from shop.order.models import Line, Order
from shop.studio.printing import defused
from tests.factories import a_product, record_of
from tests.integration.backoffice.conftest import pay, place_order
from tests.integration.studio.conftest import an_artwork, permitted


def body_of(answer: object) -> io.BytesIO:
    parts: Iterable[bytes] = answer.streaming_content  # type: ignore[attr-defined]
    return io.BytesIO(b"".join(parts))


def printed(staff: Client, *orders: Order) -> zipfile.ZipFile:
    answer = staff.post(
        "/admin/order/order/", {"action": "print_files", "_selected_action": [order.pk for order in orders]}
    )
    assert answer["Content-Disposition"] == 'attachment; filename="print-files.zip"'
    return zipfile.ZipFile(body_of(answer))


def table(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_a_variants_print_file_is_its_print_area_at_300_dpi(
    staff: Client, design: Design, shirt: Garment
) -> None:
    Garment.objects.filter(pk=shirt.pk).update(print_width_mm=60, print_height_mm=100)
    shirt.refresh_from_db()
    variant = a_product(design=design, garment=shirt, colours=("white",), sizes=("S",)).first
    answer = staff.get(f"/admin/studio/rangedraft/print/{variant.pk}/")
    picture = Image.open(body_of(answer))
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (709, 1181))
    assert [round(dpi) for dpi in picture.info["dpi"]] == [300, 300]
    assert picture.getpixel((354, 400))[:3] == (179, 32, 42)
    assert picture.getpixel((354, 1100))[3] == 0


def test_products_and_variants_link_to_their_print_files(
    staff: Client, design: Design, shirt: Garment
) -> None:
    product = a_product(design=design, garment=shirt, colours=("white", "black"), sizes=("S",))
    white, black = product.variants["white", "S"], product.variants["black", "S"]
    page = f"/admin/catalogue/product/{product.parent.pk}/change/"
    assert links(staff, page) == {print_url(white): "snail.png"}
    design.artwork_dark.save("dark.png", an_artwork())
    assert links(staff, page) == {
        print_url(black): "snail-dark-cloth.png",
        print_url(white): "snail-light-cloth.png",
    }
    assert links(staff, f"/admin/partner/stockrecord/{record_of(black).pk}/change/") == {
        print_url(black): "Print file"
    }
    assert body_of(staff.get(print_url(black))).read(4) == b"\x89PNG"


def test_who_may_not_have_print_files_sees_no_links(design: Design, shirt: Garment) -> None:
    product = a_product(design=design, garment=shirt, colours=("white",), sizes=("S",))
    helper = permitted("catalogue.view_product", "partner.view_stockrecord")
    assert links(helper, f"/admin/catalogue/product/{product.parent.pk}/change/") == {}
    assert links(helper, f"/admin/partner/stockrecord/{record_of(product.first).pk}/change/") == {}


def print_url(variant: Product) -> str:
    return f"/admin/studio/rangedraft/print/{variant.pk}/"


def links(browser: Client, url: str) -> dict[str, str]:
    """Return the page's links to print files with their words."""
    page = browser.get(url)
    assert page.status_code == 200
    return dict(re.findall(r'<a class="bo-link" href="([^"]*/print/\d+/)">([^<]*)</a>', page.text))


def test_print_files_are_for_staff_who_may_see_ranges(design: Design, shirt: Garment) -> None:
    variant = a_product(design=design, garment=shirt, colours=("white",), sizes=("S",)).first
    url = f"/admin/studio/rangedraft/print/{variant.pk}/"
    assert Client().get(url).status_code == 302
    assert permitted("catalogue.view_design").get(url).status_code == 403


def test_a_print_file_that_cannot_be_is_not_found(staff: Client, design: Design, shirt: Garment) -> None:
    product = a_product(design=design, garment=shirt, colours=("white",), sizes=("S",))
    assert staff.get(f"/admin/studio/rangedraft/print/{product.parent.pk}/").status_code == 404
    Design.objects.update(artwork="artwork/gone.png")
    assert staff.get(f"/admin/studio/rangedraft/print/{product.first.pk}/").status_code == 404


@pytest.fixture
def order(db: None) -> Order:
    placed = pay(place_order(quantities=(2, 1)))
    Garment.objects.update(print_width_mm=30, print_height_mm=40)
    for design in Design.objects.all():
        design.artwork.save("art.png", an_artwork((90, 120)))
    return placed.again()


def test_chosen_orders_become_one_zip(staff: Client, order: Order) -> None:
    archive = printed(staff, order)
    code = Design.objects.get().code.lower()
    assert archive.namelist() == [f"tshirt/{code}.png", "counts.csv", "pick-list.csv"]
    picks = table(archive, "pick-list.csv")
    assert picks[0] == ["Order", "SKU", "Product", "Colour", "Size", "Pieces", "Print file"]
    assert [(row[0], row[5]) for row in picks[1:]] == [(order.number, "2"), (order.number, "1")]
    assert sorted(row[5] for row in table(archive, "counts.csv")[1:]) == ["1", "2"]


def test_what_was_shipped_is_not_printed_again(staff: Client, order: Order) -> None:
    first = order.lines.order_by("pk")[0]
    Line.objects.filter(pk=first.pk).update(num_allocated=0, shipped=2)
    rows = table(printed(staff, order), "pick-list.csv")[1:]
    assert [row[5] for row in rows] == ["1"]


def test_a_lost_artwork_costs_its_file_and_not_the_lists(staff: Client, order: Order) -> None:
    Design.objects.update(artwork="artwork/gone.png")
    archive = printed(staff, order)
    assert archive.namelist() == ["counts.csv", "pick-list.csv"]
    picks = table(archive, "pick-list.csv")
    assert [row[6] for row in picks[1:]] == ["the artwork is missing"] * 2
    assert {row[0] for row in table(archive, "counts.csv")[1:]} == {"the artwork is missing"}


def test_a_formula_in_a_title_stays_words(staff: Client, order: Order) -> None:
    Line.objects.update(title='=HYPERLINK("https://example.org")')
    rows = table(printed(staff, order), "pick-list.csv")[1:]
    assert {row[2] for row in rows} == {'\'=HYPERLINK("https://example.org")'}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", " =1", "\t=1", "\rx"])
def test_formulas_are_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


def test_numbers_and_words_stay() -> None:
    assert (defused(-3), defused("T-shirt")) == (-3, "T-shirt")
