"""Refunds of an order by staff: by line at the line's own pence, and what that does to the stock."""

import pytest

from shop.emails.models import Mail
from shop.order import services
from shop.order.models import Order, RefundedLine
from shop.order.refunding import Asked, left_of_lines, refund, refundable
from shop.order.services import NotPossible
from shop.payments import refunds
from shop.payments.models import Payment, Refund
from shop.payments.selectors import money_state
from shop.stock.models import StockMovement
from shop.stock.selectors import differences
from tests.factories import a_basket_with, a_product
from tests.paying import pay_for, press_pay, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=5, price="9.99")


@pytest.fixture
def order(fake, product):
    return pay_for(a_basket_with((product.first, 3), (product.variants["black", "M"], 1)), fake)


def lines(order):
    return list(order.lines.order_by("pk"))


def by_line(order, number, *, step="token", **values):
    pieces = {lines(order)[0].pk: number}
    return refund(number=order.number, asked=Asked(pieces=pieces), reason="", step=step, by="Sam", **values)


def ship(order, **values):
    services.ship(number=order.number, by="Sam", **{"parcels_before": 0} | values)


def again(order):
    return Order.objects.get(pk=order.pk)


def test_pieces_are_refunded_at_the_lines_pence_and_all_of_them_cost_the_line(order, product):
    line = lines(order)[0]
    type(line).objects.filter(pk=line.pk).update(line_price_incl_tax="20.00")
    amounts = [by_line(order, 1, step=f"token-{n}")[0].amount_minor for n in range(3)]
    assert sum(amounts) == 2000
    assert max(amounts) - min(amounts) <= 1
    with pytest.raises(NotPossible):
        by_line(order, 1, step="token-4")
    assert Refund.objects.count() == 3


def test_pieces_that_had_not_left_become_available_and_are_not_shipped_any_more(order, product):
    by_line(order, 2, restock=True)
    assert stock_of(product.first) == (5, 1)
    assert StockMovement.objects.filter(kind="returned").count() == 0
    ship(order)
    assert again(order).status == "shipped"
    assert stock_of(product.first) == (4, 0)
    assert differences() == []
    assert [row.quantity for row in order.parcels.get().lines.order_by("line")] == [1, 1]


def test_shipped_pieces_go_back_on_the_shelf_only_when_that_is_ticked(order, product):
    ship(order)
    by_line(order, 1)
    assert stock_of(product.first) == (2, 0)
    by_line(order, 1, step="another", restock=True)
    assert stock_of(product.first) == (3, 0)
    movement = StockMovement.objects.get(kind="returned")
    assert movement.reference == f"line:{lines(order)[0].pk}/refund:{Refund.objects.get(step='another').pk}"
    assert again(order).status == "shipped"
    assert differences() == []


def test_a_double_click_restocks_and_refunds_once(order, product):
    ship(order)
    first = by_line(order, 1, restock=True)
    assert by_line(order, 1, restock=True) == first
    assert stock_of(product.first) == (3, 0)
    assert RefundedLine.objects.count() == Refund.objects.count() == 1


def test_refunding_every_piece_before_it_left_cancels_the_order(order, product):
    pieces = {line.pk: line.quantity for line in lines(order)}
    refund(number=order.number, asked=Asked(pieces=pieces), reason="", step="token", by="Sam")
    assert again(order).status == "cancelled"
    assert stock_of(product.first) == (5, 0)
    assert StockMovement.objects.filter(kind="released").count() == 2


def test_what_is_never_delivered_costs_no_delivery(order):
    """Found by the state machine: the order was cancelled, and the price of its delivery kept."""
    delivery = int(order.shipping_incl_tax * 100)
    assert delivery
    first, second = lines(order)
    refund(number=order.number, asked=Asked(pieces={first.pk: 3}), reason="", step="one", by="Sam")
    assert (again(order).status, refundable(order)) == ("paid", 999 + delivery)
    refund(number=order.number, asked=Asked(pieces={second.pk: 1}), reason="", step="two", by="Sam")
    assert (again(order).status, refundable(order)) == ("cancelled", 0)
    assert money_state("order", order.number).name == "refunded"


def test_what_was_refunded_by_amount_is_not_given_back_twice_with_the_last_piece(order):
    refund(number=order.number, asked=Asked(amount_minor=100), reason="", step="one", by="Sam")
    pieces = {line.pk: line.quantity for line in lines(order)}
    refund(number=order.number, asked=Asked(pieces=pieces), reason="", step="two", by="Sam")
    assert (again(order).status, refundable(order)) == ("cancelled", 0)


def test_delivery_of_what_left_in_part_is_kept(order):
    ship(order, quantities={lines(order)[0].pk: 1})
    pieces = {lines(order)[0].pk: 2, lines(order)[1].pk: 1}
    refund(number=order.number, asked=Asked(pieces=pieces), reason="", step="one", by="Sam")
    assert refundable(order) == 999 + int(order.shipping_incl_tax * 100)


def test_the_rest_of_a_part_shipped_order_refunded_makes_it_shipped(order):
    line = lines(order)[0]
    ship(order, quantities={line.pk: 3})
    pieces = {lines(order)[1].pk: 1}
    refund(number=order.number, asked=Asked(pieces=pieces), reason="", step="token", by="Sam")
    assert again(order).status == "shipped"


@pytest.mark.parametrize("number", [0, 4, -1])
def test_an_odd_number_of_pieces_is_refused_and_nothing_changes(order, product, number):
    with pytest.raises(NotPossible):
        by_line(order, number)
    assert not Refund.objects.exists()
    assert stock_of(product.first) == (5, 3)


def test_a_line_of_another_order_is_refused(order):
    with pytest.raises(NotPossible):
        refund(number=order.number, asked=Asked(pieces={0: 1}), reason="", step="token", by="Sam")
    assert not Refund.objects.exists()


def test_a_refund_by_line_that_fails_can_be_made_again_without_moving_stock_twice(order, product, fake):
    fake.control("POST", f"payments/{Payment.objects.get().session_id}/dispute")
    (failed,) = by_line(order, 2)
    assert failed.state == "failed"
    assert stock_of(product.first) == (5, 1)
    assert left_of_lines(order)[0].pieces == 3
    by_line(order, 2, step="token-2")
    assert stock_of(product.first) == (5, 1)
    assert lines(order)[0].cancelled == 2


def test_by_line_never_gives_back_more_than_was_captured(order, product):
    refund(
        number=order.number,
        asked=Asked(amount_minor=Payment.objects.get().amount_minor - 100),
        reason="",
        step="one",
        by="Sam",
    )
    with pytest.raises(refunds.TooMuch):
        by_line(order, 1)
    assert stock_of(product.first) == (5, 3)
    assert refundable(order) == 100


def test_nothing_paid_is_nothing_to_refund(fake, product):
    payment = press_pay(a_basket_with((product.first, 1)))
    for asked in (Asked(), Asked(amount_minor=1)):
        with pytest.raises(NotPossible):
            refund(number=payment.reference, asked=asked, reason="", step="token", by="Sam")
    assert not Refund.objects.exists()


def test_an_order_fully_refunded_twice_says_that_nothing_is_left(order):
    refund(number=order.number, asked=Asked(), reason="", step="one", by="Sam")
    with pytest.raises(NotPossible):
        refund(number=order.number, asked=Asked(), reason="", step="two", by="Sam")
    assert money_state("order", order.number).name == "refunded"
    assert again(order).status == "paid"


def test_the_mail_says_what_the_money_is_for(order):
    by_line(order, 2)
    mail = Mail.objects.get(kind="refunded")
    assert mail.to == "robin@example.org"
    assert "£19.98" in mail.text
    assert "2 x " in mail.text


def test_a_held_order_of_which_everything_is_refunded_is_cancelled(order, product):
    services.hold(number=order.number, reason="odd", by="Sam")
    pieces = {line.pk: line.quantity for line in lines(order)}
    refund(number=order.number, asked=Asked(pieces=pieces), reason="", step="token", by="Sam")
    assert again(order).status == "cancelled"
    assert stock_of(product.first) == (5, 0)
