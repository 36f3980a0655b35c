"""Coming back from Stripe: which payments a browser has started, and what became of one."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from shop.payments import gateway, settlement
from shop.payments.models import Payment

#: The payments this browser started, newest last; what they paid for may be shown to it with name and address.
_MINE = "payments"
_KEPT = 20


@dataclass(frozen=True)
class Found:
    """A payment somebody came back from, after settling it as far as Stripe could say."""

    payment: Payment
    is_confirmed: bool

    @property
    def is_taken(self) -> bool:
        return self.payment.is_taken

    @property
    def is_waiting(self) -> bool:
        return not self.is_confirmed and not self.is_taken


def mine(request: HttpRequest) -> list[str]:
    """Return the ids of the payments this browser has started, newest last."""
    return list(request.session.get(_MINE, []))


def browser(request: HttpRequest) -> str:
    """Return what tells this browser from others while its session lasts; nothing for one that has none yet."""
    key = request.session.session_key
    return salted_hmac("shop.payments.browser", key, algorithm="sha256").hexdigest()[:16] if key else ""


def remember(request: HttpRequest, payment_id: uuid.UUID) -> None:
    """Note in the browser's session that it started this payment."""
    others = [known for known in mine(request) if known != str(payment_id)]
    request.session[_MINE] = [*others, str(payment_id)][-_KEPT:]


def is_mine(request: HttpRequest, payment_id: uuid.UUID) -> bool:
    """Whether this browser started the payment."""
    return str(payment_id) in mine(request)


def look(session_id: str, *, kind: str) -> Found | None:
    """Settle the payment of a Stripe session and return what became of it; None for a session of no such payment.

    When Stripe cannot be reached the payment is returned as it was, not confirmed.
    """
    if not gateway.SESSION_ID.match(session_id):
        return None
    payment = Payment.objects.filter(session_id=session_id, kind=kind).first()
    if payment is None:
        return None
    try:
        with gateway.within_deadline():
            return Found(settlement.settle(payment.pk), is_confirmed=True)
    except gateway.Unavailable:
        return Found(payment, is_confirmed=False)
