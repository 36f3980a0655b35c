"""Every page and state that a basket, an order or an account makes, looked at as the public ones are."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.test_pages import inspected
from tests.processes import Store


@pytest.mark.parametrize("name", ["shopper", "member"])
def test_every_page_of_ones_own_is_for_everybody(name: str, browser: Browser, store: Store) -> None:
    assert inspected(name, browser, store) == ""
