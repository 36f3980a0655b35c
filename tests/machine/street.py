"""What may happen to a store, in any order: shoppers, staff, Stripe, banks, time, and processes that die.

Each thing is a rule of one Hypothesis state machine; after each the ledger must agree (`tests.identities`). At the
end Stripe tells all it has to tell, time passes, the sweep goes round, and nothing may be left over.
"""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import stripe
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from oscar.apps.offer.models import Benefit

from shop.basket import services as baskets
from shop.basket.errors import BasketError
from shop.basket.models import Basket
from shop.checkout import services as checkout
from shop.donations import services as donations
from shop.donations.models import Donation
from shop.order import refunding
from shop.order import services as orders
from shop.order.models import Order
from shop.payments import gateway, refunds, settlement
from shop.payments import services as payments
from shop.payments.models import Payment, Subscription
from shop.testpoints import POINTS
from shop.worker.services import run_once
from tests.factories import a_basket_with, a_product
from tests.fake_stripe_client import ControlError, FakeStripe
from tests.identities import assert_identities
from tests.passing import let_pass
from tests.paying import BUYER, press_pay
from tests.till import ring, ring_all
from tests.unit.checkout.makers import a_voucher, an_offer


class Killed(BaseException):
    """The process died at a named point: its transaction is undone, nothing after it has happened."""


#: What a person may be told; nothing has changed then, or the sweep goes on.
REFUSALS = (
    checkout.BasketChanged,
    checkout.AlreadyPaid,
    payments.TooManyPayments,
    checkout.NotCharged,
    donations.AlreadyGiven,
    donations.NotCharged,
    orders.NotPossible,
    refunds.TooMuch,
    gateway.GatewayError,
    BasketError,
    ControlError,
)
CARDS = {
    "paid": "4242424242424242",
    "declined": "4000000000000002",
    "slow refund": "4000000000007726",
    "failing refund": "4000000000005126",
    "disputed": "4000000000000259",
    "warned of": "4000000000005423",
    "reviewed": "4000000000009235",
}
BANK = {"method": "bacs_debit", "sort_code": "108800", "account_number": "00012345"}
FAULTS = (
    {"cut": "before"},
    {"cut": "after"},
    {"status": 500},
    {"status": 500, "after": True},
    {"status": 429},
)
which = st.integers(0, 999)


class Street(RuleBasedStateMachine):
    """One store, a few shoppers, staff and Stripe; `fake` is set by the test."""

    fake: FakeStripe

    @initialize()
    def open(self) -> None:
        self.example = transaction.atomic()
        self.example._from_testcase = True  # type: ignore[attr-defined]
        self.example.__enter__()
        self.fake.reset()
        self.fake.clear_faults()
        self.fake.reset_clock()
        settings.TEST_HOOK = None
        product = a_product(stock=4, colours=["white"], sizes=["S", "M"])
        self.variants = list(product.variants.values())
        self.voucher = a_voucher("ONCE", an_offer(Benefit.PERCENTAGE, "10"), usage="Single use")
        an_offer(Benefit.FIXED, "1.00", max_global_applications=1)
        self.forms = 0
        self.answers: list[tuple[Any, gateway.Session]] = []
        self._let_some_be_on_their_way()

    def _let_some_be_on_their_way(self) -> None:
        """One has paid, one is at Stripe, one waits for the bank: what follows begins where it can go deep.

        And one gives every month.
        """
        for number in range(3):
            basket = a_basket_with((self.variants[number % 2], 1))
            payment = press_pay(basket, client=f"client {basket.pk}")
            if number == 0:
                self.fake.pay(payment.session_id, **BUYER)
            if number == 2:
                self.fake.pay(payment.session_id, **BANK, **BUYER)
            settlement.settle(payment.pk)
        wish = donations.Wish(Decimal("5"), is_monthly=True)
        gift = donations.give(wish=wish, mine=[], client="donor", now=timezone.now())
        self.fake.pay(Payment.objects.get(pk=gift.payment_id).session_id, **BUYER)
        settlement.settle(gift.payment_id)

    def teardown(self) -> None:
        if not hasattr(self, "example"):
            return
        try:
            self._come_to_rest()
            assert_identities(self.fake, at_rest=True)
        finally:
            settings.TEST_HOOK = None
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    def _come_to_rest(self) -> None:
        settings.TEST_HOOK = None
        self.fake.clear_faults()
        for payment in Payment.objects.filter(state=Payment.State.PROCESSING):
            self._try(lambda payment=payment: self.fake.settle(payment.session_id))
        for refund in self._refunds_under_way():
            self.fake.move_refund(refund.id, "succeeded")
        seen: set[str] = set()
        for _time in range(2):
            let_pass(self.fake)
            run_once()
            assert set(ring_all(self.fake, seen=seen)) <= {200}

    def _refunds_under_way(self) -> list[Any]:
        found = self.fake.stripe_client().v1.refunds.list({"limit": 100}).data
        return [refund for refund in found if refund.status in ("pending", "requires_action")]

    @invariant()
    def the_ledger_agrees(self) -> None:
        if hasattr(self, "example"):
            assert_identities(self.fake)

    # --- Helpers

    def _try(self, action: Callable[[], object]) -> object:
        """Do what may be refused or killed."""
        try:
            return action()
        except (*REFUSALS, Killed) as refusal:
            return refusal

    def _payment(self, number: int, *states: str) -> Payment | None:
        found = Payment.objects.exclude(session_id=None).order_by("created_at", "pk")
        found = found.filter(state__in=states) if states else found
        return found[number % found.count()] if found else None

    def _taken(self, number: int) -> Payment:
        """Return a payment that has been made; the first always has."""
        found = Payment.objects.filter(state=Payment.State.PAID).order_by("created_at", "pk")
        return found[number % found.count()]

    def _order(self, number: int) -> Order:
        found = Order.objects.order_by("pk")
        return found[number % found.count()]

    def _is_paid_for(self) -> bool:
        return Order.objects.exclude(paid_at=None).exists()

    # --- Shoppers

    @precondition(lambda self: Basket.objects.count() < 8)
    @rule(variant=which, pieces=st.integers(1, 2), with_voucher=st.booleans())
    def fill_a_basket(self, variant: int, pieces: int, with_voucher: bool) -> None:
        basket = a_basket_with((self.variants[variant % 2], pieces))
        if with_voucher:
            basket.vouchers.add(self.voucher)

    @precondition(lambda self: Basket.objects.exists())
    @rule(number=which)
    def press_pay(self, number: int) -> None:
        basket = self._basket(number)
        self._try(lambda: press_pay(basket, client=f"client {basket.pk}"))

    @precondition(lambda self: Basket.objects.exists())
    @rule(number=which)
    def press_pay_on_an_old_page(self, number: int) -> None:
        self._try(lambda: press_pay(self._basket(number), total=Decimal("1.00")))

    def _basket(self, number: int) -> Basket:
        found = Basket.objects.order_by("pk")
        return found[number % found.count()]

    @precondition(lambda self: Basket.objects.exists())
    @rule(number=which)
    def change_the_order(self, number: int) -> None:
        basket = self._basket(number)
        self._try(lambda: checkout.change_order(basket_id=basket.pk, now=timezone.now()))

    @precondition(lambda self: Basket.objects.exists())
    @rule(number=which, variant=which)
    def add_one_more(self, number: int, variant: int) -> None:
        basket = self._basket(number)
        self._try(lambda: baskets.add(basket=basket, product=self.variants[variant % 2], quantity=1))

    @precondition(lambda self: self._payment(0))
    @rule(number=which, card=st.sampled_from(sorted(CARDS)))
    def pay_at_stripe(self, number: int, card: str) -> None:
        payment = self._payment(number)
        self._try(lambda: self.fake.pay(payment.session_id, card=CARDS[card], **BUYER))

    @precondition(lambda self: self._payment(0))
    @rule(number=which)
    def pay_by_a_delayed_method(self, number: int) -> None:
        payment = self._payment(number)
        self._try(lambda: self.fake.pay(payment.session_id, **BANK, **BUYER))

    @precondition(lambda self: self._payment(0))
    @rule(number=which)
    def come_back(self, number: int) -> None:
        payment = self._payment(number)
        self._try(lambda: settlement.settle(payment.pk))

    @precondition(lambda self: self._payment(0))
    @rule(number=which)
    def look_up_and_be_slow(self, number: int) -> None:
        """A door asks Stripe now, and goes on with the answer when others have been there."""
        payment = self._payment(number)
        found = self._try(lambda: gateway.retrieve_session(payment.session_id))
        if isinstance(found, gateway.Session):
            self.answers.append((payment.pk, found))

    @precondition(lambda self: self.answers)
    @rule(number=which)
    def go_on_with_an_old_answer(self, number: int) -> None:
        payment_id, session = self.answers.pop(number % len(self.answers))
        self._try(lambda: settlement.record(payment_id, session))

    @precondition(lambda self: Donation.objects.filter(first=None, order_number=None).count() < 4)
    @rule(pounds=st.sampled_from(["0.50", "5", "25"]), is_monthly=st.booleans())
    def give(self, pounds: str, is_monthly: bool) -> None:
        wish = donations.Wish(Decimal(pounds), is_monthly=is_monthly)
        client = f"donor {Donation.objects.count()}"
        self._try(lambda: donations.give(wish=wish, mine=[], client=client, now=timezone.now()))

    @precondition(lambda self: Subscription.objects.filter(is_running=True).exists())
    @rule(number=which, card=st.sampled_from(["paid", "declined", "disputed", "failing refund"]))
    def change_the_card_of_a_monthly_donation(self, number: int, card: str) -> None:
        self._try(lambda: self.fake.change_card(self._subscription(number), CARDS[card]))

    @precondition(lambda self: Subscription.objects.filter(is_running=True).exists())
    @rule(number=which, how=st.sampled_from(["now", "with its month", "not after all"]))
    def stop_a_monthly_donation(self, number: int, how: str) -> None:
        at_stripe = self.fake.stripe_client().v1.subscriptions
        with suppress(stripe.StripeError):  # it has ended, or a fault was meant for the store
            if how == "now":
                at_stripe.cancel(self._subscription(number))
            else:
                ends = how == "with its month"
                at_stripe.update(self._subscription(number), {"cancel_at_period_end": ends})

    def _subscription(self, number: int) -> str:
        found = Subscription.objects.filter(is_running=True).order_by("pk")
        return found[number % found.count()].stripe_id

    # --- Staff

    @precondition(lambda self: Order.objects.exists())
    @rule(number=which)
    def ship(self, number: int) -> None:
        order = self._order(number)
        parcels = order.parcels.count()
        self._try(lambda: orders.ship(number=order.number, by="Sam", parcels_before=parcels))

    @precondition(lambda self: Order.objects.exists())
    @rule(number=which)
    def ship_one_piece(self, number: int) -> None:
        order = self._order(number)
        some = {order.lines.first().pk: 1}
        parcels = order.parcels.count()
        self._try(lambda: orders.ship(number=order.number, by="Sam", parcels_before=parcels, quantities=some))

    @precondition(lambda self: Order.objects.exists())
    @rule(number=which)
    def cancel(self, number: int) -> None:
        order = self._order(number)
        self._try(lambda: orders.cancel(number=order.number, reason="asked to", by="Sam"))

    @precondition(lambda self: self._is_paid_for())
    @rule(number=which, amount=st.sampled_from([1, 500, 2500, 9999]), again=st.booleans())
    def refund_an_amount(self, number: int, amount: int, again: bool) -> None:
        self._refund(number, refunding.Asked(amount_minor=amount), again)

    @precondition(lambda self: self._is_paid_for())
    @rule(number=which, restock=st.booleans(), again=st.booleans())
    def refund_a_piece(self, number: int, restock: bool, again: bool) -> None:
        line = self._order(number).lines.first()
        self._refund(number, refunding.Asked(pieces={line.pk: 1}), again, restock=restock)

    def _refund(self, number: int, asked: refunding.Asked, again: bool, *, restock: bool = False) -> None:
        self.forms += not again
        self._try(
            lambda: refunding.refund(
                number=self._order(number).number,
                asked=asked,
                reason="a hole",
                step=f"form:{self.forms}",
                by="Sam",
                restock=restock,
            )
        )

    @precondition(lambda self: Donation.objects.exclude(received_at=None).exists())
    @rule(number=which, amount=st.sampled_from([None, 1, 500]), again=st.booleans())
    def refund_a_donation(self, number: int, amount: int | None, again: bool) -> None:
        self.forms += not again
        found = Donation.objects.exclude(received_at=None).filter(order_number=None).order_by("pk")
        donation = found[number % found.count()]
        self._try(
            lambda: donations.refund(
                donation_id=donation.pk,
                amount_minor=amount,
                reason="by mistake",
                step=f"form:{self.forms}",
                by="Sam",
            )
        )

    @precondition(lambda self: Order.objects.exists())
    @rule(number=which, hold=st.booleans())
    def hold_or_release(self, number: int, hold: bool) -> None:
        order = self._order(number)
        if hold:
            self._try(lambda: orders.hold(number=order.number, reason="look at it", by="Sam"))
        else:
            self._try(lambda: orders.release_hold(number=order.number, by="Sam"))

    # --- Stripe, banks, time

    @precondition(lambda self: self.fake.events())
    @rule(number=which, times=st.integers(1, 3))
    def hear_of_something(self, number: int, times: int) -> None:
        """Any event Stripe ever sent, late, again, or out of order."""
        events = self.fake.events()
        for _ in range(times):
            self._try(lambda: ring(events[number % len(events)]))

    @precondition(lambda self: self._payment(0))
    @rule(number=which)
    def expire_at_stripe(self, number: int) -> None:
        payment = self._payment(number)
        self._try(lambda: self.fake.expire(payment.session_id))

    @precondition(lambda self: self._payment(0, "processing"))
    @rule(number=which, good=st.booleans())
    def bank_decides(self, number: int, good: bool) -> None:
        payment = self._payment(number, "processing")
        self._try(lambda: self.fake.settle(payment.session_id, good))

    @rule(number=which, amount=st.sampled_from([None, 300]))
    def refund_in_the_dashboard(self, number: int, amount: int | None) -> None:
        payment = self._taken(number)
        self._try(lambda: self.fake.refund(payment.intent_id, amount))

    @rule(number=which, ends=st.sampled_from(["won", "lost", "under_review", "warning_closed"]))
    def dispute(self, number: int, ends: str) -> None:
        payment = self._taken(number)
        found = self._try(lambda: self.fake.dispute(payment.intent_id))
        if isinstance(found, dict):
            self._try(lambda: self.fake.move_dispute(found["id"], ends))

    @rule(fault=st.sampled_from(FAULTS), path=st.sampled_from(["/v1/checkout", "/v1/refunds", "/v1/"]))
    def stripe_fails_next_time(self, fault: dict[str, Any], path: str) -> None:
        self.fake.fault(path=path, method="POST", **fault)

    @rule(minutes=st.sampled_from([1, 6, 15, 46, 24 * 60, 31 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        let_pass(self.fake, minutes * 60)

    @rule()
    def sweep(self) -> None:
        self._try(run_once)

    @rule(point=st.sampled_from(POINTS))
    def be_killed_next_time_at(self, point: str) -> None:
        def hook(reached: str) -> None:
            if reached == point:
                settings.TEST_HOOK = None
                raise Killed

        settings.TEST_HOOK = hook
