"""The way to a range through the back office, and what is said on it."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from catalogue.models import Design, Garment, Product
from shop.partner.models import StockRecord
from shop.studio.models import RangeDraft
from tests.integration.studio.conftest import finished, permitted

State = RangeDraft.State


def choice(garment: Garment, **values: object) -> dict[str, object]:
    """Return what the first page posts when nothing is unticked."""
    prefix = f"garment-{garment.pk}"
    return {
        f"{prefix}-is_made": "on",
        f"{prefix}-colours": [colour.pk for colour in garment.colours.all()],
        f"{prefix}-sizes": [size.pk for size in garment.sizes.all()],
        f"{prefix}-price": "25.00",
        "pieces": "4",
    } | {(f"{prefix}-{name}" if name != "pieces" else name): value for name, value in values.items()}


def choose(staff: Client, design: Design, garment: Garment, **values: object) -> str:
    """Go through the first page and return the address of the rows."""
    page = staff.post(reverse("admin:studio_rangedraft_choose", args=[design.pk]), choice(garment, **values))
    assert page.status_code == 302, page.context["choice"].error
    return str(page["Location"])


def rows_of(url: str, staff: Client) -> dict[str, str]:
    """Return what the grid posts when nothing is changed."""
    rows = staff.get(url).context["grid"].rows
    return {
        f"{column}-{row.key}": str(value)
        for row in rows
        for column, value in (("keep", "on"), ("sku", row.sku), ("price", row.price), ("pieces", row.pieces))
    } | {"accept": "on"}


def key_of(values: dict[str, str], number: int) -> str:
    keys = [name.removeprefix("sku-") for name in values if name.startswith("sku-")]
    return keys[number - 1]


def errors_of(answer: object) -> list[str]:
    errors: list[str] = answer.context["grid"].errors  # type: ignore[attr-defined]
    return errors


def test_from_the_designs_page_to_products_in_three_pages(
    staff: Client, design: Design, shirt: Garment
) -> None:
    page = staff.get(f"/admin/catalogue/design/{design.pk}/change/")
    start = reverse("admin:studio_rangedraft_choose", args=[design.pk])
    assert f'href="{start}"' in page.text
    first = staff.get(start)
    assert first.text.count(" checked") == 1 + 2 + 2
    url = choose(staff, design, shirt)
    answer = staff.post(url, rows_of(url, staff), follow=True)
    assert "0 of 6 pictures are drawn." in answer.text
    assert 'http-equiv="refresh"' in answer.text
    draft = finished(RangeDraft.objects.get())
    page = staff.get(reverse("admin:studio_rangedraft_change", args=[draft.pk]))
    assert "4 variants were added." in page.text
    assert 'http-equiv="refresh"' not in page.text
    product = Product.objects.get(structure=Product.PARENT)
    assert f"/admin/catalogue/product/{product.pk}/change/" in page.text
    listed = staff.get("/admin/studio/rangedraft/")
    assert f"Read Slowly · {draft.pk}" in listed.text


def test_rows_are_changed_and_struck_out(staff: Client, design: Design, shirt: Garment) -> None:
    url = choose(staff, design, shirt)
    values = rows_of(url, staff)
    first, second = key_of(values, 1), key_of(values, 2)
    values |= {f"sku-{first}": "own-1", f"price-{first}": "£31,50", f"pieces-{first}": "7"}
    del values[f"keep-{second}"]
    assert staff.post(url, values).status_code == 302
    draft = finished(RangeDraft.objects.get())
    assert draft.variants_made == 3
    record = StockRecord.objects.get(partner_sku="OWN-1")
    assert (str(record.price), record.num_in_stock) == ("31.50", 7)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("sku=", "is not a SKU"),
        ("sku==cmd()", "is not a SKU"),
        ("sku=A/B", "is not a SKU"),
        ("price=abc", "is not a price"),
        ("price=0", "is not a price"),
        ("price=-3", "is not a price"),
        ("price=NaN", "is not a price"),
        ("price=1e3", "is not a price"),
        ("price=25.001", "is not a price"),
        ("price=99999", "is not a price"),
        ("pieces=", "is not a number of pieces"),
        ("pieces=-1", "is not a number of pieces"),
        ("pieces=1.5", "is not a number of pieces"),
        ("pieces=٣", "is not a number of pieces"),
        ("pieces=1000000", "is not a number of pieces"),
    ],
)
def test_a_wrong_value_is_said_with_its_row_and_nothing_is_saved(
    staff: Client, design: Design, shirt: Garment, typed: str, words: str
) -> None:
    url = choose(staff, design, shirt)
    values = rows_of(url, staff)
    column, _, value = typed.partition("=")
    answer = staff.post(url, values | {f"{column}-{key_of(values, 3)}": value})
    assert answer.status_code == 200
    (error,) = errors_of(answer)
    assert error.startswith("Row 3 (T-shirt, ")
    assert words in error
    assert RangeDraft.objects.get().state == State.DRAFT


def test_a_sku_twice_or_taken_is_refused(staff: Client, design: Design, shirt: Garment) -> None:
    url = choose(staff, design, shirt)
    values = rows_of(url, staff)
    values[f"sku-{key_of(values, 4)}"] = values[f"sku-{key_of(values, 1)}"].lower()
    (error,) = errors_of(staff.post(url, values))
    assert "is row 1's" in error
    assert RangeDraft.objects.get().state == State.DRAFT


def test_striking_out_everything_leaves_nothing_to_make(
    staff: Client, design: Design, shirt: Garment
) -> None:
    url = choose(staff, design, shirt)
    assert errors_of(staff.post(url, {"accept": "on"})) == [
        "Every row is struck out, so there is nothing to make."
    ]


def test_a_pasted_column_fills_the_rows_and_is_shown_before_it_is_saved(
    staff: Client, design: Design, shirt: Garment
) -> None:
    url = choose(staff, design, shirt)
    values = rows_of(url, staff)
    pasted = {"column-price": "£20.00\n21\n\n23,50\n", "column-pieces": "1\n2\n3\n4"}
    answer = staff.post(url, values | pasted)
    assert [row.price for row in answer.context["grid"].rows] == ["20.00", "21.00", "25.00", "23.50"]
    assert [row.pieces for row in answer.context["grid"].rows] == ["1", "2", "3", "4"]
    assert RangeDraft.objects.get().state == State.DRAFT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1\n2\n3", "Price: you pasted 3 lines, but there are 4 rows."),
        ("1\n2\n3\n4\n5", "Price: you pasted 5 lines, but there are 4 rows."),
        ("1\nx\n3\n4", "Row 2 (T-shirt, "),
        ("1\t2\n1\t2\n1\t2\n1\t2", "Row 1 (T-shirt, "),
    ],
)
def test_a_column_that_does_not_fit_changes_no_row(
    staff: Client, design: Design, shirt: Garment, text: str, words: str
) -> None:
    url = choose(staff, design, shirt)
    answer = staff.post(url, rows_of(url, staff) | {"column-price": text})
    assert errors_of(answer)[0].startswith(words)
    assert {row.price for row in answer.context["grid"].rows} == {"25.00"}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"colours": []}, "Choose a colour"),
        ({"sizes": []}, "Choose a size"),
        ({"price": ""}, "What does a piece cost?"),
        ({"price": "-1"}, "greater than or equal to 0.01"),
        ({"pieces": ""}, "required"),
        ({"pieces": "-1"}, "greater than or equal to 0"),
        ({"is_made": ""}, "Choose at least one garment."),
        ({"colours": ["999"]}, "not one of the available choices"),
    ],
)
def test_a_choice_that_makes_no_range_is_said(
    staff: Client, design: Design, shirt: Garment, values: dict[str, object], words: str
) -> None:
    url = reverse("admin:studio_rangedraft_choose", args=[design.pk])
    answer = staff.post(url, choice(shirt, **values))
    assert answer.status_code == 200
    assert words in answer.text
    assert not RangeDraft.objects.exists()


def test_a_range_that_was_saved_shows_how_it_stands(staff: Client, design: Design, shirt: Garment) -> None:
    url = choose(staff, design, shirt)
    values = rows_of(url, staff)
    staff.post(url, values)
    rows = RangeDraft.objects.get().rows
    again = staff.post(url, values | {f"price-{key_of(values, 1)}": "1.00"}, follow=True)
    assert "saved already" in again.text
    assert RangeDraft.objects.get().rows == rows


def test_what_the_checks_say_must_be_accepted(staff: Client, design: Design, shirt: Garment) -> None:
    url = choose(staff, design, shirt)
    assert "Too small for the T-shirt" in staff.get(url).text
    values = rows_of(url, staff)
    del values["accept"]
    assert "tick that it is fine" in errors_of(staff.post(url, values))[0]
    assert RangeDraft.objects.get().state == State.DRAFT


def test_an_empty_artwork_cannot_be_saved(staff: Client, design: Design, shirt: Garment) -> None:
    file = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(file, "PNG")
    name = default_storage.save("artwork/clear.png", ContentFile(file.getvalue()))
    Design.objects.filter(pk=design.pk).update(artwork=name)
    url = choose(staff, design, shirt)
    assert "There is nothing in the picture" in staff.get(url).text
    assert "cannot be printed" in errors_of(staff.post(url, rows_of(url, staff)))[0]
    assert RangeDraft.objects.get().state == State.DRAFT


def test_only_who_may_make_ranges_gets_there(design: Design, shirt: Garment) -> None:
    helper = permitted("catalogue.view_design", "studio.view_rangedraft")
    url = reverse("admin:studio_rangedraft_choose", args=[design.pk])
    assert helper.get(url).status_code == 403
    assert helper.post(url, choice(shirt)).status_code == 403
    assert url not in helper.get(f"/admin/catalogue/design/{design.pk}/change/").text
    assert not RangeDraft.objects.exists()
    assert Client().get(url).status_code == 302
    maker = permitted("studio.add_rangedraft", "studio.view_rangedraft")
    assert maker.get(url).status_code == 200
