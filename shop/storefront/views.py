"""Public pages: the same for everybody, and a fixed number of queries each."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalogue import selectors as catalogue
from shop.articles import selectors as articles
from shop.storefront import delivery, listing, product_page
from shop.storefront.public import public

PAGE_SIZE = 24
#: What of a product its address may ask for.
ASKED = {"sku": "variant", "colour": "colour", "size": "size"}


@public
def home(request: HttpRequest) -> HttpResponse:
    cards = catalogue.cards(catalogue.public_products()[:9])
    context = {
        "hero": next((card for card in cards if card.picture), None),
        "cards": cards[:8],
        "garments": catalogue.choices()["garment"],
        "stories": articles.with_merch(articles.listed()[:3]),
    }
    return render(request, "home.html", context)


@public(params=(*listing.KINDS, "sort", "page"))
def product_list(request: HttpRequest) -> HttpResponse:
    choices = catalogue.choices()
    filters = listing.read_filters(request.GET, choices)
    page = page_of(catalogue.filtered(filters), request.GET.get("page", "1"))
    facets = listing.facets(filters, choices)
    context = {
        "page": page,
        "cards": catalogue.cards(page.object_list, colours=filters.colour),
        "facets": facets,
        "chosen": [link for facet in facets for link in facet.chosen],
        "sorts": listing.sort_links(filters),
        "canonical": listing.list_url(filters, sort="", page=_after_first(page.number)),
        "previous": _neighbour(filters, page.number - 1) if page.has_previous() else "",
        "next": _neighbour(filters, page.number + 1) if page.has_next() else "",
    }
    return render(request, "catalogue/list.html", context)


@public(params=tuple(ASKED.values()))
def product(request: HttpRequest, product_slug: str, pk: str) -> HttpResponseBase:
    found = catalogue.product_page(int(pk))
    if found is None:
        raise Http404(_("There is no such product."))
    if (found.product.pk, found.product.slug) != (int(pk), product_slug):
        return redirect(product_page.address_of(found, int(pk)))
    asked = {name: request.GET.get(key, "") for name, key in ASKED.items()}
    context = product_page.context(found, **asked)
    return render(request, "catalogue/product.html", context)


@public(params=("page",))
def story_list(request: HttpRequest) -> HttpResponse:
    page = page_of(articles.listed(), request.GET.get("page", "1"))
    here = request.path
    context = {
        "page": page,
        "stories": articles.with_merch(page.object_list),
        "previous": f"{here}?page={page.number - 1}" if page.has_previous() else "",
        "next": f"{here}?page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "stories/list.html", context)


@public
def story(request: HttpRequest, slug: str) -> HttpResponse:
    found = articles.story(slug)
    if found is None:
        raise Http404(_("There is no such story."))
    return render(request, "stories/detail.html", {"story": found, "article": found.article})


#: The pages that say how the store works; their words are in templates/pages/.
PAGES = frozenset({"delivery", "returns", "about", "privacy", "terms", "accessibility"})


@public
def page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in PAGES:
        raise Http404(_("There is no such page."))
    return render(request, f"pages/{slug}.html", delivery.terms() if slug in ("delivery", "returns") else {})


def page_of(items: Any, number: str) -> Page[Any]:
    """Return that page of `items`; a number that is none or out of range is a page that does not exist."""
    try:
        return Paginator(items, PAGE_SIZE).page(number)
    except InvalidPage as error:
        raise Http404(_("There is no such page.")) from error


def _neighbour(filters: catalogue.Filters, number: int) -> str:
    return listing.list_url(filters, page=_after_first(number))


def _after_first(number: int) -> int | str:
    """The first page needs no number in its address."""
    return number if number > 1 else ""
