"""One round of everything that is due. Each part is safe to repeat, and one that fails does not stop the others."""

import logging
from collections.abc import Callable

from django.utils import timezone

from shop.emails.services import send_due
from shop.payments import gateway, inbox, refunds, settlement
from shop.payments import services as payments
from shop.worker.models import Heartbeat

logger = logging.getLogger(__name__)

NAME = "worker"


def settle_due_payments() -> int:
    """Settle payments that are past their end or were left half made; return how many were looked up."""
    done = 0
    for payment in payments.due():
        try:
            _bring_home(payment)
            done += 1
        except gateway.NotConfigured:
            return done
        except gateway.Unavailable:
            logger.warning("payment %s could not be looked up", payment.pk)
    return done


def _bring_home(payment: payments.Payment) -> None:
    """An expired payment is ended at Stripe first, so that its stock is released on Stripe's word alone."""
    if payment.expires_at <= timezone.now() or not payment.session_id:
        payments.close(payment)
    else:
        settlement.settle(payment.pk)


PARTS: dict[str, Callable[[], int]] = {
    "payments settled": settle_due_payments,
    "events applied": inbox.retry_failed,
    "refunds sent": refunds.send_unknown,
    "mails sent": send_due,
}


def run_once() -> dict[str, int]:
    """Do everything that is due now, note the heartbeat, and return how much each part did."""
    done = {name: _safely(name, part) for name, part in PARTS.items()}
    Heartbeat.objects.update_or_create(name=NAME, defaults={"at": timezone.now()})
    return done


def _safely(name: str, part: Callable[[], int]) -> int:
    try:
        return part()
    except Exception:
        logger.exception("worker: %s failed", name)
        return 0
