"""What search engines are told to read, `/sitemap.xml`, and what they are asked to leave alone, `/robots.txt`.

A small store's sitemap is one file. A big one is an index of parts, so that no answer grows beyond what search
engines take or a process should hold. Only pages that everybody may see, and that are their own canonical address.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from math import ceil

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from catalogue.models import Design, Product
from catalogue.selectors import pictures_of, product_url, public_designs, public_products
from shop.articles import selectors as articles
from shop.articles.models import Article
from shop.pages.defaults import PAGES
from shop.storefront.markup import DECLARATION, element, opening, parent
from shop.storefront.public import public
from shop.storefront.structured import absolute, picture_url

#: Pages in one file: with all their pictures far less than the 50,000 and 50 MB that are taken.
PART = 2000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NAMESPACES = {
    "xmlns": _NAMESPACE,
    "xmlns:image": "http://www.google.com/schemas/sitemap-image/1.1",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
}
#: What is somebody's own, or a question: nothing to be found by searching.
_PRIVATE = ("basket", "checkout", "orders", "account", "wishlist", "alerts", "search", "reviews", "buy")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: how its path is made in the active language, when it was changed, and its pictures' addresses."""

    path: Callable[[], str]
    changed_at: datetime | None = None
    pictures: tuple[str, ...] = ()


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """Answer with all pages, or with the index of the parts when they are many (eight queries at most)."""
    counts = {
        "products": public_products().count(),
        "designs": public_designs().count(),
        "stories": articles.listed().count(),
    }
    if sum(counts.values()) > PART:
        return _answer(_index(counts))
    few = _stories(articles.listed()), _designs(public_designs()), _products(public_products())
    return _answer(_urlset([*_fixed(), *chain(*few)]))


@public
def part(request: HttpRequest, kind: str, number: str) -> HttpResponse:
    """Answer with one part of a big store's sitemap (two queries)."""
    found = list(_of_kind(kind, (int(number) - 1) * PART)) if int(number) else []
    if not found:
        raise Http404(_("There is no such part."))
    return _answer(_urlset(found))


@public
def robots(request: HttpRequest) -> HttpResponse:
    prefixes = ["", *(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE)]
    lines = [f"Disallow: {prefix}/{place}/" for prefix in prefixes for place in _PRIVATE]
    text = "\n".join(
        ["User-agent: *", "Disallow: /admin/", *lines, "", f"Sitemap: {absolute(reverse('sitemap'))}", ""]
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _of_kind(kind: str, start: int) -> Iterable[Entry]:
    if kind == "pages":
        return () if start else _fixed()
    if kind == "stories":
        return _stories(articles.listed().order_by("pk")[start : start + PART])
    if kind == "designs":
        return _designs(public_designs()[start : start + PART])
    return _products(public_products().order_by("pk")[start : start + PART])


def _fixed() -> Iterator[Entry]:
    for name in ("home", "catalogue:index", "stories:list", "donations:page"):
        yield Entry(lambda name=name: reverse(name))  # type: ignore[misc]
    for slug in sorted(PAGES):
        yield Entry(lambda slug=slug: reverse("page", args=[slug]))  # type: ignore[misc]


def _stories(found: QuerySet[Article]) -> Iterator[Entry]:
    for slug, published in found.values_list("slug", "published_at"):
        yield Entry(lambda slug=slug: reverse("stories:detail", args=[slug]), published)  # type: ignore[misc]


def _designs(found: QuerySet[Design]) -> Iterator[Entry]:
    for slug in found.values_list("slug", flat=True):
        yield Entry(lambda slug=slug: reverse("design", args=[slug]))  # type: ignore[misc]


def _products(found: QuerySet[Product]) -> Iterator[Entry]:
    products = list(found)
    pictures = pictures_of([product.pk for product in products])
    for product in products:
        shown = tuple(picture_url(picture) for picture in pictures[product.pk])
        yield Entry(lambda product=product: product_url(product), product.date_updated, shown)  # type: ignore[misc]


def _index(counts: dict[str, int]) -> str:
    parts = [("pages", 1)] + [
        (kind, number) for kind, count in counts.items() for number in range(1, ceil(count / PART) + 1)
    ]
    addresses = (absolute(reverse("sitemap_part", args=each)) for each in parts)
    rows = "".join(parent("sitemap", element("loc", address)) for address in addresses)
    return f"{opening('sitemapindex', {'xmlns': _NAMESPACE})}{rows}</sitemapindex>"


def _urlset(entries: Sequence[Entry]) -> str:
    rows = "".join(row for entry in entries for row in _urls(entry))
    return f"{opening('urlset', _NAMESPACES)}{rows}</urlset>"


def _urls(entry: Entry) -> Iterator[str]:
    """Yield the page once in each language, each naming all of them when there are several."""
    addresses = dict(_in_languages(entry))
    others = "".join(
        opening("xhtml:link", {"rel": "alternate", "hreflang": code, "href": address}, end="/>")
        for code, address in addresses.items()
        if len(addresses) > 1
    )
    changed = element("lastmod", entry.changed_at.isoformat(timespec="seconds")) if entry.changed_at else ""
    pictures = "".join(
        parent("image:image", element("image:loc", picture)) for picture in dict.fromkeys(entry.pictures)
    )
    for address in addresses.values():
        yield parent("url", element("loc", address), changed, others, pictures)


def _in_languages(entry: Entry) -> Iterator[tuple[str, str]]:
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield code, absolute(entry.path())


def _answer(document: str) -> HttpResponse:
    return HttpResponse(DECLARATION + document, content_type="application/xml; charset=utf-8")
