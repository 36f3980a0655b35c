"""What a shopper does with a basket. Each of these is a use case of its own: it locks the basket and commits.

A frozen basket (being paid) is never edited. What is added meanwhile goes to a companion, `basket.meanwhile`;
after *Change* `merge` brings it home, after payment it is the shopper's next basket.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.basket.errors import BasketFrozen, LimitReached, NoSuchLine, NotForSale, SoldOut
from shop.basket.locking import committed, locked, locked_open
from shop.basket.models import Basket, Line
from shop.basket.vouchers import apply_voucher, remove_voucher
from shop.partner.strategy import Strategy, is_sold
from shop.transactions import require_transaction

__all__ = [
    "Put",
    "add",
    "apply_voucher",
    "change",
    "merge",
    "merge_meanwhile",
    "move_out",
    "remove",
    "remove_voucher",
    "set_delivery",
    "set_extras",
]


@dataclass(frozen=True)
class Put:
    """How many pieces were asked for and put in; `reason` says why it is fewer, else it is empty."""

    basket_id: int
    line_id: int
    quantity: int
    wanted: int
    reason: str = ""


def add(*, basket: Basket, product: Any, quantity: int, story: str = "") -> Put:
    """Put pieces of a variant into the basket, as many of them as can be had, into the line it already has.

    A new basket is saved by this. Raises NotForSale, SoldOut, LimitReached when not one piece can go in.
    A second call adds again.
    """
    record = Strategy().select_stockrecord(product)
    if record is None or product.is_parent or not is_sold(product):
        raise NotForSale(_("This is not for sale."))

    def put() -> Put:
        target = for_adding(basket)
        line = target.lines.filter(stockrecord=record).first()
        room, reason = _room(target, record, line)
        fits = min(quantity, room)
        if fits < 1:
            raise (LimitReached if record.available else SoldOut)(reason)
        line = _grown(line, fits) if line else _new_line(target, product, record, fits, story)
        return Put(target.pk, line.pk, fits, quantity, reason if fits < quantity else "")

    done = committed(basket, put)
    if done.basket_id != basket.pk:
        basket.meanwhile_id = done.basket_id
    return done


def change(*, basket: Basket, line_id: int, quantity: int) -> Put:
    """Set a line's quantity, or come as near as can be; 0 removes it. Raises NoSuchLine, BasketFrozen."""

    def put() -> Put:
        line = _locked_line(basket, line_id)
        if quantity < 1:
            line.delete()
            return Put(line.basket_id, line_id, 0, quantity)
        fits, reason = quantity, ""
        if quantity > line.quantity:
            room, reason = _room(line.basket, line.stockrecord, line)
            fits = min(quantity, line.quantity + room)
        Line.objects.filter(pk=line.pk).update(quantity=fits)
        return Put(line.basket_id, line_id, fits, quantity, reason if fits < quantity else "")

    return committed(basket, put)


def remove(*, basket: Basket, line_id: int) -> None:
    """Take a line out; one that is gone already is fine. Raises BasketFrozen."""
    try:
        change(basket=basket, line_id=line_id, quantity=0)
    except NoSuchLine:
        return


def move_out(*, basket: Basket, line_id: int, to: Callable[[Line], None]) -> None:
    """Take a line out and hand it to `to`, which keeps it, in one transaction: a crash leaves it in one of the two.

    Raises NoSuchLine, BasketFrozen, and what `to` raises (nothing was changed).
    """

    def move() -> None:
        line = _locked_line(basket, line_id)
        to(line)
        line.delete()

    committed(basket, move)


def set_delivery(*, basket: Basket, country: str, code: str) -> None:
    """Keep where to and how; `checkout.delivery.choose` has checked both. Raises BasketFrozen."""
    _update(basket, country=country, delivery_code=code)


def set_extras(
    *, basket: Basket, gift_note: str, hide_prices: bool, plain_parcel: bool, gift_amount: Decimal
) -> None:
    """Keep the note, the parcel's options and the donation (pounds, two places). Raises BasketFrozen."""
    _update(
        basket,
        gift_note=gift_note,
        hide_prices=hide_prices,
        plain_parcel=plain_parcel,
        gift_amount=gift_amount,
    )


def merge_meanwhile(*, basket: Basket) -> int:
    """Merge what was added while `basket` was being paid (in the caller's transaction); return as `merge`.

    A basket that is not open, or has nothing waiting, is left alone.
    """
    require_transaction()
    row = locked(basket.pk)
    if row.status != Basket.OPEN or row.meanwhile is None:
        return 0
    left_over = merge(source=row.meanwhile, target=row)
    basket.meanwhile = None
    basket.reset_offer_applications()
    return left_over


def merge(*, source: Basket, target: Basket) -> int:
    """Move the lines of `source` into the open `target` in the caller's transaction; return pieces left out.

    Quantities add up within the order's limits (what stock allows, the quote says). `source` ends as merged,
    and merging it again moves nothing. The target keeps its delivery, extras, voucher. Raises BasketFrozen.
    """
    require_transaction()
    into = locked_open(target.pk)
    if not Basket.objects.filter(pk=source.pk, status=Basket.OPEN).update(
        status=Basket.MERGED, date_merged=timezone.now()
    ):
        return 0
    left_out = sum([_moved(line, into) for line in source.lines.order_by("pk")])
    Basket.objects.filter(pk=target.pk, meanwhile=source.pk).update(meanwhile=None)
    source.reset_offer_applications()
    target.reset_offer_applications()
    return left_out


def _moved(line: Line, target: Basket) -> int:
    """Move one line and return how many of its pieces found no room."""
    existing = target.lines.filter(stockrecord=line.stockrecord_id).first()
    room, _reason = _limit(target, existing)
    fits = min(line.quantity, room)
    if existing and fits:
        _grown(existing, fits)
    if existing or not fits:
        line.delete()
    else:
        Line.objects.filter(pk=line.pk).update(basket=target, quantity=fits)
    return line.quantity - fits


def for_adding(basket: Basket) -> Basket:
    """Return the open basket that takes what is added, locked: this one, or its companion. Raises BasketFrozen."""
    if basket.pk is None:
        basket.save()
        return basket
    row = locked(basket.pk)
    if row.status == Basket.FROZEN:
        return locked_open(row.meanwhile_id) if row.meanwhile_id else _companion(row)
    if row.status != Basket.OPEN:
        raise BasketFrozen
    return row


def _companion(frozen: Basket) -> Basket:
    made = Basket.objects.create(
        owner_id=frozen.owner_id, country=frozen.country, delivery_code=frozen.delivery_code
    )
    Basket.objects.filter(pk=frozen.pk).update(meanwhile=made)
    return made


def _locked_line(basket: Basket, line_id: int) -> Line:
    """Return a line of the basket or of its companion, with its open basket locked."""
    owners = [pk for pk in (basket.pk, basket.meanwhile_id) if pk]
    found = Line.objects.filter(pk=line_id, basket__in=owners).values_list("basket", flat=True).first()
    if found is None:
        raise NoSuchLine
    owner = locked_open(found)
    line = owner.lines.select_related("stockrecord").filter(pk=line_id).first()
    if line is None:
        raise NoSuchLine
    line.basket = owner
    return line


def _update(basket: Basket, **values: Any) -> None:
    """Write fields of an open basket; a new one keeps them until something is added."""
    if basket.pk and not Basket.objects.filter(pk=basket.pk, status=Basket.OPEN).update(**values):
        raise BasketFrozen
    for name, value in values.items():
        setattr(basket, name, value)


def _room(basket: Basket, record: Any, line: Line | None) -> tuple[int, str]:
    """Return how many more pieces can go in, and the words for what stops there."""
    if record.available < 1:
        return 0, _("Sold out.")
    room, reason = _limit(basket, line)
    in_stock = max(0, record.available - (line.quantity if line else 0))
    return (in_stock, _left(record.available)) if in_stock < room else (room, reason)


def _left(available: int) -> str:
    return ngettext("Only %(left)d left.", "Only %(left)d left.", available) % {"left": available}


def _limit(basket: Basket, line: Line | None) -> tuple[int, str]:
    """Return how many more pieces of the line's variant an order may have, and the words for that limit."""
    pieces = basket.lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0
    of_one = settings.MAX_OF_ONE_VARIANT - (line.quantity if line else 0)
    of_all = settings.MAX_PIECES_IN_AN_ORDER - pieces
    if of_one <= of_all:
        return max(0, of_one), _("At most %(most)d of one kind in an order.") % {
            "most": settings.MAX_OF_ONE_VARIANT
        }
    return max(0, of_all), _("At most %(most)d pieces in one order.") % {
        "most": settings.MAX_PIECES_IN_AN_ORDER
    }


def _grown(line: Line, quantity: int) -> Line:
    """Add pieces to a line by one bounded UPDATE, so that adds at the same moment all count."""
    within = Line.objects.filter(pk=line.pk, quantity__lte=settings.MAX_OF_ONE_VARIANT - quantity)
    if quantity and not within.update(quantity=F("quantity") + quantity):
        raise LimitReached(
            _("At most %(most)d of one kind in an order.") % {"most": settings.MAX_OF_ONE_VARIANT}
        )
    return line


def _new_line(basket: Basket, product: Any, record: Any, quantity: int, story: str) -> Line:
    return Line.objects.create(
        basket=basket,
        product=product,
        stockrecord=record,
        line_reference=f"{product.pk}_{record.pk}",
        quantity=quantity,
        price_currency=record.price_currency,
        price_excl_tax=record.price,
        price_incl_tax=record.price,
        story=story,
    )
