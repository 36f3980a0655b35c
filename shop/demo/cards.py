"""The cards that links to the sample's products unfold into."""

from django.conf import settings

from catalogue.pictures import save_card
from catalogue.selectors import Card, cards, public_products
from shop.demo.designs import CODES


def draw_cards() -> int:
    """Store a card for every sample product with a picture and return how many there are; none is drawn twice."""
    return sum(_draw(card) for card in cards(public_products().filter(design__code__in=CODES.values())))


def _draw(card: Card) -> bool:
    words = {"title": card.design, "garment": card.garment, "shop_name": settings.SHOP_NAME}
    return bool(card.picture and save_card(card.picture.name, **words))
