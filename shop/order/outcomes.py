"""What becomes of an order when its payment ends one way or another (see `shop.payments.outcomes.Handler`)."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.basket.models import Basket
from shop.emails.alerts import alert
from shop.order import mails, services
from shop.order.addresses import fill_in
from shop.order.disputes import after_dispute, hold_for
from shop.order.giving import count_gift, note_gift_given_back
from shop.order.models import Order
from shop.order.statuses import PACKABLE, Status
from shop.payments.answers import InvoiceAnswer
from shop.payments.models import Dispute, Payment, Refund, Subscription
from shop.payments.outcomes import Buyer
from shop.payments.refunds import refundable_minor

STRIPE = "Stripe"


class OrderOutcomes:
    """Payments of kind `order`: the reference is the order's number, the subject its basket.

    An order that is gone (purged, or lost with a backup) stops nothing: its payment is kept, and staff are told.
    """

    def completed(self, payment: Payment, buyer: Buyer) -> None:
        if order := _order(payment):
            fill_in(order, buyer)

    def paid(self, payment: Payment, problem: str) -> None:
        order = _order(payment)
        if order is None:
            _alert_gone(payment)
        elif order.status == Status.CANCELLED:
            _paid_late(order, payment, problem)
        else:
            _sold(order, payment, problem)
            if problem:
                alert_about(order, "held", problem)
        _submit_basket(order)

    def processing(self, payment: Payment) -> None:
        order = _order(payment)
        if order and order.status == Status.PENDING_PAYMENT:
            services.step(order, Status.PROCESSING_PAYMENT, by=STRIPE)
        _submit_basket(order)

    def failed(self, payment: Payment) -> None:
        order = _order(payment)
        if order and order.status in (Status.PENDING_PAYMENT, Status.PROCESSING_PAYMENT):
            services.cancel_locked(order, by=STRIPE, reason=_("The bank did not pay."))
            mails.payment_failed(order)

    def expired(self, payment: Payment) -> None:
        order = _order(payment)
        if order and order.status in (Status.PENDING_PAYMENT, Status.ON_HOLD) and not order.paid_at:
            services.cancel_locked(order, by=STRIPE, reason=_("Not paid in time, or changed by the shopper."))
        _thaw_basket(order)

    def review(self, payment: Payment, problem: str) -> None:
        order = _order(payment)
        if order is None:
            _alert_gone(payment)
            return
        services.put_on_hold(order, reason=problem, by=STRIPE)
        alert_about(order, "review", problem)

    def refunded(self, payment: Payment, refund: Refund) -> None:
        order = _order(payment)
        # Whose order was cancelled has been told of the money in that mail.
        if order and order.guest_email and refund.step != services.CANCEL_STEP:
            mails.refunded(order, refund)
        if order and refund.origin == Refund.Origin.STRIPE and order.status in PACKABLE:
            _hold_if_all_refunded(order, payment)
        if order:
            note_gift_given_back(order)

    def refund_failed(self, payment: Payment, refund: Refund) -> None:
        if order := _order(payment):
            note_gift_given_back(order)

    def disputed(self, payment: Payment, dispute: Dispute) -> None:
        if order := _order(payment):
            hold_for(order, dispute)

    def dispute_closed(self, payment: Payment, dispute: Dispute) -> None:
        if order := _order(payment):
            after_dispute(order, payment, dispute)
            note_gift_given_back(order)

    def is_gone(self, payment: Payment) -> bool:
        return not Order.objects.filter(number=payment.reference).exists()

    def subscription_changed(self, payment: Payment, subscription: Subscription) -> None:
        """No order repeats."""

    def renewal_declined(self, payment: Payment, invoice: InvoiceAnswer) -> None:
        """No order repeats."""


def _order(payment: Payment) -> Order | None:
    try:
        return services.lock(payment.reference)
    except Order.DoesNotExist:
        return None


def _hold_if_all_refunded(order: Order, payment: Payment) -> None:
    """Whoever refunded it all in Stripe's dashboard most likely wants nothing shipped: ask."""
    if not refundable_minor(payment):
        reason = _(
            "All of it was refunded at Stripe: cancel the order, or release it to ship it all the same."
        )
        services.put_on_hold(order, reason=reason, by=STRIPE)
        alert_about(order, "refunded", reason)


def _alert_gone(payment: Payment) -> None:
    alert(
        subject=f"gone:{payment.pk}",
        text=_("Paid, but order %(number)s does not exist any more: refund the payment.")
        % {"number": payment.reference},
        path=reverse("admin:payments_payment_change", args=[payment.pk]),
    )


def alert_about(order: Order, what: str, text: str) -> None:
    """Tell staff something about an order; `what` tells apart the subjects of one order."""
    alert(
        subject=f"{what}:{order.number}",
        text=f"{order.number}: {text}",
        path=reverse("admin:order_order_change", args=[order.pk]),
    )


def _paid_late(order: Order, payment: Payment, problem: str) -> None:
    """Money for a cancelled order: fill it if everything is still there and it is not paid twice, else hold it."""
    order.paid_at = order.paid_at or timezone.now()
    if order.anonymised_at:
        _hold_late(
            order, "unfilled", _("Paid after the buyer was erased: nobody knows where to send it. Refund it.")
        )
    elif _other_payment(payment):
        _hold_late(order, "twice", _("Paid twice: refund this one."))
    elif services.allocate_again(order, payment=payment):
        _sold(order, payment, problem)
    else:
        _hold_late(order, "unfilled", _("Paid, but it cannot be filled: sold out meanwhile."))


def _sold(order: Order, payment: Payment, problem: str) -> None:
    services.mark_paid(order, problem=problem, now=timezone.now())
    count_gift(order, payment)


def _hold_late(order: Order, what: str, reason: str) -> None:
    services.put_on_hold(order, reason=reason, by=STRIPE)
    alert_about(order, what, reason)


def _other_payment(payment: Payment) -> bool:
    """Whether another payment of the same basket is paid, waits for a decision, or can still be paid."""
    others = Payment.objects.filter(subject=payment.subject).exclude(pk=payment.pk)
    counted = (*Payment.UNFINISHED, Payment.State.PAID, Payment.State.REVIEW)
    return others.filter(state__in=counted).exists()


def _submit_basket(order: Order | None) -> None:
    if order:
        baskets = Basket.objects.filter(pk=order.basket_id, status__in=(Basket.FROZEN, Basket.OPEN))
        baskets.update(status=Basket.SUBMITTED, date_submitted=timezone.now())


def _thaw_basket(order: Order | None) -> None:
    if order:
        Basket.objects.filter(pk=order.basket_id, status=Basket.FROZEN).update(status=Basket.OPEN)
