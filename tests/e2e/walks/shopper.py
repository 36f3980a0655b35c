"""A shopper with a basket: filled, changed, saved, frozen, paid; and everything that can come between."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.e2e import shopping
from tests.processes import Store


def walk(page: Page, store: Store) -> Iterator[str]:
    """Go from an empty basket to a parcel on its way."""
    page.goto("/basket/")
    yield "basket, empty"
    page.goto("/wishlist/")
    yield "wishlist, empty"
    yield from _choose(page)
    yield from _ask_too_much(page)
    yield from _ask_for_all(page)
    yield from _fail_to_pay(page, store)
    yield from _pay(page, store)
    yield from _by_bank(page, store)
    yield from _orders_of_others(page)


def _choose(page: Page) -> Iterator[str]:
    shopping.open_shirt(page)
    page.get_by_role("button", name="Save for later").click()
    shopping.arrived(page, r"/wishlist/$")
    yield "wishlist"
    page.get_by_role("button", name="Add to basket").click()
    shopping.arrived(page, r"/basket/$")
    yield "basket"


def _ask_too_much(page: Page) -> Iterator[str]:
    page.get_by_label("Code").fill("NO-SUCH-CODE")
    page.get_by_label("Code").press("Enter")
    expect(page.locator("[data-status]")).to_contain_text("not valid")
    page.get_by_label("Add a donation, if you like").fill("a lot")
    page.get_by_role("button", name="Add donation").click()
    expect(page.locator("#gift-error")).to_be_visible()
    yield "basket, refused"


def _ask_for_all(page: Page) -> Iterator[str]:
    page.get_by_label("Code").fill("WELCOME10")
    page.get_by_label("Code").press("Enter")
    expect(page.locator(".basket")).to_contain_text("WELCOME10")
    page.get_by_label("Add a donation, if you like").fill("4.50")
    page.get_by_role("button", name="Add donation").click()
    expect(page.locator(".till")).to_contain_text("£4.50")
    page.locator("#extras summary").click()
    page.get_by_label("Note to put in the parcel").fill("Happy birthday, and slowly.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#extras")).to_have_attribute("open", "")
    page.get_by_label("Country").select_option("France")
    expect(page.locator(".till")).to_contain_text("France")
    yield "basket, full"


def _fail_to_pay(page: Page, store: Store) -> Iterator[str]:
    store.fake.fault(path="/v1/checkout/sessions$", method="POST", status=400)
    page.get_by_role("button", name=re.compile("^Pay £")).click()
    expect(page.locator("h1")).to_have_text("You were not charged")
    yield "not charged"
    page.goto("/basket/")
    shopping.press_pay(page)
    page.goto("/basket/")
    expect(page.get_by_role("button", name="Change my order")).to_be_visible()
    yield "basket, frozen"
    page.get_by_role("button", name="Change my order").click()
    expect(page.get_by_text("You were not charged")).to_be_visible()
    yield "basket, open again"


def _pay(page: Page, store: Store) -> Iterator[str]:
    shopping.press_pay(page)
    store.fake.fault(path="/v1/checkout/sessions/", method="GET", status=500, count=20)
    store.fake.hold()
    shopping.pay(page)
    expect(page.locator("h1")).to_have_text("One moment")
    yield "asking Stripe"
    store.fake.clear_faults()
    store.fake.release()
    page.get_by_role("link", name="Look again now").click()
    shopping.thanked(page)
    yield "thank you"
    page.goto(page.url.replace("&thanks=1", ""))
    yield "order"


def _by_bank(page: Page, store: Store) -> Iterator[str]:
    """Pay by a method that takes days, and see it fail."""
    page.get_by_role("button", name="Order it again").click()
    shopping.arrived(page, r"/basket/$")
    page.get_by_label("Country").select_option("United Kingdom")
    expect(page.locator(".till")).to_contain_text("United Kingdom")
    shopping.press_pay(page)
    session = page.url.rsplit("/", 1)[1].split("?")[0].split("#")[0]
    store.fake.pay(session, method="bacs_debit", **shopping.ADDRESS)
    page.goto(f"/checkout/return/?session_id={session}")
    expect(page.locator("h1")).to_have_text("Payment on its way")
    yield "order, paid by bank"
    store.fake.settle(session, good=False)
    store.fake.wait_until_delivered()
    page.reload()
    expect(page.locator("h1")).to_have_text("Cancelled")
    yield "order, cancelled"


def _orders_of_others(page: Page) -> Iterator[str]:
    page.goto("/orders/ABCDEFGHJK/?token=none")
    yield "order, closed"
    page.goto("/orders/find/")
    yield "find my order"
    page.get_by_label("E-mail").fill("robin@example")
    page.get_by_label("Order number").fill("ABC")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "find my order, refused"
