"""Every page and state that anybody can open, looked at once: `inspecting` says what a page must hold.

What a basket or an account makes of them is in `test_private_pages`.
"""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Complaints, visiting
from tests.e2e.inspecting import Inspector
from tests.e2e.walks import COMES_BY, WALKS
from tests.processes import Store


@pytest.mark.parametrize("name", ["visitor", "trouble", "donor"])
def test_every_page_is_for_everybody(name: str, browser: Browser, store: Store) -> None:
    assert inspected(name, browser, store) == ""


def inspected(name: str, browser: Browser, store: Store) -> str:
    """Walk, and return what is wrong with the pages on the way, or that one was left out."""
    complaints = Complaints()
    with visiting(browser, store, complaints, viewport={"width": 1280, "height": 900}) as page:
        inspector = Inspector(page, complaints)
        states = WALKS[name](page, store)
        wrong = [f"{state}: {words}" for state in states for words in inspector.problems()]
    return "\n".join([*wrong, *(f"never seen: {route}" for route in COMES_BY[name] - inspector.routes)])


def test_public_pages_set_no_cookie(page: Page) -> None:
    for path in ["/", "/catalogue/", "/stories/", "/pages/about/"]:
        page.goto(path)
    assert page.context.cookies() == []
