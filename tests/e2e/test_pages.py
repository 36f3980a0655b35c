"""Every page for everybody: axe finds nothing in light and dark, and a small phone never scrolls sideways."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e import shopping
from tests.e2e.conftest import Complaints, visiting
from tests.processes import Store

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PAGES = [
    "/search/?q=kettle",
    "/search/?q=zzzz",
    "/donate/",
    "/pages/delivery/",
    "/pages/returns/",
    "/pages/privacy/",
    "/pages/accessibility/",
    "/catalogue/?colour=ink&size=M",
    "/catalogue/?price_to=1",
    "/running-costs/",
    "/checkout/pay/",
    "/no-such-page/",
    "/account/log-in/",
    "/account/new/",
    "/account/forgotten/",
    "/orders/find/",
]


def _walk(page: Page) -> Iterator[str]:
    """Visit every kind of page, as a shopper who buys (and one that does not exist); yields their names."""
    for path in ["/", "/catalogue/", "/stories/", *PAGES]:
        page.goto(path)
        yield path
    page.goto("/stories/")
    page.locator("main a[href*='/stories/']").first.click()
    yield "story"
    page.goto("/basket/")
    yield "empty basket"
    page.goto("/wishlist/")
    yield "empty wishlist"
    page.goto("/catalogue/")
    page.locator(".cards a").first.click()
    expect(page).to_have_url(re.compile(r"_\d+/"))
    yield "product"
    page.get_by_role("button", name="Save for later").click()
    expect(page).to_have_url(re.compile(r"/wishlist/$"))
    yield "wishlist"
    page.get_by_role("button", name="Add to basket").click()
    expect(page).to_have_url(re.compile(r"/basket/$"))
    yield "basket"
    shopping.press_pay(page)
    page.goto("/basket/")
    yield "frozen basket"
    page.get_by_role("button", name="Continue to payment").click()
    shopping.pay(page)
    shopping.thanked(page)
    yield "thank-you"


def test_axe_finds_nothing_to_complain_about(browser: Browser, store: Store) -> None:
    found = []
    with visiting(browser, store, Complaints()) as page:
        for name in _walk(page):
            found += [f"{name}: {wrong}" for scheme in SCHEMES for wrong in _wrong(page, scheme)]
    assert found == []


def _wrong(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """Say what axe finds; in the dark, where the same page has other colours, it looks at nothing else."""
    page.emulate_media(color_scheme=scheme)
    options = RULES if scheme == "light" else {"runOnly": ["color-contrast"]}
    result = Axe().run(page, options=options).response
    assert len(result["passes"]) > (10 if scheme == "light" else 0)
    return [f"{scheme} {v['id']} {[n['html'][:120] for n in v['nodes']]}" for v in result["violations"]]


@pytest.mark.parametrize("width", [320, 360])
def test_no_page_scrolls_sideways_on_a_phone(width: int, browser: Browser, store: Store) -> None:
    too_wide = []
    with visiting(browser, store, Complaints(), viewport={"width": width, "height": 800}) as page:
        for name in _walk(page):
            page.wait_for_load_state()
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            too_wide += [f"{name}: {over} px"] if over > 0 else []
    assert too_wide == []


def test_picking_a_variant_changes_the_address_and_an_address_picks_it(page: Page) -> None:
    page.goto("/catalogue/")
    page.locator(".cards a").first.click()
    sizes = page.locator("input[name=size]")
    last = sizes.last
    last.check()
    expect(page).to_have_url(re.compile(r"variant="))
    page.goto(page.url)
    expect(page.locator(f"input[name=size][value='{last.get_attribute('value')}']")).to_be_checked()


def test_public_pages_set_no_cookie(page: Page) -> None:
    for path in ["/", "/catalogue/", "/stories/", "/pages/about/"]:
        page.goto(path)
    assert page.context.cookies() == []
