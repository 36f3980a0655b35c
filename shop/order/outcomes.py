"""What becomes of an order when its payment ends one way or another (see `shop.payments.outcomes.Handler`)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from shop.basket.models import Basket
from shop.order import mails, services
from shop.order.addresses import fill_in
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments.models import Payment
from shop.payments.outcomes import Buyer

STRIPE = "Stripe"


class OrderOutcomes:
    """Payments of kind `order`: the reference is the order's number, the subject its basket."""

    def completed(self, payment: Payment, buyer: Buyer) -> None:
        fill_in(services.lock(payment.reference), buyer)

    def paid(self, payment: Payment, problem: str) -> None:
        order = services.lock(payment.reference)
        if order.status == Status.CANCELLED:
            _paid_late(order, payment, problem)
        else:
            services.mark_paid(order, problem=problem, now=timezone.now())
        _submit_basket(order)

    def processing(self, payment: Payment) -> None:
        order = services.lock(payment.reference)
        if order.status == Status.PENDING_PAYMENT:
            services.step(order, Status.PROCESSING_PAYMENT, by=STRIPE)
        _submit_basket(order)

    def failed(self, payment: Payment) -> None:
        order = services.lock(payment.reference)
        if order.status in (Status.PENDING_PAYMENT, Status.PROCESSING_PAYMENT):
            services.cancel_locked(order, by=STRIPE, reason=_("The bank did not pay."))
            mails.payment_failed(order)

    def expired(self, payment: Payment) -> None:
        order = services.lock(payment.reference)
        if order.status in (Status.PENDING_PAYMENT, Status.ON_HOLD) and not order.paid_at:
            services.cancel_locked(order, by=STRIPE, reason=_("Not paid in time, or changed by the shopper."))
        _thaw_basket(order)

    def review(self, payment: Payment, problem: str) -> None:
        services.put_on_hold(services.lock(payment.reference), reason=problem, by=STRIPE)


def _paid_late(order: Order, payment: Payment, problem: str) -> None:
    """Money for a cancelled order: fill it if everything is still there and it is not paid twice, else hold it."""
    order.paid_at = order.paid_at or timezone.now()
    if _other_payment(payment):
        services.put_on_hold(order, reason=_("Paid twice: refund this one."), by=STRIPE)
    elif services.allocate_again(order, payment=payment):
        services.mark_paid(order, problem=problem, now=timezone.now())
    else:
        services.put_on_hold(order, reason=_("Paid, but it cannot be filled: sold out meanwhile."), by=STRIPE)


def _other_payment(payment: Payment) -> bool:
    others = Payment.objects.filter(subject=payment.subject).exclude(pk=payment.pk)
    return others.filter(state__in=(*Payment.UNFINISHED, Payment.State.PAID)).exists()


def _submit_basket(order: Order) -> None:
    Basket.objects.filter(pk=order.basket_id, status__in=(Basket.FROZEN, Basket.OPEN)).update(
        status=Basket.SUBMITTED, date_submitted=timezone.now()
    )


def _thaw_basket(order: Order) -> None:
    Basket.objects.filter(pk=order.basket_id, status=Basket.FROZEN).update(status=Basket.OPEN)
