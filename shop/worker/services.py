"""One round of everything that is due. Each part is safe to repeat, and one that fails does not stop the others."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from shop.customer import alerts
from shop.emails.services import send_due
from shop.payments import gateway, inbox, mirror, refunds, settlement
from shop.payments import services as payments
from shop.reviews import asking
from shop.search import services as search
from shop.studio import services as studio
from shop.worker import housekeeping
from shop.worker.models import Heartbeat

logger = logging.getLogger(__name__)

NAME = "worker"
#: How often a round is noted: each is a write.
BEAT = timedelta(seconds=10)
MINUTELY, HOURLY, DAILY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: So many payments in a row without an answer mean that Stripe is down: the rest wait for another round.
STRIPE_IS_DOWN = 3


def settle_due_payments() -> int:
    """Settle payments that are past their end or without news; return how many were looked up."""
    done = failures = 0
    for payment in payments.due():
        try:
            _bring_home(payment)
            done += 1
        except gateway.NotConfigured:
            break
        except gateway.Unavailable:
            logger.warning("payment %s could not be looked up", payment.pk)
            payments.leave_for_later(payment, now=timezone.now())
            failures += 1
        if failures == STRIPE_IS_DOWN:
            break
    return done


def _bring_home(payment: payments.Payment) -> None:
    """End an expired payment at Stripe first, so that its stock is released on Stripe's word alone."""
    if payment.expires_at <= timezone.now() or not payment.session_id:
        payments.close(payment)
    else:
        settlement.settle(payment.pk)


@dataclass(frozen=True)
class Part:
    """Something to do in a round, or at most so often; says how much it did."""

    name: str
    action: Callable[[], int]
    every: timedelta = timedelta(0)


PARTS = (
    Part("payments settled", settle_due_payments),
    Part("events applied", inbox.retry_failed),
    Part("refunds sent", refunds.send_unknown),
    Part("missed events", inbox.fetch_undelivered, HOURLY),
    Part("disputes looked up", mirror.look_at_open_disputes, HOURLY),
    Part("subscriptions looked up", mirror.look_at_running_subscriptions, DAILY),
    Part("rows cleared away", housekeeping.clear_away, DAILY),
    Part("stock requests looked at", alerts.greet_new),
    Part("stock requests answered", alerts.tell_waiting),
    Part("buyers asked", asking.ask_buyers, HOURLY),
    Part("mails sent", send_due),
    Part("search entries written", search.work),
    Part("search entries found or lost", search.follow, MINUTELY),
    Part("search entries repaired", search.repair, HOURLY),
    Part("studio", studio.work),
)


def run_once() -> dict[str, int]:
    """Do everything that is due now, note the heartbeat, and return how much each part did."""
    done = {part.name: _safely(part) for part in PARTS if not part.every or _is_due(part.name, part.every)}
    if _is_due(NAME, BEAT):
        _beat(NAME)
    return done


def _is_due(name: str, every: timedelta) -> bool:
    return not Heartbeat.objects.filter(name=name, at__gt=timezone.now() - every).exists()


def _beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def _safely(part: Part) -> int:
    try:
        done = part.action()
    except gateway.Unavailable as error:  # no key, or Stripe is down: asked again when it is due next
        logger.warning("worker: %s: %s", part.name, error)
        done = 0
    except Exception:
        logger.exception("worker: %s failed", part.name)
        return 0
    if part.every:
        _beat(part.name)
    return done
