"""From the home page to a shipped order, with scripts and without."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import post, shopping
from tests.e2e.conftest import STAFF, Complaints, visiting
from tests.processes import Store


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_buys_and_staff_ship(
    scripts: bool, browser: Browser, store: Store, complaints: Complaints
) -> None:
    with visiting(browser, store, complaints, java_script_enabled=scripts) as reader:
        shopping.choose_from_home(reader)
        shopping.press_pay(reader)
        shopping.pay(reader)
        number = shopping.thanked(reader)
        assert "robin@example.org" in post.wait_for(store, number)
        with visiting(browser, store, Complaints()) as staff:
            _staff_ship(staff, number)
        post.wait_for(store, number, "RM123456785GB")
        assert len(post.mails(store, number)) == 2
        reader.reload()
        expect(reader.get_by_text("RM123456785GB")).to_be_visible()
    store.manage("check_ledger")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_two_clicks_lead_from_a_size_to_stripes_page(
    scripts: bool, browser: Browser, store: Store, complaints: Complaints
) -> None:
    with visiting(browser, store, complaints, java_script_enabled=scripts) as page:
        shopping.open_shirt(page)
        page.locator("input[name=size][value=M]").check()
        loads: list[str] = []
        page.on("load", lambda loaded: loads.append(loaded.url))
        page.get_by_role("button", name="Add to basket").click()
        page.get_by_role("button", name=re.compile("^Pay £")).click()
        shopping.arrived(page, r"/c/pay/cs_test_")
        page.wait_for_load_state()
        assert [url.startswith(store.url) for url in loads] == [True, False]


def _staff_ship(staff: Page, number: str) -> None:
    shopping.log_in(staff, STAFF)
    shopping.find_order(staff, number)
    shopping.ship(staff, carrier="Royal Mail", tracking="RM123456785GB")
    expect(staff.get_by_text(re.compile("is on its way"))).to_be_visible()


def test_a_declined_card_can_be_tried_again_with_another(page: Page) -> None:
    shopping.choose_from_home(page)
    shopping.press_pay(page)
    shopping.pay(page, shopping.DECLINED)
    expect(page.locator("#problem")).to_contain_text("declined")
    shopping.pay(page)
    shopping.thanked(page)


def test_going_back_from_the_payment_page_opens_the_basket_again(page: Page) -> None:
    shopping.choose_from_home(page)
    shopping.press_pay(page)
    page.get_by_role("link", name="Back to the store").click()
    shopping.arrived(page, r"/basket/$")
    expect(page.get_by_text("You were not charged")).to_be_visible()
    shopping.press_pay(page)
    shopping.pay(page)
    shopping.thanked(page)


def test_the_browsers_back_button_leads_to_the_same_payment(page: Page, store: Store) -> None:
    shopping.choose_from_home(page)
    shopping.press_pay(page)
    payment_page = page.url
    page.goto("/basket/")
    expect(page.get_by_role("button", name="Change my order")).to_be_visible()
    page.get_by_role("button", name="Continue to payment").click()
    expect(page).to_have_url(payment_page)
