"""One artwork becomes a range: the whole way through the back office, as staff would go it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import Browser, Page, expect

from catalogue.models import Design, Product, ProductImage
from catalogue.pictures import FORMATS, WIDTHS, rendition_name
from shop.demo.artwork import draw
from shop.demo.garments import write_garments
from shop.partner.models import StockRecord
from shop.stock.selectors import differences
from tests.bench.processor import seconds_of
from tests.databases import Database
from tests.e2e import shopping
from tests.e2e.conftest import Complaints, visiting
from tests.factories import a_design, a_staff_user
from tests.processes import Store, running

STAFF = "studio@example.org"
SECONDS, PATIENCE = 60, 600_000
ACCEPT = "I have read this; make it all the same."


@pytest.fixture(scope="module")
def studio(live_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with the sample's garments and nothing to sell; this process looks at its rows and files."""
    folder = tmp_path_factory.mktemp("studio")
    with running(live_database, folder, media=Path(settings.MEDIA_ROOT)) as store:
        write_garments()
        a_staff_user(STAFF)
        store.start_worker()
        yield store


@pytest.fixture(autouse=True)
def _rows_beside_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright keeps an event loop in this thread, which Django takes for asynchronous code."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def a_sample_design(slug: str, code: str) -> Design:
    """Return a design with one of the sample's artworks, four thousand dots wide."""
    file = io.BytesIO()
    draw(slug, width=4200).save(file, "PNG", compress_level=1)
    return a_design(
        slug.replace("-", " ").title(), code=code, artwork=ContentFile(file.getvalue(), f"{slug}.png")
    )


def worked(store: Store) -> float:
    """Return the processor seconds of the store so far: on an idle machine no more pass, on a busy one no less."""
    return seconds_of(*(process.pid for process in store.processes.values()))


class Hand:
    """A hand on a mouse that counts its clicks and the pages they lead to."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.pages = page, 0, set[str]()

    def click(self, role: Any, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).click()
        self.clicks += 1
        self.pages.add(self.page.url)


def test_one_artwork_becomes_41_variants_with_all_their_pictures(
    studio: Store, browser: Browser, complaints: Complaints
) -> None:
    design = a_sample_design("read-slowly", "SNAIL")
    with visiting(browser, studio, complaints, viewport={"width": 1280, "height": 900}) as page:
        shopping.log_in(page, STAFF)
        page.goto(f"/admin/catalogue/design/{design.pk}/change/")
        hand, begun = Hand(page), worked(studio)
        hand.click("link", "Make a range")
        for price in page.locator("[name$=-price]").all():
            price.fill("25.00")
        page.locator("[name=pieces]").fill("12")
        hand.click("button", "Show the rows")
        shopping.arrived(page, "/rows/$")
        if page.locator("[name=accept]").count():
            hand.click("checkbox", ACCEPT)
        hand.click("button", "Save and draw the pictures")
        expect(page.get_by_text("41 variants were added.")).to_be_visible(timeout=PATIENCE)
        took = worked(studio) - begun
        page.get_by_role("link", name="See it in the store").first.click()
        expect(page).to_have_title(re.compile("Read Slowly"))
    assert all_on_sale(design) == 41
    assert pictures_of(design) == 5 * 3 + 3 * 2
    assert differences() == []
    assert took < SECONDS
    assert len(hand.pages) <= 3
    assert hand.clicks <= 12


def test_a_small_range_without_scripts(studio: Store, browser: Browser, complaints: Complaints) -> None:
    design = a_sample_design("the-kettle-is-on", "KETTLE")
    with visiting(browser, studio, complaints, java_script_enabled=False) as page:
        shopping.log_in(page, STAFF)
        page.goto(f"/admin/studio/rangedraft/new/{design.pk}/")
        page.get_by_role("checkbox", name="T-shirt", exact=True).uncheck()
        for colour in ("Paper white", "Signal red"):
            page.get_by_role("group", name="Cushion").get_by_label(colour).uncheck()
        page.get_by_role("group", name="Cushion").locator("[name$=-price]").fill("29.00")
        page.locator("[name=pieces]").fill("3")
        page.get_by_role("button", name="Show the rows").click()
        shopping.arrived(page, "/rows/$")
        page.get_by_label("Make Cushion, Dusk blue, 60").uncheck()
        if page.locator("[name=accept]").count():
            page.locator("[name=accept]").check()
        page.get_by_role("button", name="Save and draw the pictures").click()
        expect(page.get_by_text("1 variant was added.")).to_be_visible(timeout=PATIENCE)
    assert Product.objects.get(parent__design=design).upc == "KETTLE-CUSHION-DUSK-45"
    assert pictures_of(design) == 2


def all_on_sale(design: Design) -> int:
    """Count the design's variants; all of them can be bought."""
    variants = Product.objects.filter(parent__design=design)
    records = StockRecord.objects.filter(product__in=variants, num_in_stock=12, price=25)
    assert records.count() == variants.count()
    return variants.count()


def pictures_of(design: Design) -> int:
    """Count the design's pictures; all of their files are there, in every width and format."""
    images = list(ProductImage.objects.filter(product__design=design))
    names = {
        rendition_name(image.original.name, width, format)
        for image in images
        for width in WIDTHS
        for format in FORMATS
        if width <= image.width
    } | {image.original.name for image in images}
    assert [name for name in sorted(names) if not default_storage.exists(name)] == []
    return len(images)
