"""Whoever meets the pages that nobody wants to see: wrong, forbidden, too fast, broken; and the questions back."""

import json
import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e import shopping
from tests.processes import Store


def walk(page: Page, store: Store) -> Iterator[str]:
    """Go wrong in every way the store has a page for."""
    for name, path in {
        "400": "/catalogue/?colour=%00",
        "404": "/no-such-page/",
        "405": "/checkout/pay/",
        "embed": f"/embed/?article={_article(page)}",
    }.items():
        page.goto(path)
        yield name
    yield from _from_elsewhere(page)
    yield from _too_often(page)
    yield from _broken(page, store)


def _article(page: Page) -> str:
    page.goto("/stories/")
    page.locator("main a[href*='/stories/']").first.click()
    shopping.arrived(page, r"/stories/.+/$")
    found = page.evaluate(
        "[...document.querySelectorAll('main a[href^=http]')].map((one) => one.href)"
        ".find((one) => !one.startsWith(location.origin))"
    )
    return str(found)


def _send(page: Page, path: str, **fields: Any) -> None:
    """Send a form from a page that is not ours."""
    store = page.url.split("/", 3)[2]
    page.goto("about:blank")
    page.evaluate(
        """([action, fields]) => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = action;
          for (const [name, value] of Object.entries(fields)) form.append(Object.assign(
            document.createElement("input"), { type: "hidden", name, value }));
          document.body.append(form);
          form.submit();
        }""",
        [f"http://{store}{path}", fields],
    )
    shopping.arrived(page, re.escape(path))


def _from_elsewhere(page: Page) -> Iterator[str]:
    shopping.open_shirt(page)
    variants = json.loads(page.locator("#variants").text_content() or "[]")
    number = page.url.split("_")[1].split("/")[0]
    sku = next(variant["sku"] for variant in variants if not variant["sold_out"])
    _send(page, f"/basket/add/{number}/", variant=sku, quantity="1")
    yield "add to basket, asked back"
    _send(page, f"/wishlist/add/{number}/", variant=sku)
    yield "save for later, asked back"
    _send(page, f"/alerts/{number}/", variant=sku, email="robin@example.org")
    yield "alert, asked back"
    _send(page, f"/buy/{sku}:1")
    yield "prepared basket, asked back"
    _send(page, "/donate/", frequency="once", amount="10", other="", message="")
    yield "donation, asked back"
    _send(page, "/basket/voucher/", code="WELCOME10")
    yield "403"


def _too_often(page: Page) -> Iterator[str]:
    page.goto("/account/forgotten/")
    for _ in range(30):
        page.goto("/account/forgotten/")
        page.get_by_label("E-mail").fill("nobody@example.org")
        page.get_by_role("main").get_by_role("button").click()
        expect(page.locator("h1")).not_to_have_text("Forgotten the password?")
        if page.get_by_text("429").count():
            yield "429"
            return
    raise AssertionError("nobody asks too often")


def _broken(page: Page, store: Store) -> Iterator[str]:
    shopping.open_shirt(page)
    page.get_by_role("button", name="Add to basket").click()
    shopping.arrived(page, r"/basket/$")
    store.break_once()
    page.get_by_role("button", name=re.compile("^Pay £")).click()
    expect(page.locator(".say__code")).to_have_text("500")
    yield "500"
    page.goto("/basket/")
    shopping.press_pay(page)
