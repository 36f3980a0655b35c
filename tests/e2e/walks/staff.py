"""A member of staff who opens every list of the back office, the first row of each, and every button of an order."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from tests.e2e import shopping
from tests.e2e.conftest import STAFF
from tests.processes import Store


def walk(page: Page, store: Store) -> Iterator[str]:
    """Log in and look at everything that can be opened."""
    page.goto("/admin/")
    yield "log in"
    shopping.log_in(page, STAFF)
    page.goto("/admin/")
    yield "home"
    for path in _lists(page):
        yield from _list(page, path)


def _lists(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "[...new Set([...document.querySelectorAll('a[href^=\"/admin/\"]')]"
        ".map((one) => new URL(one.href).pathname))]"
    )
    return [path for path in found if re.fullmatch(r"/admin/\w+/\w+/(demand/)?", path)]


def _list(page: Page, path: str) -> Iterator[str]:
    name = path.removeprefix("/admin/").strip("/").replace("/", " ")
    page.goto(path)
    yield name
    row = page.locator("#result_list tbody a").first
    first = row.get_attribute("href") if row.count() else ""
    adding = page.locator("a.addlink, a[href$='/add/']").first
    add = adding.get_attribute("href") if adding.count() else ""
    if add:
        page.goto(add)
        yield f"{name}, new"
    if first:
        page.goto(
            page.evaluate("([base, path]) => new URL(path, location.origin + base).href", [path, first])
        )
        yield f"{name}, one"
        yield from _buttons(page, name)


def _buttons(page: Page, name: str) -> Iterator[str]:
    here = page.url.split("?")[0].removesuffix("change/")
    steps: list[str] = page.evaluate(
        "(here) => [...document.querySelectorAll('a')].map((one) => one.href)"
        ".filter((url) => url.startsWith(here) && !/\\?|(change|history|delete)\\//.test(url) && url !== here)",
        here,
    )
    for url in dict.fromkeys(steps):
        page.goto(url)
        yield f"{name}, {url.removeprefix(here).strip('/').replace('/', ' ')}"
