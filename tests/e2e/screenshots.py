"""Photograph every page and state, narrow and wide, light and dark: `python -m tests.e2e.screenshots [walk …]`.

The walks are those that `test_pages` inspects, and one through the back office.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from playwright.sync_api import Browser, Page  # noqa: E402

from tests import browser, databases  # noqa: E402
from tests.e2e.conftest import Complaints, stocked, visiting  # noqa: E402
from tests.e2e.inspecting import NARROW, WIDE, Scheme, look  # noqa: E402
from tests.e2e.walks import WALKS  # noqa: E402
from tests.processes import Store  # noqa: E402

TARGET = databases.ROOT / "var/screenshots"
#: Pictures further down are loaded when somebody scrolls there; a photograph has no time for that.
_LOADED = """async () => {
  const pictures = [...document.images].filter((one) => one.checkVisibility());
  for (const one of pictures) one.loading = "eager";
  await Promise.all(pictures.map((one) => one.decode().catch(() => null)));
}"""


def main(chosen: list[str]) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        stocked(databases.sqlite(), Path(data)) as store,
        browser.launched() as chromium,
    ):
        for name in chosen or WALKS:
            print(f"{name}: {_photograph(chromium, store, name)} states", flush=True)
    print(TARGET)


def _photograph(chromium: Browser, store: Store, name: str) -> int:
    states = 0
    with visiting(chromium, store, Complaints(), viewport={"width": 1280, "height": 900}) as page:
        for state in WALKS[name](page, store):
            states += 1
            words = re.sub(r"[^a-z0-9]+", "-", f"{name} {states:02} {state}".lower())
            _take(page, TARGET / words)
    return states


def _take(page: Page, path: Path) -> None:
    """Photograph the page as it stands; the back office keeps the colours it was loaded with."""
    schemes: tuple[Scheme, ...] = ("light",) if "/admin/" in page.url else ("light", "dark")
    for width in (NARROW, WIDE):
        for scheme in schemes:
            look(page, width, scheme)
            page.evaluate(_LOADED)
            page.screenshot(path=f"{path}-{width}-{scheme}.png", full_page=True)
    look(page, WIDE, "light")


if __name__ == "__main__":
    main(sys.argv[1:])
