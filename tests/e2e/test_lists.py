"""The product list in a browser: filters at once, the address in step, the same without scripts, light on a phone."""

from playwright.sync_api import Browser, Page, expect

from tests.e2e import shopping
from tests.e2e.conftest import Complaints, visiting
from tests.processes import Store

#: What a phone may load of a list with a cold cache, pictures and all.
MOST_BYTES = 200_000


def cards(page: Page) -> int:
    return page.locator(".card").count()


def test_a_filter_shows_at_once_and_back_takes_it_away(page: Page) -> None:
    page.goto("/catalogue/")
    page.evaluate("window.isStillHere = true")
    page.locator("#colour-ink").click()
    shopping.arrived(page, r"/catalogue/\?colour=ink$")
    expect(page.get_by_role("link", name="Remove Ink black")).to_be_visible()
    expect(page.locator("#colour-ink")).to_be_focused()
    expect(page.locator(".list__count")).to_have_text("16 products")
    assert page.title().startswith("Shop: Ink black")
    page.locator("#sort").select_option("name")
    shopping.arrived(page, r"/catalogue/\?colour=ink&sort=name$")
    expect(page.locator(".card__title").first).to_contain_text("Across the Story", ignore_case=True)
    page.go_back()
    page.go_back()
    expect(page.locator("#colour-ink")).not_to_be_checked()
    expect(page.locator(".list__count")).to_have_text("32 products")
    assert page.evaluate("window.isStillHere")


def test_the_keyboard_takes_filters_away_one_by_one_and_keeps_its_place(page: Page) -> None:
    page.goto("/catalogue/?colour=ink&colour=paper&garment=t-shirt")
    chips = page.locator(".bar .chips a")
    expect(chips).to_have_count(4)
    second = chips.nth(1).inner_text()
    chips.first.press("Enter")
    expect(chips).to_have_count(3)
    expect(chips.first).to_have_text(second)
    expect(chips.first).to_be_focused()
    chips.nth(1).press("Enter")
    expect(chips).to_have_count(2)
    expect(page.get_by_role("link", name="Clear all")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chips).to_have_count(0)
    expect(page.locator("#results")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#sort")).to_be_focused()


def test_what_was_ticked_before_the_script_came_is_shown(page: Page) -> None:
    let_go = shopping.kept_back(page, "/js/shop")
    page.goto("/catalogue/", wait_until="commit")
    page.locator("#colour-ink").check()
    let_go()
    shopping.arrived(page, r"/catalogue/\?colour=ink$")
    expect(page.locator(".list__count")).to_have_text("16 products")


def test_a_phone_opens_the_filters_picks_and_sees_the_products(
    browser: Browser, store: Store, complaints: Complaints
) -> None:
    with visiting(browser, store, complaints, viewport={"width": 360, "height": 740}, has_touch=True) as page:
        page.goto("/catalogue/")
        expect(page.locator("#size-M")).not_to_be_visible()
        page.get_by_text("Filter", exact=True).tap()
        page.locator("label:has(#size-M)").tap()
        expect(page.locator(".filters__summary")).to_have_text("Filter (1)")
        page.locator("#price_to").fill("26")
        page.get_by_role("button", name="Show products").tap()
        shopping.arrived(page, r"/catalogue/\?size=M&price_to=26$")
        expect(page.locator("#size-M")).not_to_be_visible()
        expect(page.locator(".list__count")).to_have_text("16 products")


def test_the_form_works_without_scripts(browser: Browser, store: Store, complaints: Complaints) -> None:
    with visiting(browser, store, complaints, java_script_enabled=False) as page:
        page.goto("/catalogue/")
        page.locator("#garment-cushion").check()
        page.locator("#size-60").check()
        page.get_by_role("button", name="Show products").click()
        assert "garment=cushion&" in page.url
        assert page.locator(".list__count").inner_text().casefold() == "16 products"
        page.get_by_label("Sort by").select_option("price-down")
        page.get_by_role("button", name="Sort", exact=True).click()
        assert "size=60" in page.url
        assert "sort=price-down" in page.url
        page.get_by_role("link", name="Remove Cushion").click()
        assert page.url.endswith("/catalogue/?size=60&sort=price-down")


def test_a_list_is_light_on_a_phone(browser: Browser, store: Store, complaints: Complaints) -> None:
    screen = {"viewport": {"width": 360, "height": 800}, "device_scale_factor": 3, "is_mobile": True}
    with visiting(browser, store, complaints, **screen) as page:
        loaded: list[int] = []
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda done: loaded.append(done["encodedDataLength"]))
        page.goto("/catalogue/", wait_until="networkidle")
        assert cards(page) == 24
        assert 10 < len(loaded) < 40
        assert sum(loaded) <= MOST_BYTES
