"""Every page and state that anybody can open, looked at once: `inspecting` says what a page must hold.

What a basket or an account makes of them is in `test_private_pages`.
"""

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Complaints, visiting
from tests.e2e.inspecting import Inspector
from tests.e2e.walks import Walk, donor, trouble, visitor
from tests.processes import Store


@pytest.mark.parametrize(
    "walk", [visitor.walk, trouble.walk, donor.walk], ids=["visitor", "trouble", "donor"]
)
def test_every_page_is_for_everybody(walk: Walk, browser: Browser, store: Store) -> None:
    assert inspected(walk, browser, store) == ""


def inspected(walk: Walk, browser: Browser, store: Store) -> str:
    """Walk, and return what is wrong with the pages on the way."""
    complaints = Complaints()
    with visiting(browser, store, complaints, viewport={"width": 1280, "height": 900}) as page:
        inspector = Inspector(page, complaints)
        states = walk(page, store)
        return "\n".join(f"{state}: {wrong}" for state in states for wrong in inspector.problems())


def test_public_pages_set_no_cookie(page: Page) -> None:
    for path in ["/", "/catalogue/", "/stories/", "/pages/about/"]:
        page.goto(path)
    assert page.context.cookies() == []
