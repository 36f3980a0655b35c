"""From a saved draft to a range in the catalogue: all of it, once, or nothing."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.utils import timezone
from PIL import Image

from catalogue.models import Design, Garment, Product, ProductImage
from catalogue.pictures import CARD_SIZE, card_url
from catalogue.selectors import public_products
from shop.partner.models import PriceChange, StockRecord
from shop.stock.models import StockMovement
from shop.stock.selectors import differences
from shop.studio import services, staging
from shop.studio.matrix import grid_of
from shop.studio.models import RangeDraft
from shop.transactions import durably
from shop.users.models import User
from tests.factories import a_product
from tests.integration.studio.conftest import a_draft, an_artwork, finished

pytestmark = pytest.mark.both
State = RangeDraft.State


def start(draft: RangeDraft) -> bool:
    rows = [row.as_json() for row in grid_of(draft).rows]
    return services.start(draft_id=draft.pk, rows=rows, by=draft.by)


def counted() -> tuple[int, ...]:
    """How much of a range there is: products, records, movements, price changes, pictures."""
    models = (Product, StockRecord, StockMovement, PriceChange, ProductImage)
    return tuple(model.objects.count() for model in models)


def test_a_range_appears_with_variants_stock_prices_and_pictures(
    design: Design, shirt: Garment, person: User
) -> None:
    draft = a_draft(design, shirt, person)
    assert start(draft)
    assert counted() == (0, 0, 0, 0, 0)
    assert finished(draft).state == State.DONE
    assert draft.variants_made == 4
    parent = Product.objects.get(structure=Product.PARENT)
    assert (parent.design, parent.garment, parent.title) == (design, shirt, "Read Slowly T-shirt")
    record = StockRecord.objects.get(partner_sku="SNAIL-TSHIRT-WHITE-S")
    assert (record.price, record.num_in_stock) == (Decimal("25.00"), 4)
    assert record.price_changes.get().price == Decimal("25.00")
    assert record.movements.get().by == person
    assert differences() == []


def test_every_colour_gets_every_view_with_its_files_and_a_text(
    design: Design, shirt: Garment, person: User
) -> None:
    draft = a_draft(design, shirt, person)
    start(draft)
    finished(draft)
    images = ProductImage.objects.all()
    assert len(images) == draft.picture_count == 6
    assert {image.alt for image in images} >= {
        "Read Slowly, printed on a white T-shirt, front",
        "A black T-shirt, back",
    }
    assert all(default_storage.exists(image.original.name) for image in images)
    assert all(image.original.name.startswith("products/") for image in images)
    assert not default_storage.exists(staging.folder(draft.pk))


def test_a_range_made_again_adds_what_is_missing_and_changes_nothing_else(
    design: Design, shirt: Garment, person: User
) -> None:
    first = a_draft(design, shirt, person)
    services.start(draft_id=first.pk, rows=[grid_of(first).rows[0].as_json()], by=person)
    finished(first)
    before = StockRecord.objects.values_list("pk", "price", "num_in_stock")[0]
    second = a_draft(design, shirt, person, price="99.00", pieces=50)
    start(second)
    assert finished(second).variants_made == 3
    assert StockRecord.objects.values_list("pk", "price", "num_in_stock").order_by("pk")[0] == before
    whole = counted()
    third = a_draft(design, shirt, person)
    start(third)
    assert finished(third).variants_made == 0
    assert counted() == whole


def test_every_new_product_has_the_card_that_links_to_it_unfold_into(
    design: Design, shirt: Garment, person: User
) -> None:
    draft = a_draft(design, shirt, person)
    start(draft)
    finished(draft)
    first = ProductImage.objects.order_by("display_order").values_list("original", flat=True)[0]
    url = card_url(first, title="Read Slowly", garment="T-shirt", shop_name=settings.SHOP_NAME)
    with default_storage.open(url.removeprefix(settings.MEDIA_URL)) as file, Image.open(file) as card:
        assert card.size == CARD_SIZE


def test_a_colour_made_later_comes_after_the_pictures_there_are(
    design: Design, shirt: Garment, person: User
) -> None:
    first = a_draft(design, shirt, person)
    rows = [row.as_json() for row in grid_of(first).rows]
    services.start(draft_id=first.pk, rows=rows[2:], by=person)
    finished(first)
    before = list(ProductImage.objects.order_by("display_order", "pk").values_list("pk", flat=True))
    second = a_draft(design, shirt, person)
    services.start(draft_id=second.pk, rows=rows[:2], by=person)
    assert finished(second).variants_made == 2
    after = list(ProductImage.objects.order_by("display_order", "pk").values_list("pk", flat=True))
    assert after[:3] == before
    assert len(after) == 6


def test_a_draft_saved_twice_is_started_once(design: Design, shirt: Garment, person: User) -> None:
    draft = a_draft(design, shirt, person)
    assert start(draft)
    rows = RangeDraft.objects.get(pk=draft.pk).rows
    assert not services.start(draft_id=draft.pk, rows=[], by=person)
    assert RangeDraft.objects.get(pk=draft.pk).rows == rows


def test_a_sku_taken_meanwhile_stops_the_range_and_leaves_nothing(
    design: Design, shirt: Garment, person: User
) -> None:
    draft = a_draft(design, shirt, person)
    start(draft)
    other = a_product(sizes=("M",), colours=("white",)).first
    StockRecord.objects.filter(product=other).update(partner_sku="SNAIL-TSHIRT-BLACK-M")
    before = counted()
    assert finished(draft).state == State.FAILED
    assert "somebody else" in draft.error
    assert counted() == before


def test_a_stopped_range_can_be_tried_again(design: Design, shirt: Garment, person: User) -> None:
    draft = a_draft(design, shirt, person)
    start(draft)
    with default_storage.open(design.artwork.name) as file:
        artwork = file.read()
    default_storage.delete(design.artwork.name)
    assert finished(draft).state == State.FAILED
    assert "could not be read" in draft.error
    assert counted() == (0, 0, 0, 0, 0)
    with default_storage.open(design.artwork.name, "wb") as file:
        file.write(artwork)
    assert services.try_again(draft_id=draft.pk)
    assert finished(draft).state == State.DONE
    assert not services.try_again(draft_id=draft.pk)


def test_a_worker_that_was_killed_is_taken_over_with_the_pictures_it_had(
    design: Design, shirt: Garment, person: User
) -> None:
    draft = a_draft(design, shirt, person)
    start(draft)
    while not RangeDraft.objects.get(pk=draft.pk).pictures:
        services.work()
    lease = RangeDraft.objects.filter(pk=draft.pk)
    lease.update(leased_by="another", leased_until=timezone.now() + timedelta(seconds=20))
    kept = RangeDraft.objects.get(pk=draft.pk).pictures
    assert services.work() == 0
    assert RangeDraft.objects.get(pk=draft.pk).pictures == kept
    lease.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert finished(draft).state == State.DONE
    assert kept.items() <= draft.pictures.items()


def test_pictures_of_an_artwork_that_was_replaced_are_drawn_again(
    design: Design, shirt: Garment, person: User
) -> None:
    draft = a_draft(design, shirt, person)
    start(draft)
    while len(RangeDraft.objects.get(pk=draft.pk).pictures) < 6:
        services.work()
    old = RangeDraft.objects.get(pk=draft.pk).pictures
    Design.objects.get(pk=design.pk).artwork.save("new.png", an_artwork((900, 300)))
    assert durably(lambda: services.write(draft.pk, {name: name for name in old.values()})) == 0
    assert counted() == (0, 0, 0, 0, 0)
    assert finished(draft).state == State.DONE
    assert len(draft.pictures) == 6
    backs = {key for key in old if key.endswith(":back:")}
    assert len(backs) == 2
    assert old.keys() & draft.pictures.keys() == backs
    fronts = {name for key, name in draft.pictures.items() if key not in backs}
    assert not fronts & set(old.values())
    assert ProductImage.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_pictures_are_drawn_and_files_are_read_or_written(
    design: Design, shirt: Garment, person: User, settings: Any
) -> None:
    design.artwork.save("nobody-has-drawn.png", an_artwork((510, 700)))
    draft = a_draft(design, shirt, person)
    start(draft)
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.Watched"}}
    Watched.seen.clear()
    assert finished(draft).state == State.DONE
    kinds = Counter(kind for kind, _is_open in Watched.seen)
    assert kinds["read"] > 6
    assert kinds["written"] > 6 * 4
    assert {is_open for _kind, is_open in Watched.seen} == {False}


class Watched(FileSystemStorage):
    """Files as always; notes for each whether a transaction was open."""

    seen: ClassVar[list[tuple[str, bool]]] = []

    def _open(self, name: str, mode: str = "rb") -> Any:
        self.seen.append(("read", connection.in_atomic_block))
        return super()._open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        self.seen.append(("written", connection.in_atomic_block))
        return super()._save(name, content)


def test_a_range_that_ends_every_worker_is_given_up(design: Design, shirt: Garment, person: User) -> None:
    draft = a_draft(design, shirt, person)
    start(draft)
    RangeDraft.objects.filter(pk=draft.pk).update(
        tries=services.TRIES, leased_by="killed", leased_until=timezone.now() - timedelta(seconds=1)
    )
    assert services.work() == 0
    draft.refresh_from_db()
    assert draft.state == State.FAILED
    assert counted() == (0, 0, 0, 0, 0)


def test_nothing_due_is_nothing_done(db: None) -> None:
    assert services.work() == 0


def test_a_hidden_designs_products_are_hidden_with_it(design: Design, shirt: Garment, person: User) -> None:
    Design.objects.update(is_public=False)
    draft = a_draft(design, shirt, person)
    start(draft)
    finished(draft)
    assert not public_products().exists()
    Design.objects.update(is_public=True)
    assert public_products().count() == 1
