"""Kept pages: right at the next request after any change, and not rendered again without one."""

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import brotli
import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalogue.models import Colour, Design, Garment, GarmentSize, Product, ProductImage
from shop.articles.models import Article, ArticleDesign
from shop.freshness.selectors import catalogue_version
from shop.freshness.services import raise_version
from shop.freshness.triggers import Watched, install, installed
from shop.partner.models import StockRecord
from shop.partner.services import set_price
from shop.shipping.models import DeliveryMethod, Holiday
from shop.stock import services as ledger
from shop.storefront import kept
from shop.storefront.shown import WATCHED
from tests.factories import MadeProduct, a_product, an_article, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product() -> MadeProduct:
    return a_product(stock=20)


def path_of(product: MadeProduct) -> str:
    return f"/catalogue/{product.parent.slug}_{product.parent.pk}/"


def is_rendered(client: Client, path: str, **headers: str) -> bool:
    """Whether the page is rendered for this request: a kept one asks for the version alone, and draws nothing."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, headers=headers)
    return len(asked) > 1 or bool(answer.templates)


# --- Every change shows ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Something that pages show, and where: the page must say `words` afterwards and not before."""

    path: str
    words: str
    make: Callable[[MadeProduct], object]


def _price(product: MadeProduct) -> None:
    with transaction.atomic():
        for record in product.records[:4]:  # not all of them: the list says "from"
            set_price(stockrecord=record, price=Decimal("19.99"))


def _allocate(product: MadeProduct, pieces: int, reference: str = "line:1/payment:1") -> None:
    with transaction.atomic():
        ledger.allocate(steps=[ledger.Step(record_of(product.first).pk, pieces, reference)])


def _delivery(product: MadeProduct) -> None:
    DeliveryMethod.objects.update(price=Decimal("7.77"), free_from=None)


def _an_article(product: MadeProduct) -> Article:
    return an_article(product.parent.design, title="Wet paint")


CHANGES = {
    "a price in the list": Change("/catalogue/", "from £19.99", _price),
    "a price on the product page": Change("{product}", "£19.99", _price),
    "few pieces left": Change("{product}", "3 left", lambda p: _allocate(p, 17)),
    "sold out": Change("{product}", "Sold out", lambda p: _allocate(p, 20)),
    "a design's title": Change("/", "Gone fishing", lambda p: Design.objects.update(title="Gone fishing")),
    "a design's story": Change("{product}", "By the sea", lambda p: Design.objects.update(story="By the sea")),
    "a product's address": Change("/", "new-slug_", lambda p: Product.objects.update(slug="new-slug")),
    "a picture's words": Change("{product}", "A bright one", lambda p: ProductImage.objects.update(alt="A bright one")),
    "a colour's name": Change("/catalogue/", "Ink", lambda p: Colour.objects.filter(code="black").update(name="Ink")),
    "a measure": Change("{product}", "44.4 cm", lambda p: GarmentSize.objects.update(width_mm=444)),
    "a garment's cloth": Change("{product}", "Linen", lambda p: Garment.objects.update(fabric="Linen")),
    "another product": Change("/catalogue/", "2 products", lambda p: a_product()),
    "a hidden product": Change("/catalogue/", "The ink is", lambda p: Product.objects.update(is_public=False)),
    "a new story": Change("/stories/", "Wet paint", _an_article),
    "a story on its product": Change("{product}", "Wet paint", _an_article),
    "a delivery price": Change("{product}", "£7.77", _delivery),
    "a delivery price on its page": Change("/pages/delivery/", "£7.77", _delivery),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_seen_at_the_next_request(client: Client, product: MadeProduct, name: str) -> None:
    change = CHANGES[name]
    path = change.path.format(product=path_of(product))
    before = client.get(path)
    assert change.words not in before.content.decode()
    change.make(product)
    after = client.get(path, headers={"if-none-match": before["ETag"]}, follow=True)
    assert after.status_code == 200
    assert change.words in after.content.decode()


def test_an_editor_takes_a_storys_merch_away_everywhere(client: Client, product: MadeProduct) -> None:
    story = _an_article(product)
    paths = {
        f"/stories/{story.slug}/": path_of(product),
        path_of(product): story.title,
        "/stories/": story.title,
    }
    assert all(words in client.get(path).content.decode() for path, words in paths.items())
    Article.objects.update(state=Article.State.RETRACTED)
    assert not any(words in client.get(path).content.decode() for path, words in paths.items())


def test_what_is_deleted_is_gone(client: Client, product: MadeProduct) -> None:
    story = _an_article(product)
    assert story.title in client.get(path_of(product)).content.decode()
    ArticleDesign.objects.all().delete()
    assert story.title not in client.get(path_of(product)).content.decode()


def _story_in(client: Client, seconds: float) -> tuple[Article, str]:
    """Return a story of the near future and the list as it was before; on a slow machine the future is further."""
    story = an_article(published_at=timezone.now() + timedelta(seconds=seconds))
    before = client.get("/stories/").content.decode()
    return (story, before) if timezone.now() < story.published_at else _story_in(client, seconds * 4)


def test_a_story_appears_when_its_time_comes(client: Client) -> None:
    story, before = _story_in(client, 2)
    assert story.title not in before
    time.sleep(max(0, (story.published_at - timezone.now()).total_seconds()))
    assert story.title in client.get("/stories/").content.decode()


def test_a_story_stands_on_its_products_and_in_the_filters_when_its_time_comes(
    client: Client, product: MadeProduct
) -> None:
    story = an_article(product.parent.design, published_at=timezone.now() + timedelta(hours=1))
    pages = [path_of(product), f"/catalogue/?story={story.slug}"]
    assert not any(story.title in client.get(path).content.decode() for path in pages)
    with time_machine.travel(story.published_at + timedelta(seconds=1), tick=False):
        assert [path for path in pages if story.title not in client.get(path).content.decode()] == []


# --- And what shows nowhere drops nothing ---------------------------------------------------------


def test_a_sale_that_no_page_shows_keeps_the_pages(client: Client, product: MadeProduct) -> None:
    client.get(path_of(product))
    _allocate(product, 14)
    assert not is_rendered(client, path_of(product))
    _allocate(product, 1, "line:2/payment:2")
    assert is_rendered(client, path_of(product))


def test_what_is_rolled_back_leaves_the_version(product: MadeProduct) -> None:
    before = catalogue_version()
    with transaction.atomic():
        _price(product)
        assert catalogue_version() != before
        transaction.set_rollback(True)
    assert catalogue_version() == before


def test_the_same_figures_written_again_are_no_change(product: MadeProduct) -> None:
    before = catalogue_version()
    record_of(product.first).save()
    StockRecord.objects.update(low_stock_threshold=3)
    assert catalogue_version() == before


def test_many_rows_written_at_once_are_a_change_even_where_conflicts_are_ignored() -> None:
    before = catalogue_version()
    days = [Holiday(day=timezone.now().date() + timedelta(days=2000 + n), name="Rest") for n in range(50)]
    Holiday.objects.bulk_create(days, ignore_conflicts=True)
    assert catalogue_version() not in (before, "")


def test_the_version_can_be_raised_by_hand_inside_a_transaction_only() -> None:
    before = catalogue_version()
    with pytest.raises(RuntimeError):
        raise_version()
    assert catalogue_version() == before
    with transaction.atomic():
        raise_version()
    assert catalogue_version() not in (before, "")


def test_triggers_are_installed_once_and_follow_what_is_watched() -> None:
    before = dict(installed())
    assert set(before.values()) == {watched.table for watched in WATCHED}
    install(WATCHED)
    assert installed() == before
    install([*WATCHED, Watched("sites.Site")])
    assert set(installed().values()) == {*before.values(), "django_site"}
    install(WATCHED)
    assert installed() == before


# --- Requests and answers -------------------------------------------------------------------------


def test_the_same_page_is_rendered_once_whatever_unknown_parameters_say(
    client: Client, product: MadeProduct
) -> None:
    assert is_rendered(client, "/catalogue/?colour=white&size=M")
    for query in (
        "colour=white&size=M&utm_source=paper",
        "size=M&colour=white",
        "size=M&colour=white&colour=white",
    ):
        assert not is_rendered(client, f"/catalogue/?{query}"), query
    assert is_rendered(client, "/catalogue/?colour=white&size=S")


def test_an_unchanged_page_is_told_to_be_so_without_rendering(client: Client, product: MadeProduct) -> None:
    page = client.get(path_of(product))
    assert not is_rendered(client, path_of(product), if_none_match=page["ETag"])
    again = client.get(path_of(product), headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", page["ETag"])
    assert again["Cache-Control"] == "public, no-cache"


def test_a_kept_answer_has_every_header_of_the_first(client: Client, product: MadeProduct) -> None:
    first, kept_one = client.get(path_of(product)), client.get(path_of(product))
    assert dict(first.items()) == dict(kept_one.items())
    assert first.content == kept_one.content
    for name in (
        "Content-Security-Policy",
        "Permissions-Policy",
        "X-Frame-Options",
        "X-Content-Type-Options",
    ):
        assert kept_one[name], name
    assert kept_one["Vary"] == "Accept-Encoding"


def test_a_head_has_the_length_of_the_page_and_no_body(client: Client, product: MadeProduct) -> None:
    head, page = client.head(path_of(product)), client.get(path_of(product))
    assert head.content == b""
    assert {name: head[name] for name in ("ETag", "Content-Length")} == {
        name: page[name] for name in ("ETag", "Content-Length")
    }
    assert int(page["Content-Length"]) == len(page.content)


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip;q=1.0, br;q=0", "gzip", gzip.decompress),
        ("GZIP", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("br;q=0.0", None, bytes),
        ("", None, bytes),
    ],
)
def test_a_page_comes_in_the_best_encoding_the_browser_takes(
    client: Client,
    product: MadeProduct,
    accepted: str,
    encoding: str | None,
    decode: Callable[[bytes], bytes],
) -> None:
    plain = client.get(path_of(product))
    page = client.get(path_of(product), headers={"accept-encoding": accepted})
    assert page.get("Content-Encoding") == encoding
    assert decode(page.content) == plain.content
    assert int(page["Content-Length"]) == len(page.content)
    assert (page["ETag"] == plain["ETag"]) == (encoding is None)
    assert not is_rendered(client, path_of(product), accept_encoding=accepted)


def test_a_range_is_answered_with_the_whole_page(client: Client, product: MadeProduct) -> None:
    assert client.get(path_of(product), headers={"range": "bytes=0-9"}).status_code == 200


def test_only_good_answers_are_kept(client: Client, product: MadeProduct) -> None:
    for path in (f"/catalogue/old_{product.parent.pk}/", "/catalogue/?page=9", "/stories/nope/"):
        client.get(path)
        assert is_rendered(client, path), path


def test_a_very_long_page_is_made_anew(
    client: Client, product: MadeProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 100)
    client.get("/catalogue/")
    assert is_rendered(client, "/catalogue/")
    page = client.get("/catalogue/")
    assert client.get("/catalogue/", headers={"if-none-match": page["ETag"]}).status_code == 304


def test_a_host_that_is_not_ours_is_refused_also_where_a_page_is_kept(
    client: Client, product: MadeProduct
) -> None:
    client.get("/")
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_a_lost_cache_costs_a_rendering_and_nothing_else(client: Client, product: MadeProduct) -> None:
    before = client.get(path_of(product)).content
    caches["pages"].clear()
    assert client.get(path_of(product)).content == before
