"""What must be true of money and stock whatever has happened: the six identities of the ledger (I1 to I6).

assert_identities(fake)                  # between two steps
assert_identities(fake, at_rest=True)    # when Stripe has told all and the sweep has been round
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, Sum
from django.utils import timezone
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher

from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.order.models import Line, Order
from shop.order.statuses import HOLDS_STOCK, Status
from shop.partner.models import StockRecord
from shop.payments.models import Payment, Refund, Subscription, WebhookEvent
from shop.payments.selectors import captured_minor, charged_back_minor
from shop.stock.selectors import differences
from tests.fake_stripe_client import FakeStripe

#: Nothing of an order in these is sold yet, or any more.
_UNSOLD = (Status.PENDING_PAYMENT, Status.PROCESSING_PAYMENT, Status.CANCELLED)
_GRACE = timedelta(minutes=5)
#: Stripe's paid charges by their id, and the payment each is of, so far as it has been heard of.
Charges = dict[str, dict[str, Any]]
Taken = dict[str, Payment]


def assert_identities(fake: FakeStripe, *, at_rest: bool = False) -> None:
    """Check all six against the database and what the stand-in holds; at rest nothing may be on its way."""
    charges = {charge["id"]: charge for charge in _charges(fake) if charge["paid"]}
    taken = {charge_id: found for charge_id, charge in charges.items() if (found := _payment_of(charge))}
    _allocated_is_within_on_hand()
    _allocated_is_what_orders_hold()
    assert differences() == [], "I3: numbers are not the sum of their movements"
    _every_charge_has_one_payment(taken)
    _paid_orders_have_their_money(charges, taken)
    _refunds_stay_within_what_was_taken(charges, taken)
    _every_paid_invoice_is_one_donation_at_most()
    _uses_are_counted_once()
    if at_rest:
        assert taken.keys() == charges.keys(), "I4: money that nobody here knows of"
        _every_charge_has_an_order_or_went_back(charges, taken)
        _donations_are_what_is_left_of_them(charges, taken)
        _every_month_has_its_invoice(fake)
        _what_repeats_is_as_at_stripe(fake)
        _nothing_is_overdue()


def _charges(fake: FakeStripe) -> list[dict[str, Any]]:
    found = fake.stripe_client().v1.charges.list({"limit": 100})
    return [charge.to_dict(for_json=True) for charge in found.auto_paging_iter()]


def _payment_of(charge: dict[str, Any]) -> Payment | None:
    """Return the payment a charge is of: named by it, or that of an invoice, which may not have been heard of."""
    if named := charge["metadata"].get("payment"):
        return Payment.objects.get(pk=named)
    return Payment.objects.filter(intent_id=charge["payment_intent"]).first()


def _allocated_is_within_on_hand() -> None:
    odd = StockRecord.objects.exclude(num_allocated__gte=0, num_allocated__lte=F("num_in_stock"))
    assert not odd.exists(), f"I1: {list(odd)}"


def _allocated_is_what_orders_hold() -> None:
    held = Counter[int]()
    for line in Line.objects.select_related("order"):
        assert line.stockrecord_id is not None
        held[line.stockrecord_id] += line.num_allocated
        status = line.order.status
        if status in HOLDS_STOCK - {Status.ON_HOLD}:
            assert line.num_allocated == line.unshipped, f"I2: {status} {line.order.number} holds too little"
        if status not in HOLDS_STOCK:
            assert line.num_allocated == 0, f"I2: {status} {line.order.number} still holds stock"
    said = StockRecord.objects.filter(num_allocated__gt=0).values_list("pk", "num_allocated")
    assert dict(said) == {pk: number for pk, number in held.items() if number}, "I2: holds and records differ"


def _every_charge_has_one_payment(taken: Taken) -> None:
    for charge_id, payment in taken.items():
        is_gift = payment.kind == "donation"
        orders = Order.objects.filter(number=payment.reference)
        owners = Donation.objects.filter(payment=payment) if is_gift else orders
        assert owners.count() == 1, f"I4: no {payment.kind} for {charge_id}"
    assert len({payment.pk for payment in taken.values()}) == len(taken), "I4: one payment charged twice"


def _every_charge_has_an_order_or_went_back(charges: Charges, taken: Taken) -> None:
    sold = Counter[str]()
    for charge_id, payment in taken.items():
        assert payment.state in (Payment.State.PAID, Payment.State.REVIEW), f"I4: {payment.state}"
        back = charges[charge_id]["amount_refunded"]
        if payment.kind == "donation":
            assert payment.donation.state in (*Donation.CAME, Donation.State.REVIEW), "I4: not counted"
        else:
            sold.update(_sold(payment, charges[charge_id]))
        ours = payment.refunds.filter(state=Refund.State.SUCCEEDED).aggregate(sum=Sum("amount_minor"))["sum"]
        assert (ours or 0) == back, f"I4: {ours} refunded here, {back} at Stripe"
    assert set(sold.values()) <= {1}, "I4: an order paid twice"


def _sold(payment: Payment, charge: dict[str, Any]) -> list[str]:
    """Return the number of the order that a charge has paid for good; a cancelled one's money must go back."""
    order = Order.objects.get(number=payment.reference)
    if order.status in _UNSOLD:
        assert _goes_back(payment), f"I4: {charge['id']} is paid, {order.number} is {order.status}"
        return []
    is_sold = not charge["amount_refunded"] and order.status != Status.ON_HOLD
    return [order.number] if is_sold else []


def _goes_back(payment: Payment) -> bool:
    asked = payment.refunds.filter(state__in=Refund.NOT_FAILED).aggregate(sum=Sum("amount_minor"))["sum"]
    failed = payment.refunds.filter(state=Refund.State.FAILED).exists()
    return failed or (asked or 0) + charged_back_minor(payment) >= captured_minor(payment)


def _paid_orders_have_their_money(charges: Charges, taken: Taken) -> None:
    amounts = {
        payment.pk: (charges[charge_id]["amount"], charges[charge_id]["currency"].upper())
        for charge_id, payment in taken.items()
    }
    for payment in Payment.objects.filter(state=Payment.State.PAID, amount_minor__gt=0):
        assert amounts.get(payment.pk) == (payment.amount_minor, payment.currency), f"I5: {payment.pk}"
    for order in Order.objects.exclude(status__in=_UNSOLD).filter(paid_at__isnull=False):
        paid = Payment.objects.filter(reference=order.number, state=Payment.State.PAID)
        total = int(order.total_incl_tax * 100)
        found = {(payment.amount_minor, payment.currency) for payment in paid}
        assert found == {(total, order.currency)}, f"I5: {order.number} costs {total}, paid {found}"
    unpaid = Donation.objects.filter(state__in=Donation.CAME).exclude(payment__state=Payment.State.PAID)
    assert not unpaid.exists(), f"I5: {list(unpaid)} came without money"


def _refunds_stay_within_what_was_taken(charges: Charges, taken: Taken) -> None:
    amounts = {payment.pk: charges[charge_id]["amount"] for charge_id, payment in taken.items()}
    asked = (
        Refund.objects.filter(state__in=Refund.NOT_FAILED)
        .values_list("payment")
        .annotate(Sum("amount_minor"))
    )
    for payment_id, sum_minor in asked.order_by():
        assert sum_minor <= amounts[payment_id], f"I4: {sum_minor} of {amounts[payment_id]} given back"


def _every_paid_invoice_is_one_donation_at_most() -> None:
    """A month is counted once; at rest each has its charge, so its donation is there."""
    counted = Counter(invoice for invoice, _minor in _months())
    assert set(counted.values()) <= {1}, "I4: an invoice counted twice"


def _every_month_has_its_invoice(fake: FakeStripe) -> None:
    found = fake.stripe_client().v1.invoices.list({"status": "paid", "limit": 100})
    paid = {(invoice.id, invoice.amount_paid) for invoice in found.auto_paging_iter()}
    odd = set(_months()) - paid
    assert not odd, f"I4: {odd} counted, but Stripe knows of no such invoice"


def _months() -> Iterable[tuple[str, int]]:
    """Return invoice and amount of every month that was counted."""
    came = Donation.objects.filter(way=Donation.Way.MONTHLY, state__in=Donation.CAME)
    return came.values_list("payment__invoice_id", "payment__captured_minor")


def _donations_are_what_is_left_of_them(charges: Charges, taken: Taken) -> None:
    for charge_id, payment in taken.items():
        if payment.kind == "donation" and payment.donation.state in Donation.CAME:
            kept = charges[charge_id]["amount"] - charges[charge_id]["amount_refunded"]
            kept = max(0, kept - charged_back_minor(payment))
            assert int(payment.donation.kept * 100) == kept, f"I4: {payment.donation} says otherwise"
    began = Payment.objects.filter(kind="donation", state__in=(Payment.State.EXPIRED, Payment.State.FAILED))
    waiting = Donation.objects.filter(payment__in=began).exclude(state=Donation.State.NOT_GIVEN)
    assert not waiting.exists(), f"I6: {list(waiting)} wait for a payment that is over"


def _what_repeats_is_as_at_stripe(fake: FakeStripe) -> None:
    theirs = fake.stripe_client().v1.subscriptions.list({"status": "all", "limit": 100})
    ours = dict(Subscription.objects.values_list("stripe_id", "status"))
    assert ours == {found.id: found.status for found in theirs.auto_paging_iter()}, "monthly donations differ"


def _uses_are_counted_once() -> None:
    for voucher in Voucher.objects.all():
        assert voucher.num_orders == voucher.applications.count(), f"{voucher.code}: uses and orders differ"
    beyond = ConditionalOffer.objects.filter(num_applications__gt=F("max_global_applications"))
    assert not beyond.exists(), "an offer was used more often than it may be"


def _nothing_is_overdue() -> None:
    late = timezone.now() - _GRACE
    waiting = (Payment.State.CREATING, Payment.State.OPEN)
    overdue = Payment.objects.filter(state__in=waiting, expires_at__lt=late)
    assert not overdue.exists(), f"I6: {list(overdue.values_list('reference', 'state'))}"
    unsent = Mail.objects.filter(state=Mail.State.QUEUED, next_try_at__lt=late)
    assert not unsent.exists(), f"I6: {list(unsent)}"
    stuck = WebhookEvent.objects.filter(Q(state="received") | Q(state="failed"), received_at__lt=late)
    assert not stuck.exists(), f"I6: {list(stuck)}"
    unknown = Refund.objects.filter(state=Refund.State.UNKNOWN, created_at__lt=late)
    assert not unknown.exists(), f"I6: {list(unknown)}"
