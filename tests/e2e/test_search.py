"""The search box: suggestions by keyboard and by pointer, and a plain form without scripts."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e import shopping
from tests.e2e.conftest import Complaints, visiting
from tests.processes import Store


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search prints, themes and stories")


def typed(page: Page, words: str) -> Locator:
    """Type into the box of a fresh home page and return the options that show."""
    page.goto("/")
    field(page).press_sequentially(words, delay=20)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    return options


def test_a_suggestion_is_chosen_by_keyboard_alone(page: Page, complaints: Complaints) -> None:
    options = typed(page, "kett")
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"suggestion"))
    expect(options.first).to_contain_text("The Kettle Is On")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field(page)).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "-")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Enter")
    shopping.arrived(page, r"/catalogue/the-kettle-is-on-[\w-]+_\d+/")


def test_the_arrows_go_round_and_escape_closes_before_it_clears(page: Page, complaints: Complaints) -> None:
    options = typed(page, "re")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field(page)).to_have_value("re")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    shopping.arrived(page, r"/search/\?q=re$")


def test_a_suggestion_is_chosen_by_pointer_and_leaving_the_box_closes_it(
    page: Page, complaints: Complaints
) -> None:
    typed(page, "kett")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    typed(page, "library")
    page.get_by_role("option", name="The library that stays open").click()
    shopping.arrived(page, r"/stories/the-library-that-stays-open-until-the-last-page/$")


def test_without_scripts_it_is_a_form(browser: Browser, store: Store, complaints: Complaints) -> None:
    with visiting(browser, store, complaints, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("searchbox").fill("lighthuose")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("lighthouse"))
        expect(page.locator(".card").first).to_contain_text("Keep a Light On")
        page.get_by_role("link", name="Search for “lighthuose” instead").click()
        expect(page.locator("main")).to_contain_text("We found nothing for lighthuose.")
        page.get_by_role("link", name="Did you mean lighthouse?").click()
        expect(page.locator(".card").first).to_contain_text("Keep a Light On")
