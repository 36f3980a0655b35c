"""What staff do with an order: each step once, each refusal without a trace."""

import pytest

from shop.emails.models import Mail
from shop.order import services
from shop.order.models import Order, Parcel
from shop.order.selectors import order_for_link, timeline
from shop.payments import gateway, refunds
from shop.payments.models import Payment, Refund
from shop.stock.models import StockMovement
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, pay_for, press_pay, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=5)


@pytest.fixture
def order(fake, product):
    return pay_for(a_basket_with((product.first, 2), (product.variants["black", "M"], 1)), fake)


def ship(order, **values):
    return services.ship(number=order.number, by="Sam", **{"parcels_before": 0} | values)


def again(order):
    return Order.objects.get(pk=order.pk)


def test_shipping_sells_the_stock_and_queues_one_mail(order, product):
    ship(order, carrier="Royal Mail", tracking="AB123")
    assert again(order).status == "shipped"
    assert stock_of(product.first) == (3, 0)
    assert stock_of(product.variants["black", "M"]) == (4, 0)
    mail = Mail.objects.get(kind="shipped")
    assert mail.to == "robin@example.org"
    assert "AB123" in mail.text


def test_a_second_click_ships_nothing_twice(order, product):
    ship(order)
    with pytest.raises(services.NotPossible):
        ship(order)
    assert Parcel.objects.count() == 1
    assert stock_of(product.first) == (3, 0)
    assert Mail.objects.filter(kind="shipped").count() == 1


def test_part_of_an_order_is_shipped_and_then_the_rest(order, product):
    line = order.lines.first()
    ship(order, quantities={line.pk: 1})
    assert again(order).status == "part_shipped"
    assert stock_of(product.first) == (4, 1)
    ship(order, parcels_before=1)
    assert again(order).status == "shipped"
    assert stock_of(product.first) == (3, 0)
    assert Mail.objects.filter(kind="shipped").count() == 2


@pytest.mark.parametrize("quantity", [3, -1])
def test_more_than_a_line_has_cannot_be_shipped(order, product, quantity):
    with pytest.raises(services.NotPossible):
        ship(order, quantities={order.lines.first().pk: quantity})
    assert stock_of(product.first) == (5, 2)
    assert again(order).status == "paid"


def test_an_order_that_is_not_paid_cannot_be_shipped(fake, product):
    payment = press_pay(a_basket_with((product.first, 1)))
    with pytest.raises(services.NotPossible):
        ship(order_of(payment))
    assert stock_of(product.first) == (5, 1)


def test_cancelling_a_paid_order_refunds_it_in_full_and_releases_its_stock(order, product, fake):
    services.cancel(number=order.number, reason="asked for it", by="Sam")
    assert again(order).status == "cancelled"
    assert stock_of(product.first) == (5, 0)
    refund = Refund.objects.get()
    assert (refund.state, refund.amount_minor) == ("succeeded", Payment.objects.get().amount_minor)
    assert [m.kind for m in Mail.objects.order_by("pk")] == ["confirmation", "cancelled"]


def test_cancelling_twice_refunds_once(order, product):
    services.cancel(number=order.number, reason="", by="Sam")
    services.cancel(number=order.number, reason="", by="Sam")
    assert Refund.objects.count() == 1
    assert StockMovement.objects.filter(kind="released").count() == 2


def test_a_refund_whose_outcome_is_unknown_is_sent_again_with_the_same_key(order, fake):
    fake.fault(method="POST", path="/v1/refunds", cut="after")
    fake.fault(method="POST", path="/v1/refunds", cut="before", count=9)
    services.cancel(number=order.number, reason="", by="Sam")
    assert Refund.objects.get().state == "unknown"
    fake.clear_faults()
    assert refunds.send_unknown() == 1
    assert Refund.objects.get().state == "succeeded"
    assert len(fake.stripe_client().v1.refunds.list().data) == 1


def test_cancelling_an_open_order_ends_its_session_at_stripe(fake, product):
    payment = press_pay(a_basket_with((product.first, 1)))
    services.cancel(number=payment.reference, reason="", by="Sam")
    assert order_of(payment).status == "cancelled"
    assert fake.stripe_client().v1.checkout.sessions.retrieve(payment.session_id).status == "expired"
    assert stock_of(product.first) == (5, 0)


def test_cancelling_an_order_just_paid_says_so_and_changes_nothing(fake, product):
    payment = press_pay(a_basket_with((product.first, 1)))
    fake.pay(payment.session_id, **BUYER)
    with pytest.raises(services.NotPossible):
        services.cancel(number=payment.reference, reason="", by="Sam")
    assert order_of(payment).status == "paid"


def test_cancelling_while_stripe_is_silent_changes_nothing(fake, product):
    payment = press_pay(a_basket_with((product.first, 1)))
    fake.fault(path="/v1/", status=500, stored=False, count=20)
    with pytest.raises(gateway.Unavailable):
        services.cancel(number=payment.reference, reason="", by="Sam")
    assert order_of(payment).status == "pending_payment"
    assert stock_of(product.first) == (5, 1)


def test_a_shipped_order_cannot_be_cancelled(order):
    ship(order)
    with pytest.raises(services.NotPossible):
        services.cancel(number=order.number, reason="", by="Sam")
    assert again(order).status == "shipped"
    assert not Refund.objects.exists()


def test_a_held_order_ships_only_after_it_is_released(order):
    services.hold(number=order.number, reason="address looks odd", by="Sam")
    services.hold(number=order.number, reason="still odd", by="Sam")
    with pytest.raises(services.NotPossible):
        ship(order)
    services.release_hold(number=order.number, by="Sam")
    assert again(order).status == "paid"
    assert again(order).hold_reason == ""
    ship(order)
    assert again(order).status == "shipped"


def test_a_cancelled_order_cannot_be_held(order):
    services.cancel(number=order.number, reason="", by="Sam")
    with pytest.raises(services.NotPossible):
        services.hold(number=order.number, reason="odd", by="Sam")
    assert again(order).status == "cancelled"


def test_more_than_was_captured_is_never_refunded(order):
    payment = Payment.objects.get()

    def ask(amount, step):
        return services.durably(
            lambda: refunds.request(payment=payment, amount_minor=amount, reason="", step=step)
        )

    ask(payment.amount_minor - 10, "one")
    with pytest.raises(refunds.TooMuch):
        ask(11, "two")
    assert ask(10, "three").amount_minor == 10
    assert ask(10, "three") == Refund.objects.get(step="three")
    assert Refund.objects.count() == 2


def test_the_link_in_a_mail_opens_the_order_and_a_wrong_token_does_not(order):
    assert order_for_link(order.number, order.token) == order
    assert order_for_link(order.number, "wrong") is None
    assert order_for_link("NOSUCHNUMB", order.token) is None


def test_the_timeline_tells_everything_that_happened(order):
    ship(order, tracking="AB123")
    assert [happening.text for happening in timeline(again(order))][:2] != []
    texts = " | ".join(happening.text for happening in timeline(again(order)))
    for word in ("waiting for payment", "to pack", "shipped", "AB123", "paid", "Thank you"):
        assert word in texts


def test_an_orders_status_cannot_be_set_past_its_steps(order):
    with pytest.raises(TypeError):
        order.set_status("shipped")
    assert again(order).status == "paid"
