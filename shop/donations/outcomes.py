"""What becomes of a donation when its payment ends one way or another (see `shop.payments.outcomes.Handler`)."""

from django.conf import settings
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.donations import mails
from shop.donations.models import Donation
from shop.emails.alerts import alert
from shop.money import from_minor
from shop.payments.answers import InvoiceAnswer
from shop.payments.models import Dispute, Payment, Refund, Subscription
from shop.payments.outcomes import Buyer
from shop.payments.selectors import captured_minor, charged_back_minor

#: The kind of the payments that are answered for here.
KIND = "donation"
State, Way = Donation.State, Donation.Way


class DonationOutcomes:
    """Payments of kind `donation`: the reference is the number of the donation, or of the first of monthly ones.

    Money that came is always a donation: a row that is not there (a later month's, or one cleared away) is written.
    """

    def is_gone(self, payment: Payment) -> bool:
        return False

    def completed(self, payment: Payment, buyer: Buyer) -> None:
        donation = donation_of(payment)
        if donation.received_at and not donation.email:  # its donor was erased
            return
        donation.email, donation.name = buyer.email[:254], buyer.name[:255]
        donation.save(update_fields=["email", "name"])

    def paid(self, payment: Payment, problem: str) -> None:
        """Count what was taken, which is what was wished unless staff have accepted something else."""
        donation = _taken(payment)
        donation.state, donation.received_at = State.RECEIVED, payment.paid_at or timezone.now()
        donation.save(update_fields=["state", "received_at"])
        note_given_back(donation, _given_back_minor(payment))
        mails.receipt(donation)

    def processing(self, payment: Payment) -> None:
        """Wait for the bank; meanwhile the browser may begin another donation."""
        payment.subject = f"donation:{payment.reference}"
        _move(payment, State.PROCESSING)

    def failed(self, payment: Payment) -> None:
        mails.not_paid(_move(payment, State.NOT_GIVEN))

    def expired(self, payment: Payment) -> None:
        _move(payment, State.NOT_GIVEN)

    def review(self, payment: Payment, problem: str) -> None:
        donation = _move(payment, State.REVIEW)
        alert(
            subject=f"review:{donation.number}",
            text=_("Donation %(number)s: %(problem)s") % {"number": donation.number, "problem": problem},
            path=reverse("admin:donations_donation_change", args=[donation.pk]),
        )

    def refunded(self, payment: Payment, refund: Refund) -> None:
        mails.refunded(_count_given_back(payment), refund)

    def refund_failed(self, payment: Payment, refund: Refund) -> None:
        _count_given_back(payment)

    def disputed(self, payment: Payment, dispute: Dispute) -> None:
        """Nothing ships, so nothing is held; staff are told with the dispute."""

    def dispute_closed(self, payment: Payment, dispute: Dispute) -> None:
        _count_given_back(payment)

    def subscription_changed(self, payment: Payment, subscription: Subscription) -> None:
        if subscription.is_running and subscription.ends_at:
            mails.monthly_stops(donation_of(payment), subscription)
        elif (
            not subscription.is_running and not subscription.ends_at
        ):  # nobody has been told that it would end
            mails.monthly_ended(donation_of(payment), subscription)

    def renewal_declined(self, payment: Payment, invoice: InvoiceAnswer) -> None:
        mails.declined(donation_of(payment), invoice)


def donation_of(payment: Payment) -> Donation:
    """Return the locked donation of a payment, written now when there is none."""
    found = Donation.objects.select_for_update(of=("self",)).filter(payment=payment).first()
    return found or _written(payment)


def _written(payment: Payment) -> Donation:
    first = Donation.objects.filter(number=payment.reference).first()
    return Donation.objects.create(
        way=Way.MONTHLY if first or payment.repeats or payment.invoice_id else Way.ONCE,
        amount=from_minor(payment.amount_minor, payment.currency),
        currency=payment.currency,
        payment=payment,
        first=first,
        email=first.email if first else "",
        name=first.name if first else "",
        language=first.language if first else settings.LANGUAGE_CODE,
    )


def _move(payment: Payment, state: str) -> Donation:
    donation = donation_of(payment)
    donation.state = State(state)
    donation.save(update_fields=["state"])
    return donation


def _taken(payment: Payment) -> Donation:
    """Return the locked donation of a payment with the amount that Stripe took for it."""
    donation = donation_of(payment)
    minor = captured_minor(payment)
    if minor:
        donation.currency = payment.taken_currency
        donation.amount = from_minor(minor, donation.currency)
        donation.save(update_fields=["amount", "currency"])
    return donation


def _count_given_back(payment: Payment) -> Donation:
    """Note what donor and bank have got back of a donation, from the till's own rows."""
    minor = _given_back_minor(payment)
    if payment.state == Payment.State.REVIEW:
        return _looked_at(payment, minor)
    donation = donation_of(payment)
    note_given_back(donation, minor)
    return donation


def _given_back_minor(payment: Payment) -> int:
    refunds = payment.refunds.filter(state=Refund.State.SUCCEEDED).aggregate(sum=Sum("amount_minor"))["sum"]
    return (refunds or 0) + charged_back_minor(payment)


def _looked_at(payment: Payment, minor: int) -> Donation:
    """Note what went back of money in review: all of it ends the review, unless the refund fails after all."""
    donation = _taken(payment)
    is_all_back = 0 < captured_minor(payment) <= minor
    donation.state = State.REFUNDED if is_all_back else State.REVIEW
    donation.received_at = (donation.received_at or timezone.now()) if is_all_back else None
    donation.save(update_fields=["state", "received_at"])
    note_given_back(donation, minor)
    return donation


def note_given_back(donation: Donation, minor: int) -> None:
    """Write how much of a locked donation went back, in minor units; all of it makes it *given back*."""
    donation.given_back = min(donation.amount, from_minor(minor, donation.currency))
    if donation.state in Donation.CAME:
        donation.state = State.REFUNDED if donation.given_back == donation.amount else State.RECEIVED
    donation.save(update_fields=["given_back", "state"])
