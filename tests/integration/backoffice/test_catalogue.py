"""Designs, garments, themes, products and stories in the back office."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalogue.buying import obstacles
from catalogue.models import Category, Colour, Design, Garment, Product, ProductImage
from shop.articles.models import Article
from shop.shipping.models import DeliveryMethod, Dispatch, Holiday, Zone
from tests.factories import a_design, a_product, an_article

DESIGNS = "/admin/catalogue/design/"
NEW_DESIGN = {
    "title": "Read Slowly",
    "slug": "read-slowly",
    "code": "SNAIL",
    "position": 0,
    "is_public": "on",
}


def a_file(
    name: str = "evil name.php", content: bytes | None = None, *, width: int = 60
) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGBA", (width, 40), (200, 25, 10, 128)).save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue() if content is None else content, "image/png")


def inline(prefix: str, **rows: object) -> dict[str, object]:
    """Return the bookkeeping of an inline formset without rows, and those given."""
    return {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0, **rows}


def test_a_design_is_added_with_its_artwork_drawn_anew_under_a_name_of_ours(staff: Client) -> None:
    answer = staff.post(f"{DESIGNS}add/", NEW_DESIGN | {"artwork": a_file(), "story": "<p onclick=x>Hi</p>"})
    assert answer.status_code == 302
    design = Design.objects.get()
    assert design.artwork.name.startswith("artwork/")
    assert design.artwork.name.endswith(".png")
    assert "evil" not in design.artwork.name
    assert design.story == "<p>Hi</p>"


def test_a_design_shows_what_is_made_of_it_and_the_list_takes_no_query_more_for_each(staff: Client) -> None:
    first = a_product().parent
    ProductImage.objects.create(product=first, original="images/first.png", alt="First", display_order=0)
    page = staff.get(f"{DESIGNS}{first.design_id}/change/").text
    assert f'href="/admin/catalogue/product/{first.pk}/change/"' in page
    assert "images/first-320.jpg" in page
    with CaptureQueriesContext(connection) as one:
        assert "images/first-320.jpg" in staff.get(DESIGNS).text
    for number in range(3):
        a_design(f"More {number}", code=f"MORE{number}")
    with CaptureQueriesContext(connection) as four:
        staff.get(DESIGNS)
    assert len(four) == len(one)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg onload='alert(1)'/>", "not a JPEG, PNG or WebP"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "damaged"),
    ],
)
def test_a_bad_artwork_is_refused_in_plain_words(staff: Client, content: bytes, words: str) -> None:
    answer = staff.post(f"{DESIGNS}add/", NEW_DESIGN | {"artwork": a_file("art.png", content)})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Design.objects.exists()


def test_what_was_changed_in_an_artwork_is_said_when_it_is_saved(staff: Client) -> None:
    file = io.BytesIO()
    Image.new("CMYK", (60, 40), (0, 200, 200, 0)).save(file, "JPEG")
    art = a_file("art.jpg", file.getvalue())
    answer = staff.post(f"{DESIGNS}add/", NEW_DESIGN | {"artwork": art}, follow=True)
    (said,) = [str(message) for message in answer.context["messages"] if message.level_tag == "warning"]
    assert said.startswith("Artwork: It was in a printer’s colours (CMYK); we turned them into a screen’s")
    with Design.objects.get().artwork.open() as kept, Image.open(kept) as picture:
        assert picture.mode == "RGB"


def test_saving_a_design_without_a_new_artwork_keeps_the_old_one(staff: Client) -> None:
    design = a_design("Old")
    before = design.artwork.name
    data = {"title": "New", "slug": design.slug, "code": design.code, "position": 3}
    assert staff.post(f"{DESIGNS}{design.pk}/change/", data).status_code == 302
    design.refresh_from_db()
    assert (design.title, design.artwork.name, design.is_public) == ("New", before, False)


@pytest.mark.parametrize("model", [Design, Product, Garment, Colour])
def test_what_has_products_stock_or_orders_is_not_deleted_and_the_page_says_why(
    staff: Client, model: type
) -> None:
    a_product(stock=1)
    row = model.objects.filter(**({"structure": "parent"} if model is Product else {})).first()
    url = f"/admin/catalogue/{model._meta.model_name}/"
    page = staff.get(f"{url}{row.pk}/delete/")
    assert page.status_code == 200
    assert "protected" in page.content.decode()
    answer = staff.post(f"{url}{row.pk}/delete/", {"post": "yes"})
    assert answer.status_code in (200, 403)
    answer = staff.post(url, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert answer.status_code == 200
    assert model.objects.filter(pk=row.pk).exists()


def test_an_unused_design_can_be_deleted(staff: Client) -> None:
    design = a_design()
    assert staff.post(f"{DESIGNS}{design.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not Design.objects.exists()


@pytest.mark.filterwarnings("ignore::treebeard.deprecation.RemovedInTreebeard8Warning")  # Oscar's own calls
def test_a_theme_is_made_renamed_and_kept_while_designs_have_it(staff: Client) -> None:
    url = "/admin/catalogue/category/"
    for name in ("Cats", "Cities"):
        staff.post(f"{url}add/", {"name": name, "slug": name.lower(), "is_public": "on"})
    cats, cities = Category.objects.order_by("path")
    assert (cats.depth, cities.depth, cats.slug) == (1, 1, "cats")
    staff.post(f"{url}{cats.pk}/change/", {"name": "Felines", "slug": "felines", "is_public": "on"})
    cats.refresh_from_db()
    assert (cats.name, cats.slug) == ("Felines", "felines")
    a_design().themes.add(cats)
    staff.post(f"{url}{cats.pk}/delete/", {"post": "yes"})
    staff.post(f"{url}{cities.pk}/delete/", {"post": "yes"})
    assert list(Category.objects.all()) == [cats]


def test_the_product_page_shows_variants_and_takes_no_numbers(staff: Client) -> None:
    product = a_product(stock=4, colours=["white"], sizes=["S"])
    record = product.records[0]
    url = f"/admin/catalogue/product/{product.parent.pk}/change/"
    page = staff.get(url).content.decode()
    assert record.partner_sku in page
    assert "It can be bought" in page
    image = ProductImage.objects.get()
    data = {
        "title": "Renamed",
        "slug": "renamed",
        "priority": 5,
        "num_in_stock": 99,
        "structure": "child",
        "design": "",
        **inline("images", **{"images-TOTAL_FORMS": 1, "images-INITIAL_FORMS": 1}),
        "images-0-id": image.pk,
        "images-0-product": product.parent.pk,
        "images-0-colour": image.colour_id,
        "images-0-kind": "mockup",
        "images-0-alt": "A shirt",
        "images-0-display_order": 1,
    }
    assert staff.post(url, data).status_code == 302
    parent = Product.objects.get(pk=product.parent.pk)
    assert (parent.title, parent.is_public, parent.structure) == ("Renamed", False, "parent")
    assert parent.design is not None
    assert product.records[0].num_in_stock == 4
    assert ProductImage.objects.get().alt == "A shirt"


def test_an_uploaded_photo_gets_all_its_renditions(staff: Client) -> None:
    product = a_product(stock=1, colours=["white"], sizes=["S"])
    ProductImage.objects.all().delete()
    url = f"/admin/catalogue/product/{product.parent.pk}/change/"
    data = {
        "title": "T",
        "slug": "t",
        "priority": 0,
        "is_public": "on",
        **inline("images", **{"images-TOTAL_FORMS": 1}),
        "images-0-kind": "photo",
        "images-0-alt": "A photo",
        "images-0-display_order": 0,
        "images-0-product": product.parent.pk,
    }
    small = staff.post(url, data | {"images-0-original": a_file()})
    assert "1200 pixels wide or more" in small.content.decode()
    assert not ProductImage.objects.exists()
    assert staff.post(url, data | {"images-0-original": a_file(width=1200)}).status_code == 302
    image = ProductImage.objects.get()
    assert image.original.name.startswith("products/")
    assert (image.width, image.height) == (1200, 40)
    for ending in ("320.jpg", "1200.avif", "640.webp"):
        assert image.original.storage.exists(image.original.name.replace(".jpg", f"-{ending}"))


def test_the_product_list_takes_the_same_number_of_queries_however_many_products(staff: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get("/admin/catalogue/product/").status_code == 200
        return len(captured)

    a_product()
    queries()
    with_one = queries()
    for _product in range(3):
        a_product()
    assert queries() == with_one <= 14


def test_why_a_product_cannot_be_bought_is_said_in_words(db: None) -> None:
    product = a_product(stock=0, colours=["white"], sizes=["S", "M"]).parent
    Product.objects.filter(pk=product.pk).update(is_public=False)
    Design.objects.update(is_public=False)
    ProductImage.objects.all().delete()
    product = Product.objects.get(pk=product.pk)
    assert obstacles(product) == [
        "The product is not shown in the store.",
        "Its design is not shown in the store.",
        "It has no picture.",
        "Every variant is sold out.",
    ]


def test_a_story_is_linked_to_designs_with_an_order_and_a_note(staff: Client) -> None:
    first, second = a_design(), a_design()
    links = {
        "links-TOTAL_FORMS": 2,
        "links-INITIAL_FORMS": 0,
        "links-0-design": first.pk,
        "links-0-position": 2,
        "links-0-note": "Second",
        "links-1-design": second.pk,
        "links-1-position": 1,
        "links-1-note": "The shirt of it",
    }
    story = {
        "title": "A story",
        "slug": "a-story",
        "url": "https://paper.example/a",
        "published_at_0": "2026-11-01",
        "published_at_1": "09:00",
        "state": "normal",
    }
    answer = staff.post("/admin/articles/article/add/", story | links)
    assert answer.status_code == 302
    article = Article.objects.get()
    assert [link.note for link in article.links.all()] == ["The shirt of it", "Second"]
    bad = staff.post("/admin/articles/article/add/", story | {"url": "javascript:alert(1)"} | inline("links"))
    assert bad.status_code == 200
    assert Article.objects.count() == 1


def test_a_story_is_withdrawn_by_its_state(staff: Client) -> None:
    article = an_article(a_design())
    link = article.links.get()
    answer = staff.post(
        f"/admin/articles/article/{article.pk}/change/",
        {
            "title": article.title,
            "slug": article.slug,
            "url": article.url,
            "published_at_0": "2026-11-01",
            "published_at_1": "09:00",
            "state": "retracted",
            **inline("links", **{"links-TOTAL_FORMS": 1, "links-INITIAL_FORMS": 1}),
            "links-0-id": link.pk,
            "links-0-article": article.pk,
            "links-0-design": link.design_id,
            "links-0-position": 0,
        },
    )
    assert answer.status_code == 302
    article.refresh_from_db()
    assert not article.sells_merch


def test_delivery_is_data_that_staff_edit(staff: Client) -> None:
    zone = Zone.objects.create(code="moon", name="The Moon", vat_due=False)
    method = {"code": "rocket", "zone": zone.pk, "name": "Rocket", "price": "99.00", "position": 0}
    url = "/admin/shipping/deliverymethod/add/"
    assert staff.post(url, method | {"min_days": 9, "max_days": 3}).status_code == 200
    assert staff.post(url, method | {"min_days": 3, "max_days": 9, "price": "-1"}).status_code == 200
    assert staff.post(url, method | {"min_days": 3, "max_days": 9, "is_offered": "on"}).status_code == 302
    assert DeliveryMethod.objects.get(code="rocket").max_days == 9
    assert (
        staff.post("/admin/shipping/holiday/add/", {"day": "2029-05-01", "name": "May Day"}).status_code
        == 302
    )
    assert Holiday.objects.filter(day="2029-05-01").count() == 1
    assert Dispatch.objects.count() == 1
    assert staff.get("/admin/shipping/dispatch/add/").status_code == 403
