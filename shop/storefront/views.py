"""Public pages: the same for everybody, and a fixed number of queries each."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalogue import selectors as catalogue
from shop.articles import selectors as articles
from shop.pages import selectors as pages
from shop.storefront import delivery, home_page, listing, product_page, shelves, structured_pages
from shop.storefront import product_list as listed_products
from shop.storefront.paging import page_of
from shop.storefront.public import public

#: What of a product its address may ask for.
ASKED = {"sku": "variant", "colour": "colour", "size": "size"}


@public
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html", home_page.context(shelves.current(request)))


@public(params=listing.PARAMS)
def product_list(request: HttpRequest) -> HttpResponse:
    return render(
        request, "catalogue/list.html", listed_products.context(request.GET, shelves.current(request))
    )


@public(params=(*ASKED.values(), "reviews", "story"))
def product(request: HttpRequest, product_slug: str, pk: str) -> HttpResponseBase:
    found = catalogue.product_page(int(pk))
    if found is None:
        raise Http404(_("There is no such product."))
    if (found.product.pk, found.product.slug) != (int(pk), product_slug):
        return redirect(product_page.address_of(found, int(pk)))
    asked = {name: request.GET.get(key, "") for name, key in ASKED.items()}
    context = product_page.context(
        found,
        **asked,
        reviews_page=_whole(request.GET.get("reviews", "")),
        story=request.GET.get("story", ""),
    )
    return render(request, "catalogue/product.html", context)


@public
def design(request: HttpRequest, slug: str) -> HttpResponse:
    found = catalogue.design_page(slug)
    if found is None:
        raise Http404(_("There is no such page."))
    context = {
        "design": found.design,
        "cards": found.cards,
        "stories": articles.stories_behind(found.design.pk),
        "structured": structured_pages.design(found),
    }
    return render(request, "catalogue/design.html", context)


@public(params=("page",))
def story_list(request: HttpRequest) -> HttpResponse:
    page = page_of(articles.listed(), request.GET.get("page", "1"))
    here, stories = request.path, articles.with_merch(page.object_list)
    context = {
        "page": page,
        "stories": stories,
        "canonical": here if page.number == 1 else f"{here}?page={page.number}",
        "structured": structured_pages.story_list(stories, first=page.start_index()),
        "previous": f"{here}?page={page.number - 1}" if page.has_previous() else "",
        "next": f"{here}?page={page.number + 1}" if page.has_next() else "",
    }
    return render(request, "stories/list.html", context)


@public
def story(request: HttpRequest, slug: str) -> HttpResponse:
    found = articles.story(slug)
    if found is None:
        raise Http404(_("There is no such story."))
    context = {
        "story": found,
        "article": found.article,
        "structured": structured_pages.story(found.article),
    }
    return render(request, "stories/detail.html", context)


@public
def page(request: HttpRequest, slug: str) -> HttpResponse:
    words = pages.words(slug)
    if words is None:
        raise Http404(_("There is no such page."))
    return show_page(request, words)


def show_page(request: HttpRequest, words: pages.Words) -> HttpResponse:
    """Show a page about the store; the one about delivery has the zones and prices with it."""
    facts = delivery.terms() if words.slug == "delivery" else {}
    return render(request, "pages/page.html", {"words": words, **facts})


def _whole(number: str) -> int:
    """Return the number in an address; 1 for anything that is none."""
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
