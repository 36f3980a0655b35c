"""Who is told what became of a payment: one handler per kind, registered at start-up by the room that owns the kind."""

from dataclasses import dataclass, field
from typing import Protocol

from shop.payments.answers import InvoiceAnswer
from shop.payments.models import Dispute, Payment, Refund, Subscription


@dataclass(frozen=True)
class Buyer:
    """Who paid and where the parcel goes, as Stripe collected it; every text may be empty or over-long."""

    email: str = ""
    name: str = ""
    phone: str = ""
    address: dict[str, str] = field(default_factory=dict)
    recipient: str = ""


class Handler(Protocol):
    """What a room does about its payments; every method is called inside settle's transaction, payment locked.

    A handler opens no transaction, talks to nobody, and is safe to call again with the same payment.
    """

    def is_gone(self, payment: Payment) -> bool:
        """Whether what was paid for does not exist any more, so that the money can only go back. Takes no lock."""

    def completed(self, payment: Payment, buyer: Buyer) -> None:
        """The shopper finished at Stripe (paid or not): fill in who they are."""

    def paid(self, payment: Payment, problem: str) -> None:
        """The money is ours. `problem` names what staff must look at first, or is empty."""

    def processing(self, payment: Payment) -> None:
        """A delayed method: the result comes in days."""

    def failed(self, payment: Payment) -> None:
        """A delayed method failed."""

    def expired(self, payment: Payment) -> None:
        """The session ended unpaid, Stripe has said so."""

    def review(self, payment: Payment, problem: str) -> None:
        """What Stripe holds differs from what was asked; nothing may be shipped, released or refunded by itself."""

    def refunded(self, payment: Payment, refund: Refund) -> None:
        """Stripe has given money back; called once a refund."""

    def refund_failed(self, payment: Payment, refund: Refund) -> None:
        """A refund that had been told as given back has failed after all."""

    def disputed(self, payment: Payment, dispute: Dispute) -> None:
        """A dispute, inquiry, fraud warning or review has been opened: nothing may ship."""

    def dispute_closed(self, payment: Payment, dispute: Dispute) -> None:
        """One of them has ended (`payments.disputes.ended_well` tells how); others may still be open."""

    def subscription_changed(self, payment: Payment, subscription: Subscription) -> None:
        """What repeats the payment has begun, changed or ended; `payment` is the first."""

    def renewal_declined(self, payment: Payment, invoice: InvoiceAnswer) -> None:
        """A later invoice could not be paid; Stripe tries again unless it has given up. `payment` is the first."""


_handlers: dict[str, Handler] = {}


def register(kind: str, handler: Handler) -> None:
    """Make `handler` answer for payments of `kind`; a second registration replaces the first."""
    _handlers[kind] = handler


def handler_for(payment: Payment) -> Handler:
    """Return the handler of the payment's kind; KeyError when no room registered it."""
    return _handlers[payment.kind]
