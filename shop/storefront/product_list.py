"""What the product list shows, made ready for its template."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.http import QueryDict

from catalogue import selectors as catalogue
from catalogue.filters import KINDS, Filters
from catalogue.shelf import Choice, Selection, Shelf
from shop.articles import selectors as articles
from shop.storefront import facets, listing, structured_pages
from shop.storefront.clock import once_a_moment
from shop.storefront.paging import page_of

#: So many stories can be chosen in the form; any other can be in the address.
STORIES = 12
#: An address that asks for more of a kind than this was not made by the form.
MOST_STORIES = 20


def context(query: QueryDict, shelf: Shelf) -> dict[str, Any]:
    """Return the template's context (three queries, and one where the stories are not known yet)."""
    sources = _stories(tuple(_slugs(query)))
    stories = {source.slug: shelf.of_designs(source.design_ids) for source in sources}
    choices = {**shelf.choices, "story": [Choice(s.slug, s.title) for s in sources if stories[s.slug]]}
    selection = Selection(shelf, listing.read_filters(query, choices), stories)
    page = page_of(selection, query.get("page", "1"))
    cards = catalogue.cards_of(list(page), colours=selection.filters.colour)
    chosen, addresses = _chosen(selection, choices), _addresses(selection.filters, page)
    return {
        "page": page,
        "cards": cards,
        "catalogue_size": len(shelf.ids),
        "structured": structured_pages.product_list(
            chosen["chosen_words"], addresses["canonical"], cards, first=page.start_index()
        ),
        **chosen,
        **_form(selection, choices),
        **addresses,
    }


@once_a_moment
def _stories(slugs: tuple[str, ...]) -> list[articles.Source]:
    return articles.sources(slugs, newest=STORIES)


def _slugs(query: QueryDict) -> list[str]:
    asked = query.getlist("story")[:MOST_STORIES]
    return [slug for slug in asked if re.fullmatch(r"[\w-]{1,200}", slug)]


def _chosen(selection: Selection, choices: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
    chips = listing.chips(listing.without_each(selection.filters, choices))
    return {
        "chips": chips,
        "chosen_words": ", ".join(chip.name for chip in chips),
        "story": _only_story(selection.filters, choices["story"]),
        "ways_out": facets.ways_out(selection, choices),
    }


def _only_story(filters: Filters, stories: Sequence[Choice]) -> Choice | None:
    """The story whose merch the list is, when it is one."""
    return next((story for story in stories if filters.story == (story.code,)), None)


def _form(selection: Selection, choices: Mapping[str, Sequence[Choice]]) -> dict[str, Any]:
    return {
        "facets": facets.facets(selection, choices),
        "prices": facets.prices(selection),
        "in_stock": facets.in_stock(selection),
        "sorts": listing.sort_options(selection.filters),
    }


def _addresses(filters: Filters, page: Page[int]) -> dict[str, Any]:
    """Where the pages before and after are, and the one address of this page's contents, however sorted."""
    several = sum(len(getattr(filters, kind)) for kind in KINDS) > 1
    return {
        "canonical": listing.list_url(listing.unsorted(filters), page.number),
        "is_indexed": not (several or filters.price != listing.ANY_PRICE or filters.in_stock),
        "previous": listing.list_url(filters, page.number - 1) if page.has_previous() else "",
        "next": listing.list_url(filters, page.number + 1) if page.has_next() else "",
    }
