"""A store with the sample catalogue, its worker and a browser, shared by the tests of this folder.

These tests look at nothing but pages, mails and what the fake Stripe was asked.
"""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import browser as chromium
from tests import databases
from tests.processes import Store, prepared

STAFF = "staff@example.org"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    database = databases.postgres() if os.environ.get("TEST_DATABASE") == "postgres" else databases.sqlite()
    pictures = databases.kept_pictures()
    with prepared(database, tmp_path_factory.mktemp("store"), name="sample", media=pictures) as store:
        store.manage("load_demo", "--picture-size", "320")
        store.manage("createsuperuser", "--noinput", "--email", STAFF)
        store.start_web()
        store.start_worker()
        yield store


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launched() as browser:
        yield browser


class Complaints(list[str]):
    """What a browser would tell its developer: scripts that failed, files not found, a policy broken."""

    def listen(self, page: Page, store: Store) -> None:
        origins = {urlsplit(store.url).netloc, urlsplit(store.fake.url).netloc}
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on(
            "console", lambda said: self.append(f"{page.url}: {said.text}") if said.type == "error" else None
        )
        page.on(
            "request",
            lambda sent: (
                self.append(f"{page.url} asked {sent.url}")
                if urlsplit(sent.url).netloc not in origins | {""}
                else None
            ),
        )


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test when a page complained."""
    heard = Complaints()
    yield heard
    assert heard == []


def opened(context: BrowserContext, store: Store, complaints: Complaints) -> Page:
    """Return a new page of `context` that knows the store's address and is listened to."""
    context.set_default_timeout(15_000)
    page = context.new_page()
    complaints.listen(page, store)
    return page


@pytest.fixture
def page(browser: Browser, store: Store, complaints: Complaints) -> Iterator[Page]:
    """A page on a wide screen, with scripts."""
    with browser.new_context(base_url=store.url, viewport={"width": 1280, "height": 900}) as context:
        yield opened(context, store, complaints)
