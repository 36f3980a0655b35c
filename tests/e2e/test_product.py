"""The product page in a browser: picking, zooming, which size, what delivery takes; with scripts and without."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import shopping
from tests.e2e.conftest import Complaints, visiting
from tests.processes import Store


def pick(page: Page, kind: str, value: str) -> None:
    page.locator(f"input[name={kind}][value='{value}']").check()


def test_picking_a_sold_out_size_says_so_and_offers_to_wait(page: Page) -> None:
    shopping.open_shirt(page)
    sold_out = page.evaluate(
        "JSON.parse(document.getElementById('variants').textContent).find(one => one.sold_out)"
    )
    pick(page, "colour", sold_out["colour"])
    pick(page, "size", sold_out["size"])
    expect(page.locator("[data-picker=stock]")).to_have_text(sold_out["stock"])
    expect(page.get_by_role("button", name="Add to basket")).to_be_hidden()
    expect(page.get_by_role("button", name="Tell me when it is back")).to_be_visible()
    shopping.arrived(page, rf"variant={sold_out['sku']}$")
    page.reload()
    expect(page.locator(f"input[name=size][value='{sold_out['size']}']")).to_be_checked()
    expect(page.get_by_role("button", name="Add to basket")).to_be_hidden()


def test_what_was_picked_before_the_script_came_is_followed(page: Page) -> None:
    found = re.search(r"/catalogue/read-slowly-t-shirt_\d+/", page.request.get("/catalogue/").text())
    assert found is not None
    let_go = shopping.kept_back(page, "/js/shop")
    page.goto(found[0], wait_until="commit")
    pick(page, "size", "M")
    pick(page, "colour", "ink")
    let_go()
    expect(page).to_have_url(re.compile("variant=SNAIL-T-SHIRT-INK-M$"))
    expect(page.locator("dd[data-picker=sku]")).to_have_text("SNAIL-T-SHIRT-INK-M")


def test_back_leads_where_one_came_from_however_much_was_picked(page: Page) -> None:
    shopping.open_shirt(page)
    pick(page, "size", "M")
    pick(page, "colour", "ink")
    shopping.arrived(page, "variant=SNAIL-T-SHIRT-INK-M$")
    page.go_back()
    shopping.arrived(page, r"/catalogue/$")
    page.go_forward()
    expect(page.locator("input[name=colour][value=ink]")).to_be_checked()
    expect(page.locator("dd[data-picker=sku]")).to_have_text("SNAIL-T-SHIRT-INK-M")


def test_only_the_chosen_colours_pictures_are_shown(page: Page) -> None:
    shopping.open_shirt(page)
    pick(page, "colour", "moss")
    shown = page.locator(".shot:visible")
    expect(shown.first).to_be_visible()
    alts = [image.get_attribute("alt") or "" for image in page.locator(".shot:visible img").all()]
    assert alts
    assert all("moss green" in alt for alt in alts)


def test_a_picture_is_zoomed_moved_and_closed_by_keyboard_alone(page: Page) -> None:
    shopping.open_shirt(page)
    link = page.locator(".shot__link").first
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Picture, enlarged")
    expect(dialog).to_be_visible()
    stage = page.locator(".zoom__stage")
    expect(stage).to_be_focused()
    page.keyboard.press("+")
    page.keyboard.press("+")
    wide = stage.evaluate("stage => stage.scrollWidth / stage.clientWidth")
    assert wide == pytest.approx(2.25, abs=0.05)
    left = stage.evaluate("stage => stage.scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("left => document.querySelector('.zoom__stage').scrollLeft > left", arg=left)
    page.keyboard.press("-")
    page.keyboard.press("-")
    expect(page.get_by_role("button", name="Smaller")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_shirt_of_ones_own_finds_its_size(
    scripts: bool, browser: Browser, store: Store, complaints: Complaints
) -> None:
    with visiting(browser, store, complaints, java_script_enabled=scripts) as page:
        shopping.open_shirt(page)
        page.get_by_label("A: width").fill("52.5")
        page.get_by_label("B: length").fill("72")
        page.get_by_role("button", name="Find my size").click()
        expect(page.get_by_text("M comes nearest")).to_be_visible()
        path = r"_\d+/(\?colour=\w+)?$" if scripts else r"_\d+/size/\?width=52\.5&length=72&unit=cm"
        shopping.arrived(page, path)
        page.get_by_role("link", name="Choose M", exact=True).click()
        expect(page.locator("input[name=size][value=M]")).to_be_checked()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_delivery_to_another_country_is_told(
    scripts: bool, browser: Browser, store: Store, complaints: Complaints
) -> None:
    with visiting(browser, store, complaints, java_script_enabled=scripts) as page:
        shopping.open_shirt(page)
        page.get_by_role("link", name="To another country?").click()
        page.get_by_label("Country").select_option("France")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.locator("#delivery-promise")).to_contain_text("£9.50 to France")
        expect(page.get_by_role("button", name="Add to basket")).to_be_visible(visible=scripts)


def test_picking_a_variant_changes_the_address_and_an_address_picks_it(page: Page) -> None:
    page.goto("/catalogue/")
    page.locator(".cards a").first.click()
    sizes = page.locator("input[name=size]")
    last = sizes.last
    last.check()
    shopping.arrived(page, r"variant=")
    page.goto(page.url)
    expect(page.locator(f"input[name=size][value='{last.get_attribute('value')}']")).to_be_checked()
