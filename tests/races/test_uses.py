"""Vouchers and offers that may be used so often and not once more, under real parallel connections."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from oscar.apps.offer.models import Benefit, ConditionalOffer
from oscar.apps.order.models import OrderDiscount
from oscar.apps.voucher.models import Voucher, VoucherApplication

from shop.checkout import services as checkout
from shop.order import uses
from shop.order.models import Order
from shop.stock.selectors import differences
from tests.factories import a_basket_with, a_product
from tests.fake_stripe_client import FakeStripe
from tests.paying import total_of
from tests.races.parallel import at_once
from tests.unit.checkout.makers import a_voucher, an_offer, with_voucher

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

BUYERS = 20


def _press_all_at_once(*, voucher: Voucher | None = None) -> Counter[str]:
    """Let all press *Pay* with the saving their page shows; one answer each."""
    variant = a_product(stock=BUYERS, colours=["white"], sizes=["M"]).first
    baskets = [a_basket_with((variant, 1)) for _ in range(BUYERS)]
    for basket in baskets:
        if voucher:
            with_voucher(basket, voucher)
    presses = [partial(_press, basket.pk, total_of(basket), f"client {basket.pk}") for basket in baskets]
    return Counter(
        answer if isinstance(answer, str) else type(answer).__name__ for answer in at_once(presses)
    )


def _press(basket_id: int, total: Any, client: str) -> str:
    try:
        checkout.pay(basket_id=basket_id, shown_total=total, client=client, now=timezone.now())
    except checkout.NotCharged:  # placed, but every seat at Stripe was taken
        return "placed"
    except checkout.BasketChanged:
        return "told"
    return "placed"


@pytest.mark.usefixtures("fake")
def test_a_voucher_for_one_is_used_by_one_and_the_others_are_told_before_paying() -> None:
    voucher = a_voucher("ONCE", an_offer(Benefit.PERCENTAGE, "10"), usage=Voucher.SINGLE_USE)
    assert _press_all_at_once(voucher=voucher) == {"placed": 1, "told": BUYERS - 1}
    voucher.refresh_from_db()
    assert (voucher.num_orders, voucher.applications.count(), Order.objects.count()) == (1, 1, 1)
    assert differences() == []


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("most", [1, 5])
def test_an_offer_for_so_many_is_used_by_so_many(most: int) -> None:
    offer = an_offer(Benefit.FIXED, "5.00", max_global_applications=most)
    assert _press_all_at_once() == {"placed": most, "told": BUYERS - most}
    offer.refresh_from_db()
    assert (offer.num_applications, offer.status) == (most, ConditionalOffer.CONSUMED)
    assert OrderDiscount.objects.filter(offer_id=offer.pk).count() == most
    assert Order.objects.count() == most


def _count_all_at_once(use: uses.Use) -> Counter[str]:
    """Let orders count their use at once, each in a transaction of its own."""
    orders = [Order.objects.create(number=f"R{n}", total_incl_tax=1, total_excl_tax=1) for n in range(BUYERS)]

    def count(order: Order) -> str:
        with transaction.atomic():
            uses.count_uses(order, [use])
        return "counted"

    answers = at_once([partial(count, order) for order in orders])
    return Counter(answer if isinstance(answer, str) else type(answer).__name__ for answer in answers)


def _use_of(offer: ConditionalOffer, voucher: Voucher | None = None) -> uses.Use:
    voucher_id = voucher.pk if voucher else None
    return uses.Use(offer_id=offer.pk, name=offer.name, saved=1, frequency=1, voucher_id=voucher_id)


@pytest.mark.parametrize(("off", "used"), [("", 1), ("voucher", BUYERS)])
def test_only_the_guard_keeps_a_voucher_to_one_use(off: str, used: int, settings: Any) -> None:
    settings.TEST_GUARDS_OFF = frozenset(off.split())
    offer = an_offer(Benefit.PERCENTAGE, "10")
    voucher = a_voucher("ONCE", offer, usage=Voucher.SINGLE_USE)
    answers = _count_all_at_once(_use_of(offer, voucher))
    assert answers == Counter({"counted": used, "UsedUp": BUYERS - used})
    assert VoucherApplication.objects.count() == used


@pytest.mark.parametrize(("off", "used"), [("", 5), ("offer", BUYERS)])
def test_only_the_guard_keeps_an_offer_to_its_uses(off: str, used: int, settings: Any) -> None:
    settings.TEST_GUARDS_OFF = frozenset(off.split())
    offer = an_offer(Benefit.PERCENTAGE, "10", max_global_applications=5)
    assert _count_all_at_once(_use_of(offer)) == Counter({"counted": used, "UsedUp": BUYERS - used})
    offer.refresh_from_db()
    assert offer.num_applications == used


def test_what_was_used_up_and_given_back_may_be_used_once_more(fake: FakeStripe) -> None:
    offer = an_offer(Benefit.FIXED, "5.00", max_global_applications=1)
    assert _press_all_at_once() == {"placed": 1, "told": BUYERS - 1}
    order = Order.objects.get()
    assert order.basket_id is not None
    checkout.change_order(basket_id=order.basket_id, now=timezone.now())
    offer.refresh_from_db()
    assert (offer.num_applications, offer.status) == (0, ConditionalOffer.OPEN)
