"""What keeps a basket from being paid, in plain words."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop import money
from shop.checkout.pricing import Delivery
from shop.partner.strategy import is_sold


def of_line(line: Any, held: int) -> str:
    """Return what is wrong with a line, or nothing; the basket's own `held` pieces are free to it."""
    left = line.stockrecord.available + held
    if not is_sold(line.product):
        return _("No longer sold. Please remove it.")
    if left <= 0:
        return _("Sold out. Please remove it.")
    if line.quantity > left:
        return ngettext("Only %(left)d left.", "Only %(left)d left.", left) % {"left": left}
    if line.quantity > settings.MAX_OF_ONE_VARIANT:
        return _("At most %(most)d of one kind in an order.") % {"most": settings.MAX_OF_ONE_VARIANT}
    return ""


def note_of_line(line: Any, held: int) -> str:
    """Return what to know of a line: its own unfinished payment holds it, its price is another than it was."""
    notes = []
    if held and line.stockrecord.available < line.quantity <= line.stockrecord.available + held:
        notes.append(_("Still held by your payment that was not finished; it is freed when you pay again."))
    before, now = line.price_incl_tax, line.stockrecord.price
    if before is not None and before != now:
        words = {"before": money.shown(before), "now": money.shown(now)}
        notes.append(_("The price has changed since you put it in: %(before)s before, %(now)s now.") % words)
    return " ".join(notes)


def of_basket(*, pieces: int, total: Decimal, delivery: Delivery) -> tuple[str, ...]:
    """Return what is wrong with the basket as a whole."""
    said = []
    if pieces > settings.MAX_PIECES_IN_AN_ORDER:
        said.append(_("At most %(most)d pieces in one order.") % {"most": settings.MAX_PIECES_IN_AN_ORDER})
    if not delivery.is_open:
        said.append(
            _("We cannot deliver to %(country)s just now. Please choose another country.")
            % {"country": delivery.country_name}
        )
    least = settings.STRIPE_MINIMUM.get(settings.DEFAULT_CURRENCY, money.ZERO)
    if money.ZERO < total < least:
        said.append(
            _("The smallest payment is %(least)s: add a gift or remove the voucher.")
            % {"least": money.shown(least)}
        )
    return tuple(said)
