"""Somebody who looks round: the pages that are the same for everybody, and what a click makes of them."""

import json
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.e2e import shopping
from tests.processes import Store

ADDRESSES = {
    "home": "/",
    "list": "/catalogue/",
    "list, second page": "/catalogue/?page=2",
    "list, filtered": "/catalogue/?colour=ink&size=M&garment=tshirt&theme=reading",
    "list, nothing found": "/catalogue/?price_to=1",
    "search": "/search/?q=kettle",
    "search, another spelling": "/search/?q=lighthuose",
    "search, nothing found": "/search/?q=zzzz",
    "search, nothing asked": "/search/",
    "stories": "/stories/",
    "donate": "/donate/",
    "about": "/pages/about/",
    "delivery": "/pages/delivery/",
    "returns": "/pages/returns/",
    "privacy": "/pages/privacy/",
    "terms": "/pages/terms/",
    "accessibility": "/pages/accessibility/",
    "nothing to buy": "/buy/NONE",
    "home in French": "/fr/",
    "list in French": "/fr/catalogue/?colour=ink",
    "delivery in French": "/fr/pages/delivery/",
}


def walk(page: Page, store: Store) -> Iterator[str]:
    """Visit every public page, a story and a shirt in all that can be made of it."""
    for name, path in ADDRESSES.items():
        page.goto(path)
        yield name
    page.goto("/stories/")
    page.locator("main a[href*='/stories/']").first.click()
    shopping.arrived(page, r"/stories/.+/$")
    yield "story"
    page.goto("/search/?q=kettle")
    page.locator("main a[href*='/designs/']").first.click()
    shopping.arrived(page, r"/designs/")
    yield "design"
    yield from _suggestions(page)
    yield from _shirt(page)
    page.goto(f"/fr{_path(page)}")
    yield "product in French"


def _path(page: Page) -> str:
    return "/" + page.url.split("/", 3)[3].split("?")[0]


def _suggestions(page: Page) -> Iterator[str]:
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("rea", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    yield "suggestions"


def _shirt(page: Page) -> Iterator[str]:
    shopping.open_shirt(page)
    yield "product"
    yield from _product(page)


def _product(page: Page) -> Iterator[str]:
    address = _path(page)
    variants = json.loads(page.locator("#variants").text_content() or "[]")
    gone = next(variant["sku"] for variant in variants if variant["sold_out"])
    sold = next(variant["sku"] for variant in variants if not variant["sold_out"])
    page.locator(".shot__link").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "product, zoomed"
    page.goto(f"{address}size/?width=52.5&length=72&unit=cm")
    yield "which size"
    page.goto(f"{address}size/?width=a&length=&unit=cm")
    yield "which size, refused"
    page.goto(f"{address}delivery/?country=FR")
    yield "delivery to another country"
    page.goto(f"{address}?variant={gone}")
    expect(page.get_by_role("button", name="Tell me when it is back")).to_be_visible()
    yield "product, sold out"
    page.get_by_label("E-mail").fill("robin@example")
    page.get_by_role("button", name="Tell me when it is back").click()
    expect(page.locator("#alert-error")).to_be_visible()
    yield "alert, refused"
    page.goto(f"/buy/{sold}:2")
    yield "prepared basket"
    page.goto(address)
