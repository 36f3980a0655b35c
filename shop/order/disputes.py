"""What a dispute does to an order: held at the first, remembered once, let go when the last has ended well."""

from django.utils.translation import gettext as _

from shop.order import services
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments import disputes
from shop.payments.models import Dispute, Payment
from shop.payments.refunds import refundable_minor

#: The cause of a hold that Stripe may end; any other hold is a person's to end.
CAUSE = "dispute"
#: Statuses a dispute does not touch: nothing of these ships anyway.
_LEFT_ALONE = frozenset({Status.CANCELLED, Status.PENDING_PAYMENT})


def hold_for(order: Order, dispute: Dispute) -> None:
    """Hold a locked order while a dispute is open; one that somebody holds already stays theirs."""
    if order.status not in _LEFT_ALONE and not _is_all_refunded(dispute.payment):
        services.put_on_hold(order, reason=disputes.words(dispute), by=_("Stripe"), cause=CAUSE)


def after_dispute(order: Order, payment: Payment, dispute: Dispute) -> None:
    """Let a locked order go on when its disputes held it and the last ended well; hold one that ended badly."""
    bad = _ended_badly(payment)
    if order.status != Status.ON_HOLD or order.hold_cause != CAUSE:
        if dispute in bad:
            hold_for(order, dispute)
    elif payment.disputes.filter(is_open=True).exists():
        return
    elif not bad and disputes.ended_well(dispute):
        services.step(order, order.held_from or Status.PAID, by=_("Stripe"), reason=disputes.words(dispute))
    else:
        services.put_on_hold(order, reason=disputes.words((bad or [dispute])[0]), by=_("Stripe"), cause=CAUSE)


def _ended_badly(payment: Payment) -> list[Dispute]:
    """Return those after which money is gone or fraud was found; a warning that ended says nothing of itself."""
    closed = payment.disputes.filter(is_open=False).exclude(kind=Dispute.Kind.WARNING)
    return [dispute for dispute in closed if not disputes.ended_well(dispute)]


def _is_all_refunded(payment: Payment) -> bool:
    return payment.refunds.exists() and refundable_minor(payment) == 0
