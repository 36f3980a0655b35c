"""What a page says: staff's own words, else the default ones."""

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shop.pages.defaults import PAGES
from shop.pages.markup import as_html
from shop.pages.models import PageText

HEADING = "<h2>"


@dataclass(frozen=True, slots=True)
class Words:
    """A page's name, its line for machines, and its words as clean HTML: up to the first heading, and from there."""

    slug: str
    title: str
    line: str
    opening: SafeString
    rest: SafeString


def words(slug: str) -> Words | None:
    """Return what a page says in the active language, None when there is no such page (one query)."""
    if slug not in PAGES:
        return None
    language = get_language() or ""
    written = PageText.objects.filter(page=slug, language=language).first()
    return words_of(written or PageText(page=slug, language=language))


def words_of(written: PageText) -> Words:
    """Return what the page says with that text, which need not be saved."""
    page, html = PAGES[written.page], written.html or as_html(written.default)
    opening, heading, rest = html.partition(HEADING)
    return Words(written.page, str(page.title), str(page.line), _clean(opening), _clean(f"{heading}{rest}"))


def _clean(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  (`markup.as_html` made it)
