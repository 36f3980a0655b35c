"""Buying again what an order was for: after a bank said no, or an order was given up."""

from shop.basket.errors import BasketError
from shop.basket.models import Basket
from shop.basket.services import add
from shop.order.models import Order


def put_again(*, basket: Basket, order: Order) -> list[str]:
    """Put the order's pieces into the basket as far as they can be had; return what could not, for the shopper.

    Each line is a change of its own, at today's price. A second call adds again.
    """
    lines = order.lines.select_related("product").exclude(product=None).order_by("pk")
    said = (_put(basket, line.product, line.quantity, line.story, line.name) for line in lines)
    return [words for words in said if words]


def _put(basket: Basket, product: object, quantity: int, story: str, name: str) -> str:
    try:
        reason = add(basket=basket, product=product, quantity=quantity, story=story).reason
    except BasketError as error:
        reason = str(error)
    return f"{name}: {reason}" if reason else ""
