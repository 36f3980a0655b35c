"""Take the README's picture of the store: `python -m tests.e2e.screenshot [file]`."""

import os
import sys
import tempfile
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from tests import browser, databases  # noqa: E402
from tests.processes import prepared  # noqa: E402

TARGET = databases.ROOT / "static/img/store.png"


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder, prepared(databases.sqlite(), Path(folder)) as store:
        store.media = databases.kept_pictures()
        store.manage("load_demo")
        store.start_web()
        with browser.launched() as chromium:
            page = chromium.new_page(base_url=store.url, viewport={"width": 1280, "height": 800})
            page.goto("/", wait_until="networkidle")
            page.screenshot(path=target)
    print(f"{target} ({target.stat().st_size // 1000} kB)")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET)
