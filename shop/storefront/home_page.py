"""What the home page shows, made ready for its template."""

from dataclasses import dataclass
from typing import Any

from catalogue import selectors as catalogue
from catalogue.filters import Filters
from catalogue.selectors import Card
from catalogue.shelf import Choice, Selection, Shelf
from shop.articles import selectors as articles
from shop.storefront import listing, structured_pages

NEW, STORIES = 8, 3


@dataclass(frozen=True, slots=True)
class Door:
    """A garment as a way into the shop; `card` is one of its products, which no other part of the page shows."""

    name: str
    url: str
    count: int
    card: Card | None


def context(shelf: Shelf) -> dict[str, Any]:
    """Return the template's context (eight queries)."""
    newest = Selection(shelf, Filters())[: 1 + NEW]
    behind = [_behind_door(shelf, garment, newest) for garment in shelf.choices["garment"]]
    cards = {card.pk: card for card in catalogue.cards_of([*newest, *(key for key in behind if key)])}
    first = [cards[key] for key in newest if key in cards]
    hero = next((card for card in first if card.picture), None)
    return {
        "hero": hero,
        "cards": [card for card in first if card is not hero][:NEW],
        "doors": [
            _door(shelf, garment, cards.get(key or 0))
            for garment, key in zip(shelf.choices["garment"], behind, strict=True)
        ],
        "stories": articles.with_merch(articles.listed()[:STORIES]),
        "structured": structured_pages.home(),
    }


def newest(shelf: Shelf, number: int) -> list[Card]:
    """Return the newest designs, each on the newest of its products (three queries)."""
    found: dict[int, Card] = {}
    for card in catalogue.cards_of(Selection(shelf, Filters())[: 4 * number]):
        found.setdefault(card.design_id, card)
    return list(found.values())[:number]


def _behind_door(shelf: Shelf, garment: Choice, shown: list[int]) -> int | None:
    """Return the newest product of a garment that is not shown already, or the newest of all."""
    found = Selection(shelf, Filters(garment=(garment.code,)))[: len(shown) + 1]
    return next((key for key in found if key not in shown), next(iter(found), None))


def _door(shelf: Shelf, garment: Choice, card: Card | None) -> Door:
    filters = Filters(garment=(garment.code,))
    return Door(garment.name, listing.list_url(filters), len(Selection(shelf, filters)), card)
