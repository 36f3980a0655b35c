"""Pictures are drawn again when the artwork was replaced: all of them at once, and nothing else is touched."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from catalogue.models import Design, Garment, Product, ProductImage
from catalogue.pictures import card_url
from shop.partner.models import StockRecord
from shop.studio import services
from shop.studio.matrix import grid_of
from shop.studio.models import RangeDraft
from shop.users.models import User
from tests.integration.studio.conftest import a_draft, an_artwork, finished, permitted

pytestmark = pytest.mark.django_db
State = RangeDraft.State


@pytest.fixture
def made(design: Design, shirt: Garment, person: User) -> Design:
    """A design with its range in the catalogue: a shirt in two colours, each seen from three sides."""
    draft = a_draft(design, shirt, person)
    services.start(draft_id=draft.pk, rows=[row.as_json() for row in grid_of(draft).rows], by=person)
    assert finished(draft).state == State.DONE
    return design


def new_artwork(design: Design) -> None:
    design.artwork.save("other.png", an_artwork((800, 400)))


def shown() -> dict[str, str]:
    return dict(ProductImage.objects.order_by("pk").values_list("code", "original"))


def again(design: Design, by: User) -> RangeDraft:
    draft = services.draw_again(design=design, by=by)
    assert draft is not None
    return draft


def test_every_mockup_shows_the_new_artwork_and_the_rest_stays(made: Design, person: User) -> None:
    new_artwork(made)
    before, stock = shown(), list(StockRecord.objects.values_list("pk", "price", "num_in_stock"))
    draft = again(made, person)
    assert (draft.picture_count, draft.state) == (6, State.DRAWING)
    assert shown() == before
    assert finished(draft).state == State.DONE
    after = shown()
    assert after.keys() == before.keys()
    fronts = {code for code in after if len(code.split(":")) == 3}
    assert {code for code in after if after[code] != before[code]} >= fronts
    assert len(fronts) == 2
    assert all(default_storage.exists(name) for name in after.values())
    assert draft.variants_made == 0
    assert list(StockRecord.objects.values_list("pk", "price", "num_in_stock")) == stock
    assert Product.objects.filter(structure=Product.PARENT).count() == 1


def test_the_product_has_a_card_of_its_new_first_picture(
    made: Design, person: User, settings: object
) -> None:
    new_artwork(made)
    finished(again(made, person))
    first = ProductImage.objects.order_by("display_order", "pk")[0].original.name
    name = settings.SHOP_NAME  # type: ignore[attr-defined]
    assert card_url(first, title="Read Slowly", garment="T-shirt", shop_name=name)


def test_a_photo_stays_and_a_mockup_that_was_taken_away_does_not_return(made: Design, person: User) -> None:
    back = ProductImage.objects.filter(code__endswith=":back").order_by("pk")[0]
    photo = ProductImage.objects.exclude(pk=back.pk).order_by("pk")[0]
    ProductImage.objects.filter(pk=photo.pk).update(kind="photo", code="", original="products/photo.jpg")
    back.delete()
    new_artwork(made)
    draft = again(made, person)
    assert draft.picture_count == 4
    finished(draft)
    assert ProductImage.objects.count() == 5
    photo.refresh_from_db()
    assert photo.original.name == "products/photo.jpg"


def test_asked_twice_it_is_done_once(made: Design, person: User) -> None:
    assert again(made, person) == again(made, person)
    assert RangeDraft.objects.filter(redraws=True).count() == 1


def test_artwork_that_is_replaced_meanwhile_is_drawn(made: Design, person: User) -> None:
    new_artwork(made)
    draft = again(made, person)
    services.work()
    made.artwork.save("third.png", an_artwork((300, 900)))
    finished(draft)
    other = again(made, person)
    before = shown()
    assert finished(other).state == State.DONE
    assert shown() == before


def test_a_design_without_mockups_has_nothing_to_draw(design: Design, person: User) -> None:
    assert services.draw_again(design=design, by=person) is None


def test_when_it_cannot_be_drawn_the_store_keeps_its_pictures(made: Design, person: User) -> None:
    before = shown()
    made.artwork.save("broken.png", ContentFile(b"no picture"))
    draft = again(made, person)
    assert finished(draft).state == State.FAILED
    assert shown() == before


def test_staff_press_a_button_on_the_designs_page(made: Design, staff: Client) -> None:
    page = f"/admin/catalogue/design/{made.pk}/change/"
    button = f"/admin/catalogue/design/{made.pk}/draw-again/"
    assert f'href="{button}"' in staff.get(page).content.decode()
    assert "Photos, prices and stock stay." in staff.get(button).content.decode()
    assert not RangeDraft.objects.filter(redraws=True).exists()
    answer = staff.post(button)
    draft = RangeDraft.objects.get(redraws=True)
    assert answer["Location"] == f"/admin/studio/rangedraft/{draft.pk}/change/"
    assert "0 of 6 pictures are drawn." in staff.get(answer["Location"]).content.decode()
    finished(draft)
    assert "The store shows the new pictures." in staff.get(answer["Location"]).content.decode()


def test_staff_who_replace_the_artwork_are_told(made: Design, staff: Client) -> None:
    page = f"/admin/catalogue/design/{made.pk}/change/"
    fields = {"title": made.title, "slug": made.slug, "code": made.code, "position": "0"}
    told = "still show the artwork from before"
    assert told not in staff.post(page, fields, follow=True).content.decode()
    answer = staff.post(page, {**fields, "artwork": an_artwork((700, 700))}, follow=True)
    assert answer.redirect_chain
    assert told in answer.content.decode()


def test_a_design_that_has_no_mockups_has_no_button(design: Design, staff: Client) -> None:
    page = staff.get(f"/admin/catalogue/design/{design.pk}/change/").content.decode()
    assert "Draw the pictures again" not in page
    staff.post(f"/admin/catalogue/design/{design.pk}/draw-again/")
    assert not RangeDraft.objects.exists()


def test_who_may_not_make_ranges_may_not_draw_again(made: Design) -> None:
    editor = permitted("catalogue.change_design", "catalogue.view_design")
    button = f"/admin/catalogue/design/{made.pk}/draw-again/"
    assert button not in editor.get(f"/admin/catalogue/design/{made.pk}/change/").content.decode()
    assert editor.post(button).status_code == 403
    assert not RangeDraft.objects.filter(redraws=True).exists()
