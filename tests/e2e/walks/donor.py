"""Somebody who gives: refused, stopped, thanked, every month, and no more."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.e2e import post, shopping
from tests.processes import Store

EMAIL = "donor@example.org"


def walk(page: Page, store: Store) -> Iterator[str]:
    """Give, with everything that can come between."""
    page.goto("/donate/")
    page.get_by_label("Once").check()
    page.get_by_label("Another amount").fill("0.10")
    _go_on(page)
    expect(page.get_by_role("alert")).to_be_visible()
    yield "donate, refused"
    page.get_by_label("Another amount").fill("5")
    store.fake.fault(path="/v1/checkout/sessions$", method="POST", status=400)
    _go_on(page)
    expect(page.locator("h1")).to_have_text("You were not charged")
    yield "donation, not charged"
    page.goto("/donate/")
    page.get_by_label("Every month").check()
    page.get_by_label("£10").check()
    _go_on(page)
    shopping.arrived(page, r"/c/pay/cs_test_")
    page.get_by_role("link", name="Back to the store").click()
    expect(page.locator("h1")).to_have_text("You were not charged")
    yield "donation, stopped"
    yield from _give(page, store)


def _go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue to payment").click()


def _give(page: Page, store: Store) -> Iterator[str]:
    page.goto("/donate/")
    page.get_by_label("Every month").check()
    page.get_by_label("£10").check()
    _go_on(page)
    shopping.give(page, EMAIL)
    shopping.arrived(page, r"/donate/thanks/")
    yield "donation, thanks"
    page.goto(post.link(post.wait_for(store, f"To: {EMAIL}"), r"/donate/manage/[\w.-]+/"))
    expect(page.locator("h1")).to_have_text("Your monthly donation")
    yield "monthly donation"
    page.get_by_role("button", name="Stop the donation").click()
    page.get_by_role("button", name="Cancel subscription").click()
    expect(page.locator("main")).to_contain_text("nothing more is taken")
    yield "monthly donation, stopped"
    page.goto("/donate/manage/none/")
    yield "monthly donation, old link"
