"""Whose a basket is: a guest's becomes the account's when they log in, together with what the account had."""

from dataclasses import dataclass

from shop.basket.locking import locked
from shop.basket.models import Basket
from shop.basket.selectors import CURRENT, baskets_of
from shop.basket.services import for_adding, merge
from shop.transactions import durably


@dataclass(frozen=True)
class Home:
    """The basket to go on with, if there is one, and how many pieces found no room in it."""

    basket: Basket | None
    left_out: int = 0


def take_home(*, basket: Basket, owner_id: int) -> Home:
    """Give a guest's basket to an account and merge the account's open ones into it; nothing changes the second time.

    The guest's is the newer one, so its delivery, extras and voucher stand; an empty one gives way. One that is
    being paid is not edited: what joins it waits in its companion. Pieces are left out only beyond an order's limits.
    """
    return durably(lambda: _taken(basket.pk, owner_id))


def _taken(guest_id: int | None, owner_id: int) -> Home:
    guest = _of_guest(guest_id, owner_id)
    others = list(baskets_of(owner_id).exclude(pk=guest_id).order_by("-pk"))
    if guest is None:
        return Home(others[0] if others else None)
    Basket.objects.filter(pk__in=_with_companion(guest)).update(owner=owner_id)
    left_out = sum(
        merge(source=other, target=for_adding(guest)) for other in others if other.status == Basket.OPEN
    )
    return Home(Basket.objects.get(pk=guest.pk), left_out)


def _of_guest(pk: int | None, owner_id: int) -> Basket | None:
    """Return the basket locked, if it can be gone on with and has anything in it."""
    if pk is None or not Basket.objects.filter(pk=pk).exists():
        return None
    row = locked(pk)
    if row.status not in CURRENT or row.owner_id not in (None, owner_id):
        return None
    return row if row.is_frozen or row.lines.exists() else None


def _with_companion(basket: Basket) -> list[int]:
    return [pk for pk in (basket.pk, basket.meanwhile_id) if pk]


def leave(*, owner_id: int) -> None:
    """Forget the account's baskets for good, in the caller's transaction: for an account that is erased."""
    mine = Basket.objects.filter(owner=owner_id)
    mine.filter(status__in=(Basket.OPEN, Basket.MERGED, Basket.SAVED)).delete()
    mine.update(owner=None, gift_note="")
