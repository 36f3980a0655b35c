"""What people do in a browser: buy in the store, pay at the stand-in, work in the back office."""

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.factories import PASSWORD

SHIRT = "Read Slowly T-shirt"
CARD = "4242424242424242"
DECLINED = "4000000000000002"
BUYER = {
    "E-mail": "robin@example.org",
    "Full name": "Robin Reader",
    "Address line 1": "1 Paper Street",
    "Town or city": "Leeds",
    "Postcode": "LS1 1AA",
}

#: Seconds until a page must have asked for what it needs.
PATIENCE = 20
#: The same, as the stand-in's control API takes it.
ADDRESS = {
    "email": BUYER["E-mail"],
    "name": BUYER["Full name"],
    "line1": BUYER["Address line 1"],
    "city": BUYER["Town or city"],
    "postal_code": BUYER["Postcode"],
}


def arrived(page: Page, address: str) -> None:
    """Expect the page at the address (a pattern) to be all there: who presses sooner presses without scripts."""
    expect(page).to_have_url(re.compile(address))
    page.wait_for_load_state()


def kept_back(page: Page, address: str) -> Callable[[], None]:
    """Keep back the next thing the page asks for at an address (a pattern), until the function returned is called."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    def let_go() -> None:
        end = time.monotonic() + PATIENCE
        while not held and time.monotonic() < end:
            page.evaluate("0")  # while it waits for an answer, what the page asks for is heard
        assert held, f"nothing was asked for at {address}"
        held.pop().continue_()

    page.route(re.compile(address), keep, times=1)
    return let_go


def open_shirt(page: Page) -> None:
    """Find the shirt that has pictures, reviews and a size that is sold out."""
    page.goto("/catalogue/")
    page.get_by_role("link", name=SHIRT).first.click()
    arrived(page, r"/catalogue/read-slowly-t-shirt_\d+/")


def choose_from_home(page: Page) -> None:
    """Go from the home page by the list to a product, and put a black M or what there is into the basket."""
    page.goto("/")
    page.get_by_role("link", name="See everything").click()
    page.locator(".cards a").first.click()
    arrived(page, r"/catalogue/.+_\d+/")
    page.get_by_role("button", name="Add to basket").click()
    arrived(page, r"/basket/$")


def press_pay(page: Page) -> None:
    """Press *Pay* in the basket and arrive at the payment page."""
    page.get_by_role("button", name=re.compile("^Pay £")).click()
    arrived(page, r"/c/pay/cs_test_")


def pay(page: Page, card: str = CARD) -> None:
    """Fill in the payment page and press its button; whoever is logged in has their address there already."""
    for label, value in BUYER.items():
        if page.get_by_label(label, exact=True).is_editable():
            page.get_by_label(label, exact=True).fill(value)
    _give_card(page, card)


def give(page: Page, email: str) -> None:
    """Pay for a donation, which asks for no address to send things to."""
    arrived(page, r"/c/pay/cs_test_")
    page.get_by_label("E-mail").fill(email)
    page.locator("[name=name]").fill(BUYER["Full name"])
    _give_card(page, CARD)


def _give_card(page: Page, card: str) -> None:
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry (MM / YY)").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.locator("#pay").click()


def thanked(page: Page) -> str:
    """Expect the thank-you page and return the order's number."""
    arrived(page, r"/orders/[A-Z0-9]{10}/")
    expect(page.locator("h1")).to_contain_text(re.compile("thank", re.IGNORECASE))
    number: str = page.url.split("/orders/")[1].split("/")[0]
    return number


def log_in(page: Page, email: str) -> None:
    page.goto("/admin/")
    page.locator("[name=username]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[type=submit]").first.click()
    expect(page.locator("[name=password]")).to_have_count(0)


def find_order(page: Page, number: str) -> None:
    """Find an order in the back office by its number."""
    page.goto(f"/admin/order/order/?q={number}")
    page.get_by_role("link", name=number).first.click()


def ship(page: Page, **typed: Any) -> None:
    """Press *Ship* on the order's page, fill in the carrier, and confirm."""
    page.get_by_role("link", name="Ship", exact=True).first.click()
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Ship").last.click()
