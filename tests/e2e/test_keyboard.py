"""A shirt is found, filtered, picked and paid for by the keyboard alone: with scripts and without, with text twice
as large, and in the reader's own colours. The focus is seen at every step and never lost.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import shopping
from tests.e2e.conftest import Complaints, visiting
from tests.e2e.keyboard import Keyboard
from tests.processes import Store


@dataclass(frozen=True)
class Reader:
    """How somebody uses a browser: what it is asked for, and how much larger its text is."""

    options: dict[str, Any] = field(default_factory=dict)
    text: int = 16

    @property
    def has_scripts(self) -> bool:
        return bool(self.options.get("java_script_enabled", True))


READERS = {
    "as it comes": Reader(),
    "without scripts": Reader({"java_script_enabled": False}),
    "text twice as large": Reader({"viewport": {"width": 640, "height": 800}}, text=32),
    "forced colours": Reader({"forced_colors": "active", "color_scheme": "dark"}),
}

#: What is drawn differently when something is chosen.
_LOOK = """one => {
  const style = getComputedStyle(one);
  return [style.outlineStyle, style.outlineColor, style.borderColor, style.backgroundColor].join();
}"""


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_the_keyboard_alone_finds_filters_picks_and_buys(
    reader: Reader, browser: Browser, store: Store, complaints: Complaints
) -> None:
    with visiting(browser, store, complaints, reduced_motion="reduce", **reader.options) as page:
        _write_larger(page, reader.text)
        keyboard = Keyboard(page)
        _find(keyboard)
        _filter(keyboard, reader)
        _pick(keyboard)
        _pay(keyboard)
        shopping.thanked(page)
        keyboard.look()
        keyboard.press(page.get_by_role("link", name="Skip to the content"))
    assert "\n".join(keyboard.lost + keyboard.too_wide) == ""


def _write_larger(page: Page, size: int) -> None:
    """Set the browser's own text size, as its settings do."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": size}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{size}px"


def _find(keyboard: Keyboard) -> None:
    page = keyboard.page
    page.goto("/")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    keyboard.look()
    keyboard.step()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    keyboard.step()
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.goto("/")
    keyboard.press(page.get_by_role("navigation", name="Main").get_by_role("link", name="Shop"))
    shopping.arrived(page, r"/catalogue/$")


def _filter(keyboard: Keyboard, reader: Reader) -> None:
    page = keyboard.page
    keyboard.look()
    if not page.locator("#colour-ink").is_visible():
        keyboard.press(page.locator(".filters__summary"))
    keyboard.press(page.locator("#colour-ink"), "Space")
    if reader.has_scripts:
        shopping.arrived(page, r"\?colour=ink$")
        expect(page.locator("#colour-ink")).to_be_focused()
        _is_marked(page.locator("label:has(#colour-ink)"), page.locator("label:has(#colour-moss)"))
    else:
        keyboard.press(page.get_by_role("button", name="Show products"))
        shopping.arrived(page, r"\?colour=ink(&|$)")
    expect(page.get_by_role("link", name="Remove Ink black")).to_be_visible()
    keyboard.look()
    keyboard.press(page.locator(".card a").first)
    shopping.arrived(page, r"_\d+/")


def _pick(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.look()
    keyboard.choose("colour", "ink")
    keyboard.choose("size", "M")
    _is_marked(page.locator(".size:has([value=M])"), page.locator(".size:has([value=L])"))
    _is_marked(
        page.locator(".swatch:has([value=ink]) .swatch__picture"),
        page.locator(".swatch:has(:not(:checked)) .swatch__picture").first,
    )
    keyboard.press(page.get_by_role("button", name="Add to basket"))
    shopping.arrived(page, r"/basket/$")
    expect(page.locator(".line")).to_contain_text("Ink black, M")


def _is_marked(chosen: Locator, other: Locator) -> None:
    """What is chosen looks different from what is not."""
    assert chosen.evaluate(_LOOK) != other.evaluate(_LOOK)


def _pay(keyboard: Keyboard) -> None:
    page = keyboard.page
    keyboard.look()
    keyboard.press(page.get_by_role("button", name=re.compile("^Pay £")))
    shopping.arrived(page, r"/c/pay/cs_test_")
    for label, words in shopping.BUYER.items():
        keyboard.type(page.get_by_label(label, exact=True), words)
    for label, words in {"Card number": shopping.CARD, "Expiry (MM / YY)": "12 / 34", "CVC": "123"}.items():
        keyboard.type(page.get_by_label(label), words)
    page.keyboard.press("Enter")
