"""How a basket is held while it is changed: its row first, so that *Pay*'s freeze and an edit never cross."""

from collections.abc import Callable
from typing import TypeVar

from shop.basket.errors import BasketFrozen
from shop.basket.models import Basket
from shop.transactions import durably

Result = TypeVar("Result")


def committed(basket: Basket, action: Callable[[], Result]) -> Result:
    """Run `action` in a transaction of its own; when it fails, a basket it saved first is a new one again."""
    is_new = basket.pk is None

    def attempt() -> Result:
        if is_new:
            _unsave(basket)
        return action()

    try:
        result = durably(attempt)
    except Exception:
        if is_new:
            _unsave(basket)
        raise
    basket.reset_offer_applications()
    return result


def locked(pk: int) -> Basket:
    """Return the basket with its row locked."""
    return Basket.objects.select_for_update().get(pk=pk)


def locked_open(pk: int) -> Basket:
    """Return the open basket with its row locked; raise BasketFrozen when it is being paid or was ordered."""
    basket = locked(pk)
    if basket.status != Basket.OPEN:
        raise BasketFrozen
    return basket


def _unsave(basket: Basket) -> None:
    basket.pk = None
    basket._state.adding = True
