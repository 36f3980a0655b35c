"""What was given with an order: counted as a donation when the order is paid, less what went back."""

from django.db.models import Sum
from django.utils import timezone

from shop.donations import services as donations
from shop.money import to_minor
from shop.order.models import Order, RefundedExtra
from shop.payments.models import Payment, Refund
from shop.payments.selectors import money_state


def count_gift(order: Order, payment: Payment) -> None:
    """Count the donation of a locked order that has been paid, once; nothing when none was given."""
    if order.gift_amount:
        donations.given_with_order(
            number=order.number,
            amount=order.gift_amount,
            currency=order.currency,
            payment=payment,
            at=order.paid_at or timezone.now(),
            email=order.guest_email,
            name=order.customer_name,
        )


def note_gift_given_back(order: Order) -> None:
    """Tell the donation how much of it went back: what was refunded as such, or all when the whole order was."""
    if order.gift_amount:
        money = money_state("order", order.number)
        is_all_back = 0 < money.captured <= money.refunded + money.charged_back
        gift = to_minor(order.gift_amount, order.currency)
        donations.given_back_with_order(order.number, gift if is_all_back else _refunded(order))


def _refunded(order: Order) -> int:
    given = RefundedExtra.objects.filter(
        order=order, what=RefundedExtra.What.DONATION, refund__state=Refund.State.SUCCEEDED
    )
    return given.aggregate(sum=Sum("amount_minor"))["sum"] or 0
