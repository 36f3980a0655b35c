"""Giving in a browser, with scripts and without: a monthly donation, its receipt, and how it is stopped."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import post, shopping
from tests.e2e.conftest import Complaints, visiting
from tests.processes import Store


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_gives_every_month_and_stops(
    scripts: bool, browser: Browser, store: Store, complaints: Complaints
) -> None:
    email = f"robin-{scripts}@example.org".lower()
    with visiting(browser, store, complaints, java_script_enabled=scripts) as page:
        page.goto("/")
        page.get_by_role("contentinfo").get_by_role("link", name="Donate").click()
        expect(page.locator("[type=radio]:checked")).to_have_count(0)
        page.get_by_label("Every month").check()
        page.get_by_label("£10").check()
        page.get_by_label("Another amount").fill("7.50")
        expect(page.locator("[name=amount]:checked")).to_have_count(0 if scripts else 1)
        page.get_by_role("button", name="Continue to payment").click()
        shopping.give(page, email)
        shopping.arrived(page, r"/donate/thanks/")
        expect(page.locator("main")).to_contain_text("£7.50")
        page.goto(post.link(post.wait_for(store, f"To: {email}"), r"/donate/manage/[\w.-]+/"))
        page.get_by_role("button", name="Stop the donation").click()
        page.get_by_role("button", name="Cancel subscription").click()
        expect(page.locator("main")).to_contain_text("nothing more is taken")
        expect(page.get_by_role("button", name="Stop the donation")).to_have_count(0)
