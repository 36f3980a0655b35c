"""Pay: from a basket to a pending order to Stripe's page, one use case in three steps; and change one's mind.

1. One transaction: freeze the basket, price it, write the order with its holds, and the payment with its frozen
   parameters. 2. No transaction: create the session at Stripe. 3. Save its id, send the shopper there.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError
from django.urls import reverse
from django.utils.translation import gettext as _
from oscar.apps.voucher.models import Voucher

from shop.basket import services as baskets
from shop.basket.models import Basket
from shop.checkout.quote import Quote, QuoteLine, quote
from shop.money import to_minor
from shop.order import placing
from shop.order.uses import Use, UsedUp
from shop.payments import gateway
from shop.payments import services as payments
from shop.payments.models import Payment
from shop.testpoints import is_on, reach
from shop.transactions import durably

logger = logging.getLogger(__name__)


class BasketChanged(Exception):
    """What was agreed to is not what is there now; `problems` says what changed, in the shopper's words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class AlreadyPaid(Exception):
    """An earlier payment of this basket turned out paid."""

    def __init__(self, payment: Payment) -> None:
        super().__init__(payment.reference)
        self.payment = payment


class NotCharged(Exception):
    """Stripe did not give a payment page; nothing was charged and the same *Pay* may be pressed again."""


@dataclass(frozen=True)
class Paying:
    """Where to send the shopper."""

    url: str
    payment_id: uuid.UUID


def subject(basket_id: int) -> str:
    """Return the name under which a basket has at most one unfinished payment."""
    return f"basket:{basket_id}"


def pay(*, basket_id: int, shown_total: Decimal | None, client: str, now: datetime) -> Paying:
    """Return the address of a payment page for the basket, placing its order first when there is none yet.

    Pressed twice, in two tabs or after Back, it leads to the one open session. Raises BasketChanged (nothing placed),
    payments.TooManyPayments, AlreadyPaid, NotCharged (the hold stays; the same call may be repeated).
    """
    try:
        with gateway.within_deadline():
            payment = _reusable(basket_id, now) or _place(basket_id, shown_total, client, now)
            return Paying(url=payments.page_of(payment), payment_id=payment.pk)
    except gateway.GatewayError as error:
        logger.warning("no payment page for basket %s: %s", basket_id, error)
        raise NotCharged from error


def _reusable(basket_id: int, now: datetime) -> Payment | None:
    """Return the basket's payment when its page can still be used; else end it, so that a new one may be made."""
    earlier = payments.unfinished(subject(basket_id))
    if earlier is None:
        return None
    if Basket.objects.filter(pk=basket_id, status=Basket.FROZEN).exists() and payments.is_usable(
        earlier, now=now
    ):
        return earlier
    _end(earlier)
    return None


def _end(payment: Payment) -> None:
    ended = payments.close(payment)
    if ended.is_paid or ended.state == Payment.State.PROCESSING:
        raise AlreadyPaid(ended)


def _place(basket_id: int, shown_total: Decimal | None, client: str, now: datetime) -> Payment:
    try:
        return durably(lambda: _place_locked(basket_id, shown_total, client, now))
    except IntegrityError:  # another tab placed its payment between our look and our freeze
        winner = payments.unfinished(subject(basket_id))
        if winner is None:
            raise
        return winner
    except placing.SoldOut as error:
        raise BasketChanged([str(error)]) from error
    except UsedUp as error:
        raise BasketChanged([str(error)]) from error


def _place_locked(basket_id: int, shown_total: Decimal | None, client: str, now: datetime) -> Payment:
    basket = Basket.objects.get(pk=basket_id)
    if not basket.freeze() and is_on("basket"):
        return _winner(basket)
    reach("pay.frozen")
    payments.refuse_too_many(client, now=now)
    priced = quote(basket, now=now)
    _refuse_changes(priced, shown_total)
    # A voucher that changed nothing is taken off, and so is not used up.
    basket.vouchers.remove(*Voucher.objects.filter(code__in=priced.idle_vouchers))
    payment_id = uuid.uuid4()
    order = placing.place(_new_order(basket, priced), payment_id=payment_id, now=now)
    payable = _payable(basket, priced, order.number, payment_id, client)
    payment = payments.prepare(payable, payment_id=payment_id, now=now)
    reach("pay.placed")
    return payment


def _winner(basket: Basket) -> Payment:
    """The basket was frozen by another click: its payment is ours too."""
    winner = payments.unfinished(subject(basket.pk))
    if winner is None:
        raise BasketChanged([_("This basket has been ordered already, or is empty.")])
    return winner


def _refuse_changes(priced: Quote, shown_total: Decimal | None) -> None:
    problems = [line.problem for line in priced.lines if line.problem] + list(priced.problems)
    if not priced.lines:
        problems.append(_("Your basket is empty."))
    if not problems and shown_total != priced.total:
        problems.append(_("The total has changed. Please check it and press Pay again."))
    if problems:
        raise BasketChanged(problems)


def _new_order(basket: Basket, priced: Quote) -> placing.NewOrder:
    return placing.NewOrder(
        basket_id=basket.pk,
        currency=priced.currency,
        lines=[_new_line(line) for line in priced.lines],
        total=priced.total,
        net=priced.net,
        delivery=priced.delivery,
        delivery_net=priced.delivery_net,
        delivery_vat_code=priced.delivery_vat_code,
        delivery_code=priced.delivery_code,
        delivery_name=priced.delivery_name,
        country=priced.country,
        vat_due=priced.vat_due,
        uses=[
            Use(
                offer_id=offer.offer_id,
                name=offer.name,
                saved=offer.saved,
                frequency=offer.frequency,
                voucher_id=offer.voucher_id,
                voucher_code=offer.voucher_code,
                is_delivery=offer.is_delivery,
            )
            for offer in priced.offers
        ],
        user_id=basket.owner_id,
        gift=priced.gift,
        gift_note=basket.gift_note,
        hide_prices=basket.hide_prices,
        plain_parcel=basket.plain_parcel,
        arrives_from=priced.arrives_from,
        arrives_until=priced.arrives_until,
    )


def _new_line(line: QuoteLine) -> placing.NewLine:
    return placing.NewLine(
        product_id=line.product_id,
        stockrecord_id=line.stockrecord_id,
        sku=line.sku,
        title=line.title,
        colour=line.colour,
        size=line.size,
        quantity=line.quantity,
        unit=line.unit,
        before=line.before,
        total=line.total,
        net=line.net,
        vat_code=line.vat_code,
        story=line.story,
    )


def _payable(
    basket: Basket, priced: Quote, number: str, payment_id: uuid.UUID, client: str
) -> payments.Payable:
    lines = [
        payments.PayLine(_line_name(line), to_minor(line.total, priced.currency)) for line in priced.lines
    ]
    lines.append(
        payments.PayLine(
            _("Delivery: %(method)s") % {"method": priced.delivery_name},
            to_minor(priced.delivery, priced.currency),
        )
    )
    if priced.gift:
        lines.append(payments.PayLine(_("Donation"), to_minor(priced.gift, priced.currency)))
    return payments.Payable(
        kind="order",
        reference=number,
        subject=subject(basket.pk),
        currency=priced.currency,
        lines=lines,
        country=priced.country,
        contents=priced.fingerprint,
        client=client,
        return_path=reverse("checkout:return"),
        cancelled_path=reverse("checkout:cancelled", args=[payment_id]),
        email=basket.owner.email if basket.owner_id else "",
    )


def _line_name(line: QuoteLine) -> str:
    name = ", ".join(part for part in (line.title, line.colour, line.size) if part)
    return f"{line.quantity} × {name}" if line.quantity > 1 else name


def change_order(*, basket_id: int, now: datetime) -> Basket:
    """Make a frozen basket editable again: end its payment at Stripe, settle, thaw, merge what was added meanwhile.

    When Stripe cannot be reached the basket thaws all the same, and the hold stays until Stripe has answered.
    Raises AlreadyPaid when the shopper was faster elsewhere.
    """
    earlier = payments.unfinished(subject(basket_id))
    if earlier is not None:
        try:
            with gateway.within_deadline():
                _end(earlier)
        except gateway.GatewayError as error:
            logger.warning("payment %s stays open for now: %s", earlier.pk, error)
    return durably(lambda: _thaw(basket_id))


def _thaw(basket_id: int) -> Basket:
    basket = Basket.objects.get(pk=basket_id)
    basket.thaw()
    baskets.merge_meanwhile(basket=basket)
    return basket
