"""Journeys of an order, each up to the step that will be taken in a process of its own and killed on the way.

`python -m tests.kill.journey FAKE_PORT` has the store loaded and reads a line for each step, as JSON: the name of
the journey or of what comes after it, and the fault. It forks a process for each, as a web server that preloads
does, and answers with how that ended (-9: killed). What one step must know of another is in the database.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.urls import resolve
from django.utils import timezone

from shop.basket.models import Basket
from shop.checkout import services as checkout
from shop.donations import services as donations
from shop.order import refunding
from shop.order import services as orders
from shop.order.models import Order
from shop.payments import settlement
from shop.payments.models import Payment
from shop.worker.services import run_once
from tests import faults
from tests.factories import a_basket_with, a_product
from tests.fake_stripe_client import FakeStripe
from tests.passing import let_pass
from tests.paying import BUYER, pay_for, press_pay
from tests.till import ring

Step = Callable[[], object]


def _basket() -> Basket:
    return a_basket_with((a_product(stock=3, colours=["white"], sizes=["M"]).first, 1))


def _paid_at_stripe(fake: FakeStripe) -> Payment:
    payment = press_pay(_basket())
    assert fake.pay(payment.session_id, **BUYER)["outcome"] == "paid"
    return payment


# --- Journeys: each prepares, and returns the step in which the process is killed --------------------


def pay(fake: FakeStripe) -> Step:
    basket = _basket()
    return lambda: press_pay(basket)


def webhook(fake: FakeStripe) -> Step:
    _paid_at_stripe(fake)
    event = fake.events("checkout.session.completed")[-1]
    return lambda: ring(event, secret=settings.STRIPE_WEBHOOK_SECRETS[0])


def come_back(fake: FakeStripe) -> Step:
    payment = _paid_at_stripe(fake)
    return lambda: settlement.settle(payment.pk)


def sweep_paid(fake: FakeStripe) -> Step:
    _paid_at_stripe(fake)
    let_pass(fake)
    return run_once


def sweep_unpaid(fake: FakeStripe) -> Step:
    press_pay(_basket())
    let_pass(fake)
    return run_once


def change_order(fake: FakeStripe) -> Step:
    basket = _basket()
    press_pay(basket)
    return lambda: checkout.change_order(basket_id=basket.pk, now=timezone.now())


def mail(fake: FakeStripe) -> Step:
    pay_for(_basket(), fake)
    return run_once


def ship(fake: FakeStripe) -> Step:
    order = pay_for(_basket(), fake)
    return lambda: orders.ship(number=order.number, by="Sam", parcels_before=0)


def cancel(fake: FakeStripe) -> Step:
    order = pay_for(_basket(), fake)
    return lambda: orders.cancel(number=order.number, reason="changed their mind", by="Sam")


def refund(fake: FakeStripe) -> Step:
    order = pay_for(_basket(), fake)
    run_once()
    asked = refunding.Asked(amount_minor=500)
    return lambda: refunding.refund(
        number=order.number, asked=asked, reason="a hole", step="form:1", by="Sam"
    )


def give(fake: FakeStripe) -> Step:
    wish = donations.Wish(Decimal("5.00"), is_monthly=False)
    return lambda: donations.give(wish=wish, mine=[], client="", now=timezone.now())


def give_and_come_back(fake: FakeStripe) -> Step:
    give(fake)()
    payment = Payment.objects.get()
    assert fake.pay(payment.session_id, **BUYER)["outcome"] == "paid"
    return lambda: settlement.settle(payment.pk)


# --- What comes after: by then the store has been started again, without a fault ---------------------


def pay_again(fake: FakeStripe) -> Step:
    """The shopper is still there, presses *Pay* again and pays."""
    payment = press_pay(Basket.objects.get())
    assert fake.pay(payment.session_id, **BUYER)["outcome"] == "paid"
    return lambda: settlement.settle(payment.pk)


def staff_again(fake: FakeStripe) -> Step:
    """Whoever packs presses *Ship* again, unless the page says it has left."""
    order = Order.objects.get()
    if order.parcels.exists():
        return lambda: None
    return lambda: orders.ship(number=order.number, by="Sam", parcels_before=0)


def cancel_again(fake: FakeStripe) -> Step:
    order = Order.objects.get()
    return lambda: orders.cancel(number=order.number, reason="changed their mind", by="Sam")


def refund_again(fake: FakeStripe) -> Step:
    """Whoever refunds sends the same form again."""
    asked = refunding.Asked(amount_minor=500)
    number = Order.objects.get().number
    return lambda: refunding.refund(number=number, asked=asked, reason="a hole", step="form:1", by="Sam")


def later(fake: FakeStripe) -> Step:
    """Everything has become due, and the worker makes one round."""
    let_pass(fake)
    return lambda: call_command("worker", "--once", stdout=sys.stderr)


STEPS = {
    step.__name__: step
    for step in (
        pay,
        webhook,
        come_back,
        sweep_paid,
        sweep_unpaid,
        change_order,
        mail,
        ship,
        cancel,
        refund,
        give,
        give_and_come_back,
        pay_again,
        staff_again,
        cancel_again,
        refund_again,
        later,
    )
}


def _take(name: str, fault: str, fake: FakeStripe) -> None:
    step = STEPS[name](fake)
    settings.TEST_HOOK = faults.hook(fault)
    step()


def _in_a_process_of_its_own(name: str, fault: str, fake: FakeStripe) -> int:
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        _take(name, fault, fake)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def main(port: str) -> None:
    fake = FakeStripe(Path(), port=int(port))
    resolve("/")  # loads every view, once for all
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(_in_a_process_of_its_own(asked["step"], asked["fault"], fake), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
