"""What repeats a payment every month: kept as Stripe tells it, and told to whoever owns the payment."""

from datetime import datetime

from shop.payments import gateway
from shop.payments.answers import SubscriptionAnswer
from shop.payments.models import Payment, Subscription
from shop.payments.outcomes import handler_for
from shop.transactions import require_transaction


def version_of(stripe_id: str) -> datetime | None:
    """Return when the row of a subscription last changed, to see whether somebody was faster."""
    return Subscription.objects.filter(stripe_id=stripe_id).values_list("updated_at", flat=True).first()


def record(payment: Payment, answer: SubscriptionAnswer) -> Subscription:
    """Write down what Stripe says of the subscription that a locked payment began; repeats change nothing.

    An older answer that comes late never brings back one that has ended.
    """
    require_transaction()
    row = Subscription.objects.select_for_update(of=("self",)).filter(stripe_id=answer.id).first()
    is_new = row is None
    row = row or Subscription(stripe_id=answer.id, payment=payment, is_running=True)
    if not row.is_running or (not _copy(row, answer) and not is_new):
        return row
    row.save()
    handler_for(payment).subscription_changed(payment, row)
    return row


def _copy(row: Subscription, answer: SubscriptionAnswer) -> bool:
    """Copy Stripe's words into the row; return whether anything is new."""
    words = {
        "customer_id": answer.customer_id,
        "status": answer.status[:60],
        "is_running": answer.is_running,
        "ends_at": answer.ends_at,
        "ended_at": answer.ended_at,
    }
    is_news = any(getattr(row, name) != value for name, value in words.items())
    for name, value in words.items():
        setattr(row, name, value)
    return is_news


def page_at_stripe(subscription: Subscription, *, return_url: str, stop: bool) -> str:
    """Return the address of Stripe's page where the payer changes the card, or with `stop` ends it.

    Raises gateway.Refused (it has ended, or Stripe's portal is not set up) and gateway.Unavailable.
    """
    with gateway.within_deadline():
        return gateway.open_portal(
            customer_id=subscription.customer_id,
            return_url=return_url,
            stop=subscription.stripe_id if stop else "",
        )
