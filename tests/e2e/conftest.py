"""A store with the sample catalogue, its worker and a browser, shared by the tests of this folder.

These tests look at nothing but pages, mails and what the fake Stripe was asked.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests import browser as chromium
from tests import databases
from tests.databases import Database
from tests.processes import Store, prepared
from tests.settings import WORKER

STAFF = "staff@example.org"
#: How long a fact is waited for; a busy machine is slow, and whoever waits for what comes loses nothing.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
_addresses = itertools.count(1)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    database = databases.postgres() if os.environ.get("TEST_DATABASE") == "postgres" else databases.sqlite()
    with stocked(database, tmp_path_factory.mktemp("store"), "--picture-size", "320") as store:
        yield store


@contextmanager
def stocked(database: Database, folder: Path, *options: str) -> Iterator[Store]:
    """Run a store with the sample catalogue and its worker; paying in it breaks when asked (`break_once`)."""
    name, pictures = f"sample_{WORKER}", databases.kept_pictures()
    with prepared(database, folder, name=name, media=pictures, fault="pay.frozen:raise") as store:
        store.keep_whole()
        store.manage("load_demo", *options)
        store.manage("createsuperuser", "--noinput", "--email", STAFF)
        store.collect_static()
        store.start_web()
        store.start_worker()
        yield store


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launched() as browser:
        yield browser


class Complaints(list[str]):
    """What a browser would tell the store's developer: scripts that failed, files not found, a policy broken."""

    def listen(self, page: Page, store: Store) -> None:
        """Hear what is said about the store's own pages, and of every request to anywhere else."""
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._hear(said, store))
        page.on("request", lambda sent: self._watch(sent.url, store))

    def _hear(self, said: ConsoleMessage, store: Store) -> None:
        if said.type == "error" and said.location["url"].startswith(store.url):
            self.append(f"{said.location['url']}: {said.text}")

    def _watch(self, url: str, store: Store) -> None:
        if not url.startswith((store.url, store.fake.url, "data:")):
            self.append(f"asked {url}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test when a page complained."""
    heard = Complaints()
    yield heard
    assert heard == []


@contextmanager
def visiting(browser: Browser, store: Store, complaints: Complaints, **options: Any) -> Iterator[Page]:
    """A page of a new visitor, at an address of their own, for each address may only press *Pay* so often."""
    address = {"X-Forwarded-For": f"203.0.113.{next(_addresses)}"}
    with browser.new_context(base_url=store.url, extra_http_headers=address, **options) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        complaints.listen(page, store)
        yield page


@pytest.fixture
def page(browser: Browser, store: Store, complaints: Complaints) -> Iterator[Page]:
    """A visitor's page on a wide screen, with scripts."""
    with visiting(browser, store, complaints, viewport={"width": 1280, "height": 900}) as page:
        yield page
