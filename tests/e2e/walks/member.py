"""Somebody with an account: made, used, changed, forgotten."""

import json
import re
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.e2e import post, shopping
from tests.processes import Store

EMAIL, PASSWORD = "member@example.org", "four quiet paper boats"
OTHER, NEXT, GONE = "another@example.org", "member-next@example.org", "member-gone@example.org"


def walk(page: Page, store: Store) -> Iterator[str]:
    """Make an account, see all its pages, and have it erased."""
    yield from _make(page, store)
    yield from _empty(page)
    yield from _used(page, store)
    yield from _details(page, store)
    yield from _review(page)
    yield from _forgotten(page, store)
    yield from _erase(page, store)


def _press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def _ask_for_mail(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("main").get_by_role("button").click()
    shopping.arrived(page, "/account/sent/$")


def _link_of(store: Store, email: str, kind: str) -> str:
    """Return the link to /account/<kind>/… of the one mail to this address that has one."""
    return post.link(post.wait_for(store, f"To: {email}", f"/account/{kind}/"), rf"/account/{kind}/\S+/")


def _make(page: Page, store: Store) -> Iterator[str]:
    page.goto("/account/log-in/")
    yield "log in"
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill("something else")
    _press(page, "Log in")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "log in, refused"
    page.goto("/account/new/")
    yield "new account"
    _ask_for_mail(page, EMAIL)
    yield "mail sent"
    page.goto(_link_of(store, EMAIL, "new"))
    yield "choose a password"
    page.get_by_label("Name").fill("Robin Reader")
    page.get_by_label("New password").fill("12345678")
    _press(page, "Make my account")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "choose a password, refused"
    page.get_by_label("New password").fill(PASSWORD)
    _press(page, "Make my account")
    shopping.arrived(page, "/account/$")
    yield "account"


def _empty(page: Page) -> Iterator[str]:
    for name, path in {"orders": "orders", "addresses": "addresses", "alerts": "alerts"}.items():
        page.goto(f"/account/{path}/")
        yield f"{name}, none"


def _used(page: Page, store: Store) -> Iterator[str]:
    shopping.open_shirt(page)
    page.get_by_role("button", name="Save for later").click()
    shopping.arrived(page, r"/wishlist/$")
    page.get_by_role("button", name="Make a link").click()
    yield "wishlist, shared"
    page.goto(page.get_by_label("Whoever has this link").input_value())
    yield "wishlist of another"
    page.goto("/wishlist/")
    page.get_by_role("button", name="Add to basket").click()
    shopping.arrived(page, r"/basket/$")
    shopping.press_pay(page)
    shopping.pay(page)
    shopping.thanked(page)
    yield "thank you"
    yield from _waiting(page, store)
    for name in ("", "orders/", "addresses/", "alerts/", "details/", "data/"):
        page.goto(f"/account/{name}")
        yield f"account {name.strip('/')}".strip()


def _waiting(page: Page, store: Store) -> Iterator[str]:
    """Wait for a size that is sold out, and no longer."""
    page.goto(_sold_out(page))
    page.get_by_label("E-mail").fill(OTHER)
    page.get_by_role("button", name="Tell me when it is back").click()
    shopping.arrived(page, "/asked/$")
    yield "alert, asked"
    mail = post.wait_for(store, f"To: {OTHER}", "Shall we write")
    page.goto(post.link(mail, r"/alerts/confirm/\w+/"))
    yield "alert, confirm"
    page.get_by_role("button", name="Yes, write to me").click()
    expect(page.get_by_role("button", name="Yes, write to me")).to_have_count(0)
    yield "alert, confirmed"
    page.goto(page.url.replace("/confirm/", "/stop/"))
    yield "alert, stop"
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("h1")).to_have_text("No more mails")
    yield "alert, stopped"


def _sold_out(page: Page) -> str:
    """Return the address of a variant that is sold out, of a product that no other test waits for."""
    for number in range(8):
        page.goto("/catalogue/?page=2")
        page.locator(".cards a").nth(number).click()
        shopping.arrived(page, r"_\d+/")
        variants = json.loads(page.locator("#variants").text_content() or "[]")
        gone = [variant["sku"] for variant in variants if variant["sold_out"]]
        if gone:
            return f"{page.url.split('?')[0]}?variant={gone[0]}"
    raise AssertionError("nothing on the second page is sold out")


def _details(page: Page, store: Store) -> Iterator[str]:
    page.goto("/account/details/")
    page.get_by_label("Your password now").fill("wrong")
    page.get_by_label("New password").fill("short")
    _press(page, "Change password")
    expect(page.get_by_role("alert")).to_be_visible()
    yield "details, refused"
    page.get_by_label("New e-mail").fill(NEXT)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    _press(page, "Change e-mail")
    page.goto(_link_of(store, NEXT, "email"))
    yield "another e-mail"


def _review(page: Page) -> Iterator[str]:
    shopping.open_shirt(page)
    page.get_by_role("link", name="Write a review").click()
    yield "review"
    page.locator("[name=score][value='4']").check()
    page.get_by_label("In a few words").fill("As soft as they say")
    page.get_by_label("And in more").fill("I wear it on Sundays.")
    page.get_by_label("The name it stands under").fill("Robin")
    page.locator("form.write").evaluate("form => form.noValidate = true")
    page.get_by_label("In a few words").fill("")
    _press(page, "Send it in")
    expect(page.locator(".field__error").first).to_be_visible()
    yield "review, refused"
    page.get_by_label("In a few words").fill("As soft as they say")
    _press(page, "Send it in")
    shopping.arrived(page, "/reviews/mine/")
    yield "my review"


def _forgotten(page: Page, store: Store) -> Iterator[str]:
    page.goto("/account/")
    page.get_by_role("button", name="Log out").click()
    shopping.arrived(page, "/account/log-in/")
    yield "logged out"
    page.goto("/account/forgotten/")
    yield "forgotten"
    _ask_for_mail(page, EMAIL)
    page.goto(_link_of(store, EMAIL, "forgotten"))
    yield "new password"
    page.goto("/account/new/none/")
    yield "link that is over"


def _erase(page: Page, store: Store) -> Iterator[str]:
    """Go as far as one may while a parcel is on its way; then let an account go that has none."""
    page.goto("/account/log-in/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    _press(page, "Log in")
    shopping.arrived(page, "/account/$")
    page.goto("/account/erase/")
    yield "erase, not yet"
    page.get_by_role("button", name="Log out").click()
    page.goto("/account/new/")
    _ask_for_mail(page, GONE)
    page.goto(_link_of(store, GONE, "new"))
    page.get_by_label("New password").fill(PASSWORD)
    _press(page, "Make my account")
    shopping.arrived(page, "/account/$")
    page.goto("/account/erase/")
    yield "erase"
    page.get_by_label("Password").fill(PASSWORD)
    _press(page, "Go on")
    expect(page.get_by_label("Password")).to_have_count(0)
    yield "erase, second step"
    page.get_by_role("main").get_by_role("button", name=re.compile("^Erase")).click()
    expect(page.get_by_role("button", name=re.compile("^Erase"))).to_have_count(0)
    yield "erased"
