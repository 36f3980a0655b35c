"""What is wrong with the page as it stands in a browser: looked at once, wide and narrow, in light and dark.

One load serves all the looks: the window is made narrower and the colours are changed under the page.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal
from urllib.parse import unquote, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, resolve
from playwright.sync_api import CDPSession, Page, Response

from tests import markup

Scheme = Literal["light", "dark"]
HEIGHT = 900
WIDE, NARROW, SMALLEST = 1280, 360, 320
#: How many bytes of styles and scripts a page may ask for, compressed.
MOST_CODE = 30_000
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Each width and each colour scheme has all rules once.
LOOKS: tuple[tuple[int, Scheme], ...] = ((WIDE, "light"), (NARROW, "dark"))

#: How many rules hold, and what breaks one.
_AXE = """async (tags) => {
  const found = await axe.run({ runOnly: tags, resultTypes: ["violations"] });
  const words = found.violations.map((one) => `${one.id} ${one.nodes.map((node) => node.html.slice(0, 120))}`);
  return [found.passes.length, words];
}"""
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Names what sticks out of a window that can be scrolled sideways.
_OUT = """() => {
  const width = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")].filter((one) =>
    one.getBoundingClientRect().right > width + 0.5 && !one.closest(".gallery__strip, .scroll, .hidden-text"))
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}`).slice(0, 6);
}"""
_FILES = """() => performance.getEntriesByType("resource")
  .map((one) => one.name.split("?")[0]).filter((name) => /\\.(css|js)$/.test(new URL(name).pathname))"""
#: What a finger or a shaking hand has to hit. A link in the middle of a sentence is as high as its line.
_SMALL = """() => {
  const small = [];
  const dialog = document.querySelector("dialog[open]");
  for (const one of (dialog || document).querySelectorAll(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]")) {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest(".hidden-text")) continue;
    if (one.matches(".skip:not(:focus)")) continue;
    const boxes = [one, one.closest("label")].filter(Boolean).map((each) => each.getBoundingClientRect());
    const height = Math.max(...boxes.map((box) => box.height));
    const width = Math.max(...boxes.map((box) => box.width));
    const around = one.parentElement.cloneNode(true);
    for (const link of around.querySelectorAll("a, .hidden-text")) link.remove();
    const isInSentence = one.matches("a") && getComputedStyle(one).display === "inline"
      && /\\w{2}/.test(around.textContent);
    if ((height < 23.9 || width < 23.9) && !isInSentence) {
      small.push(`${Math.round(width)}×${Math.round(height)} ${one.outerHTML.slice(0, 140)}`);
    }
  }
  return small;
}"""
#: A picture says what it shows, or stands beside words that do; it says nothing about being a picture or a file.
_PICTURES = """() => {
  const wrong = [];
  const shown = new Map();
  for (const one of document.querySelectorAll("img")) {
    if (one.closest("[aria-hidden=true]")) continue;
    const alt = one.getAttribute("alt");
    const name = one.currentSrc || one.src;
    if (one.complete && one.naturalWidth === 0 && one.checkVisibility()) wrong.push(`not there: ${name}`);
    if (alt === null) { wrong.push(`no alt: ${name}`); continue; }
    if (/\\.(png|jpe?g|webp|avif)|^(image|picture|photo) of/i.test(alt)) wrong.push(`alt ${alt}`);
    const beside = one.closest("a, label, li, article, section, figure, .line");
    if (!alt && !(beside && beside.textContent.trim())) wrong.push(`nothing says what is in ${name}`);
    if (!alt || !one.closest(".shot")) continue;
    const file = one.closest("a").href;
    if (shown.has(alt) && shown.get(alt) !== file) wrong.push(`two pictures with the alt ${alt}`);
    shown.set(alt, file);
  }
  return wrong;
}"""
_IDS = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  return [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))].map((id) => `the id ${id} twice`);
}"""


class Inspector:
    """Looks at each state of one visitor's page, and puts the window back as it was."""

    def __init__(self, page: Page, complaints: list[str]) -> None:
        self.page = page
        self.complaints = complaints
        self.browser = page.context.new_cdp_session(page)
        self.answer: Response | None = None
        self.refused: set[str] = set()
        self.routes: set[str] = set()
        page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.frame == self.page.main_frame:
            self.answer = answer
            self.refused |= {answer.url} if answer.status >= 400 else set()
            self.routes |= _routes(answer.url)

    def problems(self) -> Iterator[str]:
        """Yield all that is wrong with the page as it stands, in words."""
        page = self.page
        page.wait_for_load_state()
        yield from self._html()
        for width, scheme in LOOKS:
            look(page, width, scheme)
            yield from (f"{width} px, {scheme}: {wrong}" for wrong in _axe(page))
        yield from (f"a target of {small}" for small in page.evaluate(_SMALL))
        yield from page.evaluate(_PICTURES)
        yield from page.evaluate(_IDS)
        yield from _code(page)
        yield from _too_wide(page, self.browser)
        look(page, WIDE, "light")
        yield from self._said()

    def _html(self) -> list[str]:
        """Read what was sent once; what scripts made of it since is looked at in the page itself."""
        answer, self.answer = self.answer, None
        return [] if answer is None else markup.problems(answer.text())

    def _said(self) -> list[str]:
        """Return what the browser complained of, but for the pages that are refusals themselves."""
        heard = [one for one in self.complaints if not self._is_refusal(one)]
        self.complaints.clear()
        return heard

    def _is_refusal(self, words: str) -> bool:
        return "Failed to load resource" in words and any(words.startswith(url) for url in self.refused)


def _routes(url: str) -> set[str]:
    """Return the name of the route an address of the store belongs to."""
    try:
        return {resolve(unquote(urlsplit(url).path)).view_name}
    except Resolver404:
        return set()


def look(page: Page, width: int, scheme: Scheme) -> None:
    """Give the window another width and the page other colours."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": HEIGHT})


def _axe(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    passed, wrong = page.evaluate(_AXE, TAGS)
    assert passed > 10
    found: list[str] = wrong
    return found


def _code(page: Page) -> list[str]:
    """Weigh the styles and scripts the page asked for, as they are sent: one file of each, compressed."""
    files: list[str] = page.evaluate(_FILES)
    weight = sum(
        len(gzip.compress(b"".join(_read(page, url) for url in files if url.endswith(kind))))
        for kind in (".css", ".js")
    )
    return [] if files and weight <= MOST_CODE else [f"{weight} bytes of styles and scripts"]


_files: dict[str, bytes] = {}


def _read(page: Page, url: str) -> bytes:
    if url not in _files:
        answer = page.request.get(url)
        assert answer.ok, url
        _files[url] = answer.body()
    return _files[url]


def _too_wide(page: Page, browser: CDPSession) -> list[str]:
    """Say what makes the smallest phone scroll sideways, with text as it comes and twice as large."""
    found = []
    page.set_viewport_size({"width": SMALLEST, "height": HEIGHT})
    for size in (16, 32):
        with _text(browser, size):
            if over := page.evaluate(_SIDEWAYS):
                found.append(f"{SMALLEST} px, text {size} px: {over} px too wide: {page.evaluate(_OUT)}")
    return found


@contextmanager
def _text(browser: CDPSession, size: int) -> Iterator[None]:
    """Let the browser's own text size be another for a while, as its settings do."""
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": size}})
    yield
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
