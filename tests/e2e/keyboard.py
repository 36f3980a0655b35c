"""A shopper who has a keyboard and no mouse; wherever the focus goes they can see it."""

from typing import Any

from playwright.sync_api import Locator, Page

#: The longest way any page asks for: past all filters of the list.
MOST_STEPS = 90

#: Says what is wrong with where the focus is, or nothing. A field laid invisibly over its label is seen by the label.
_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return `${location}: nothing has the focus`;
  const seen = [at, at.closest("label")].filter((one) => one && getComputedStyle(one).opacity !== "0");
  const search = at.closest("[role=search], search, form");
  const outlined = [...seen, search].some((one) => {
    if (!one) return false;
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  if (!outlined) return `${location}: no outline: ${at.outerHTML.slice(0, 160)}`;
  const box = at.getClientRects()[0];
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const top = box && document.elementFromPoint(
    middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  if (!top || !seen.some((one) => one.contains(top))) return `${location}: out of sight: ${at.outerHTML.slice(0, 160)}`;
  return null;
}"""

#: Names what sticks out of the window, when the page can be scrolled sideways.
_WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const all = [...document.querySelectorAll("body *")];
  const out = all.filter((one) => one.getBoundingClientRect().right > width);
  const loose = out.filter((one) => !one.closest(".gallery__strip, .scroll"));
  return loose.map((one) => `${location}: ${one.tagName}.${one.className} sticks out`);
}"""


class Keyboard:
    """Presses keys on a page and notes every step at which the focus could not be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lost: list[str] = []
        self.too_wide: list[str] = []

    def step(self, key: str = "Tab") -> None:
        """Press a key that moves the focus within our own page, and look where it is."""
        self.page.keyboard.press(key)
        if wrong := self.page.evaluate(_FOCUS):
            self.lost += [] if wrong in self.lost else [wrong]

    def go_to(self, target: Locator, *, ours: bool = True) -> None:
        """Press Tab until the target has the focus."""
        for _ in range(MOST_STEPS):
            self.step() if ours else self.page.keyboard.press("Tab")
            if target.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError(f"the keyboard never reaches {target}")

    def press(self, target: Locator, key: str = "Enter", **options: Any) -> None:
        """Go to the target and press it."""
        self.go_to(target, **options)
        self.page.keyboard.press(key)

    def type(self, target: Locator, words: str) -> None:
        """Go to a field of the payment page and fill it in."""
        self.go_to(target, ours=False)
        self.page.keyboard.type(words)

    def choose(self, kind: str, value: str) -> None:
        """Go to a group of radios and along it by the arrows until this value is chosen."""
        self.go_to(self.page.locator(f"input[name={kind}]:checked"))
        radios = self.page.locator(f"input[name={kind}]")
        for _ in range(radios.count()):
            if self.page.locator(f"input[name={kind}][value='{value}']").is_checked():
                return
            self.step("ArrowRight")
        raise AssertionError(f"the arrows never reach {kind} {value}")

    def look(self) -> None:
        """Note what does not fit the window's width."""
        self.too_wide += self.page.evaluate(_WIDER)
