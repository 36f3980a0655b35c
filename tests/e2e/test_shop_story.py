"""The element the publication puts into its own pages."""

import re

from playwright.sync_api import Browser, Page, Route, expect

from tests.processes import Store

#: What `EMBED_PARENTS` names in tests.
PAPER = "https://paper.example"
#: The store is on this machine, which a page of the net may not ask otherwise.
LOOPBACK = ["local-network-access"]


def _publish(page: Page, store: Store, story: str) -> None:
    """Open a page of the publication whose canonical address is the story's."""
    html = (
        f'<!doctype html><html lang="en"><title>A story</title><link rel="canonical" href="{story}">'
        f'<script async src="{store.url}/shop-story.js"></script><p>Words.</p><shop-story></shop-story>'
    )

    def answer(route: Route) -> None:
        route.fulfill(content_type="text/html", body=html)

    page.route(f"{PAPER}/**", answer)
    page.goto(f"{PAPER}/a-story/")


def test_it_shows_the_merch_of_the_story_and_nothing_for_another(browser: Browser, store: Store) -> None:
    with browser.new_context(viewport={"width": 400, "height": 800}, permissions=LOOPBACK) as context:
        page = context.new_page()
        page.goto(f"{store.url}/stories/")
        page.locator("main h2 a, main h3 a").first.click()
        story = page.get_by_role("link", name="Read the whole story").get_attribute("href") or ""
        _publish(page, store, story)
        frame = page.frame_locator("shop-story iframe")
        expect(frame.get_by_role("heading", name="Shop this story")).to_be_visible()
        expect(page.locator("shop-story iframe")).to_have_attribute("title", "Shop this story")
        link = frame.get_by_role("link").first
        expect(link).to_have_attribute("href", re.compile(rf"^{store.url}/catalogue/.*story=\d+"))
        assert frame.locator("html").evaluate("node => node.scrollHeight <= innerHeight")
        assert context.cookies(store.url) == []
        with page.expect_response(f"{store.url}/embed/**") as asked:
            _publish(page, store, f"{PAPER}/none/")
        assert asked.value.status == 404
        expect(page.locator("shop-story")).to_be_attached()
        expect(page.locator("shop-story iframe")).to_have_count(0)
