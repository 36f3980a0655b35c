"""Finding things by words: the page of results, and suggestions while somebody types."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from catalogue import selectors as catalogue
from catalogue.selectors import Card
from shop.articles import selectors as articles
from shop.search import selectors as search
from shop.search.words import MOST_CHARACTERS
from shop.storefront.paging import page_of
from shop.storefront.public import public

#: How many designs stand above the hits.
DESIGNS = 4


@public(params=("q", "page", "exactly"))
def results(request: HttpRequest) -> HttpResponse:
    """Show what answers the words in `q`; `exactly` takes them as they are written."""
    asked = _asked(request)
    found = search.find(asked, exactly="exactly" in request.GET)
    page = page_of(found.products, request.GET.get("page", "1"))
    colours = search.colours_in(found.corrected or asked) if found else ()
    context = {
        "search_query": asked,
        "found": found,
        "page": page,
        "cards": (cards := catalogue.cards_of(search.numbers_of(page.object_list), colours=colours)),
        "designs": _designs(cards) if page.number == 1 else [],
        "stories": _stories(found.stories) if page.number == 1 else [],
        "previous": _address(request, asked, page.number - 1) if page.has_previous() else "",
        "next": _address(request, asked, page.number + 1) if page.has_next() else "",
    }
    return render(request, "search/results.html", context | (_instead(asked, found) if not found else {}))


@public(params=("q",))
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer what the words in `q` may become, for the search box."""
    found = search.suggest(_asked(request))
    return JsonResponse({"suggestions": [asdict(suggestion) for suggestion in found]})


def _asked(request: HttpRequest) -> str:
    """Return what was typed on one line, without what cannot be shown."""
    typed = "".join(sign if sign.isprintable() else " " for sign in request.GET.get("q", ""))
    return " ".join(typed.split())[:MOST_CHARACTERS]


def _stories(numbers: tuple[int, ...]) -> list[articles.Story]:
    """Return the stories in the order of the hits, without their merch: it stands above, found by their words."""
    stories = articles.listed().in_bulk(numbers) if numbers else {}
    return [articles.Story(stories[number], ()) for number in numbers if number in stories]


@dataclass(frozen=True, slots=True)
class FoundDesign:
    """A design that answers, and what of it does."""

    title: str
    slug: str
    garments: tuple[str, ...]


def _designs(cards: Sequence[Card]) -> list[FoundDesign]:
    """Return the designs that answer as such, in the order of the hits: a design is found by its products.

    Several of its products answer, or there are so few designs that the words mean them. (“Black shirt” means none.)
    """
    found: dict[str, list[Card]] = {}
    for card in cards:
        found.setdefault(card.design_slug, []).append(card)
    return [
        FoundDesign(each[0].design, slug, tuple(dict.fromkeys(card.garment for card in each)))
        for slug, each in found.items()
        if len(each) > 1 or len(found) <= DESIGNS
    ][:DESIGNS]


def _instead(asked: str, found: search.Found) -> dict[str, Any]:
    """Return what to offer when nothing answers."""
    return {"themes": search.themes(), "meant": search.did_you_mean(asked) if found.asked else ""}


def _address(request: HttpRequest, asked: str, number: int) -> str:
    values = {"q": asked} | ({"exactly": "1"} if "exactly" in request.GET else {})
    return f"{reverse('search:results')}?{urlencode(values | ({'page': number} if number > 1 else {}))}"
