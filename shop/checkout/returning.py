"""Coming back from Stripe: whose payment it is, and what became of it."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest

from shop.order.models import Order
from shop.payments import gateway, settlement
from shop.payments.models import Payment

#: The payments this browser started, newest last; what they ordered may be shown to it with name and address.
_MINE = "payments"
_KEPT = 20


@dataclass(frozen=True)
class Found:
    """A payment somebody came back from, after settling it as far as Stripe could say."""

    payment: Payment
    is_confirmed: bool

    @property
    def is_ordered(self) -> bool:
        return self.payment.state in (Payment.State.PAID, Payment.State.PROCESSING, Payment.State.REVIEW)

    @property
    def is_waiting(self) -> bool:
        return not self.is_confirmed and not self.is_ordered


def remember(request: HttpRequest, payment_id: uuid.UUID) -> None:
    """Note in the browser's session that it started this payment."""
    mine = [known for known in request.session.get(_MINE, []) if known != str(payment_id)]
    request.session[_MINE] = [*mine, str(payment_id)][-_KEPT:]


def is_mine(request: HttpRequest, payment_id: uuid.UUID) -> bool:
    """Whether this browser started the payment."""
    return str(payment_id) in request.session.get(_MINE, [])


def look(session_id: str) -> Found | None:
    """Settle the payment of a Stripe session and return what became of it; None for a session that is not ours.

    When Stripe cannot be reached the payment is returned as it was, not confirmed.
    """
    if not gateway.SESSION_ID.match(session_id):
        return None
    payment = Payment.objects.filter(session_id=session_id).first()
    if payment is None:
        return None
    try:
        with gateway.within_deadline():
            return Found(settlement.settle(payment.pk), is_confirmed=True)
    except gateway.Unavailable:
        return Found(payment, is_confirmed=False)


def order_link(request: HttpRequest, payment: Payment) -> str:
    """Return the link that opens the payment's order, for the browser that started it; for any other, nothing."""
    if not is_mine(request, payment.pk):
        return ""
    return Order.objects.get(number=payment.reference).link
