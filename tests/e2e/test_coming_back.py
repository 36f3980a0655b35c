"""People who come back for a sold-out size, to what they saved or looked at; and a basket that stays on its page."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import post, shopping
from tests.e2e.conftest import STAFF, Complaints, visiting
from tests.processes import Store


def _open_first_product(page: Page) -> str:
    """Open a product that has a sold-out variant; return that variant's SKU."""
    for number in range(8):
        page.goto("/catalogue/")
        page.locator(".cards a").nth(number).click()
        shopping.arrived(page, r"/catalogue/.+_\d+/")
        variants = json.loads(page.locator("#variants").text_content() or "[]")
        gone = [variant["sku"] for variant in variants if variant["sold_out"]]
        if gone:
            return str(gone[0])
    raise AssertionError("nothing in the sample is sold out")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_sold_out_size_is_asked_for_and_comes_back(
    scripts: bool, browser: Browser, store: Store, complaints: Complaints
) -> None:
    email = f"reader-{scripts}@example.org".lower()
    with visiting(browser, store, complaints, java_script_enabled=scripts) as reader:
        sku = _open_first_product(reader)
        address, key = reader.url.split("?")[0], reader.url.split("_")[1].split("/")[0]
        reader.goto(f"{address}?variant={sku}")
        form = reader.locator("form.alert")
        form.get_by_label("E-mail").fill(email)
        form.get_by_role("button", name="Tell me when it is back").click()
        expect(reader.locator("h1")).to_have_text("We will write")
        reader.goto(
            post.link(post.wait_for(store, f"To: {email}", "Shall we write"), r"/alerts/confirm/\w+/")
        )
        reader.get_by_role("button", name="Yes, write to me").click()
        expect(reader.locator("h1")).to_have_text("We will write")
    with visiting(browser, store, complaints) as staff:
        shopping.log_in(staff, STAFF)
        staff.goto("/admin/partner/stockrecord/demand/")
        expect(staff.locator(f"tr:has([href*='/product/{key}/']) td").nth(2)).to_have_text("1")
        _receive(staff, sku, 2)
    mail = post.wait_for(store, f"To: {email}", "Back in stock")
    with visiting(browser, store, complaints, java_script_enabled=scripts) as reader:
        reader.goto(post.link(mail, r"/catalogue/[^\s]+"))
        expect(reader.get_by_role("button", name="Add to basket")).to_be_visible()
        reader.goto(post.link(mail, r"/alerts/stop/\w+/"))
        expect(reader.locator("h1")).to_have_text("No more mails")


def _receive(staff: Page, sku: str, pieces: int) -> None:
    staff.goto(f"/admin/partner/stockrecord/?q={sku}")
    staff.get_by_role("link", name=sku).first.click()
    staff.get_by_role("link", name="Receive", exact=True).first.click()
    staff.locator("[name=quantity]").fill(str(pieces))
    staff.get_by_role("button", name="Receive").last.click()


def test_choosing_a_sold_out_size_shows_the_form_and_is_counted_without_a_cookie(page: Page) -> None:
    sku = _open_first_product(page)
    variants = json.loads(page.locator("#variants").text_content() or "[]")
    gone = next(variant for variant in variants if variant["sku"] == sku)
    with page.expect_request(re.compile(r"/alerts/\d+/picked/")) as sent:
        for name in ("colour", "size"):
            page.locator(f"input[name={name}][value='{gone[name]}']").check()
    expect(page.get_by_role("button", name="Tell me when it is back")).to_be_visible()
    assert sent.value.post_data == f"variant={sku}"
    answer = sent.value.response()
    assert answer is not None
    assert answer.status == 204
    assert "cookie" not in sent.value.all_headers()
    assert page.context.cookies() == []


def test_the_basket_says_the_new_total_without_leaving_the_page(page: Page) -> None:
    shopping.choose_from_home(page)
    loads = _count_loads(page)
    quantity = page.get_by_label("Quantity")
    quantity.fill("2")
    quantity.press("Tab")
    expect(page.locator("[data-status]")).to_have_text("To pay: £50.00.")
    expect(page.get_by_role("button", name="Pay £50.00")).to_be_visible()
    expect(page.locator("basket-count")).to_contain_text("2")
    focused = page.evaluate("document.activeElement.textContent.trim()")
    assert focused.startswith("Save for later")
    page.get_by_label("Add a donation, if you like").fill("4.50")
    page.get_by_label("Code").fill("NO-SUCH-CODE")
    page.get_by_label("Code").press("Enter")
    expect(page.locator("[data-status]")).to_have_text("This code is not valid. To pay: £50.00.")
    expect(page.get_by_label("Code")).to_be_focused()
    expect(page.get_by_label("Code")).to_have_value("NO-SUCH-CODE")
    expect(page.get_by_label("Add a donation, if you like")).to_have_value("4.50")
    assert loads() == 0


def _ask_for_two(page: Page) -> None:
    page.get_by_label("Quantity").fill("2")
    with page.expect_request(re.compile(r"/basket/lines/")):
        page.get_by_label("Quantity").press("Tab")
    expect(page.locator("[data-live]")).to_have_attribute("aria-busy", "true")


def test_pay_that_is_pressed_too_soon_says_the_new_total_first(page: Page) -> None:
    shopping.choose_from_home(page)
    let_go = shopping.kept_back(page, r"/basket/(lines|extras)/")
    _ask_for_two(page)
    page.get_by_role("button", name="Pay £28.95").click()
    let_go()
    expect(page.locator("[data-status]")).to_have_text("To pay: £50.00.")
    shopping.arrived(page, r"/basket/$")
    shopping.press_pay(page)


def _save_a_note(page: Page) -> None:
    page.locator("#extras summary").click()
    page.get_by_label("Note to put in the parcel").fill("Read it slowly.")
    with page.expect_request(re.compile(r"/basket/extras/")):
        page.get_by_role("button", name="Save", exact=True).click()


def test_pay_that_is_pressed_too_soon_goes_on_when_the_total_stands(page: Page) -> None:
    shopping.choose_from_home(page)
    let_go = shopping.kept_back(page, r"/basket/(lines|extras)/")
    _save_a_note(page)
    page.get_by_role("button", name="Pay £28.95").click()
    let_go()
    shopping.arrived(page, r"/c/pay/cs_test_")


def test_pay_is_not_taken_away_from_under_the_finger(page: Page) -> None:
    shopping.choose_from_home(page)
    let_go = shopping.kept_back(page, r"/basket/(lines|extras)/")
    _save_a_note(page)
    page.get_by_role("button", name="Pay £28.95").hover()
    page.mouse.down()
    with page.expect_response(re.compile(r"/basket/extras/")) as answer:
        let_go()
    answer.value.finished()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.mouse.up()
    shopping.arrived(page, r"/c/pay/cs_test_")


def _count_loads(page: Page) -> Callable[[], int]:
    loaded: list[str] = []
    page.on("framenavigated", lambda frame: loaded.append(frame.url))
    return lambda: len(loaded)


def test_when_the_answer_fails_the_browser_sends_the_form_itself(browser: Browser, store: Store) -> None:
    heard = Complaints()
    with visiting(browser, store, heard) as page:
        shopping.choose_from_home(page)
        page.route(
            re.compile(r"/basket/lines/"),
            lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_(),
        )
        with page.expect_navigation():
            page.get_by_label("Quantity").fill("2")
            page.get_by_label("Quantity").press("Tab")
        expect(page.get_by_role("button", name="Pay £50.00")).to_be_visible()
    assert len(heard) == 1  # the one that was made to fail
    assert "ERR_FAILED" in heard[0]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_thing_is_saved_and_moves_to_the_basket_and_back(
    scripts: bool, browser: Browser, store: Store, complaints: Complaints
) -> None:
    with visiting(browser, store, complaints, java_script_enabled=scripts) as page:
        _open_first_product(page)
        title = page.locator("h1").inner_text()
        page.get_by_role("button", name="Save for later").click()
        shopping.arrived(page, r"/wishlist/$")
        page.locator(".line").get_by_role("button", name="Add to basket").click()
        shopping.arrived(page, r"/basket/$")
        expect(page.locator(".line")).to_have_count(1)
        page.get_by_role("button", name="Save for later").click()
        expect(page.locator(".line")).to_have_count(0)
        page.get_by_role("link", name="1 thing saved for later").click()
        expect(page.locator(".line__title")).to_have_count(1)
        assert title.split()[0].lower() in page.locator(".line__title").inner_text().lower()


def test_what_was_looked_at_stays_in_the_browser_and_can_be_forgotten(page: Page) -> None:
    page.goto("/catalogue/")
    names = []
    for number in (0, 1):
        page.goto("/catalogue/")
        page.locator(".cards a").nth(number).click()
        shopping.arrived(page, r"/catalogue/.+_\d+/")
        names.append(page.locator("recently-viewed").get_attribute("data-title") or "")
    seen = page.locator("recently-viewed")
    expect(seen.get_by_role("link")).to_have_text(re.compile(names[0], re.IGNORECASE))
    page.goto("/")
    expect(seen.get_by_role("link")).to_have_count(2)
    expect(seen.get_by_role("link").first).to_have_text(re.compile(names[1], re.IGNORECASE))
    seen.get_by_role("button", name="Forget these").click()
    expect(seen).to_be_hidden()
    page.reload()
    expect(seen).to_be_hidden()
    assert page.context.cookies() == []
