"""Money back. Two clicks at the same moment are in `test_at_once`."""

import pytest

from shop.emails.models import Mail, StaffAlert
from shop.order.models import Order
from shop.order.refunding import Asked, refund
from shop.payments import refunds
from shop.payments.models import Payment, Refund
from shop.payments.selectors import money_state
from tests.paying import pay_for
from tests.till import ring_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def order(fake, basket) -> Order:
    return pay_for(basket, fake)


@pytest.fixture
def payment(order) -> Payment:
    return Payment.objects.get()


def give_back(order: Order, amount: int | None = None, *, step: str = "form-1") -> list[Refund]:
    """Refund as the order's page does; `step` is the form's own token."""
    return refund(
        number=order.number, asked=Asked(amount_minor=amount), reason="too small", step=step, by="Sam"
    )


def refunds_at(fake) -> list[int]:
    return [made.amount for made in fake.stripe_client().v1.refunds.list().data]


def rows() -> list[tuple[str, int, str]]:
    return list(Refund.objects.order_by("created_at").values_list("state", "amount_minor", "origin"))


def test_F01_a_double_click_on_a_full_refund(fake, order, payment):
    first, second = give_back(order), give_back(order)
    assert first == second
    assert refunds_at(fake) == [payment.amount_minor]
    assert rows() == [("succeeded", payment.amount_minor, "store")]
    ring_all(fake)
    assert Mail.objects.filter(kind="refunded").count() == 1
    assert money_state("order", order.number).name == "refunded"


def test_F02_two_equal_refunds_on_purpose(fake, order):
    give_back(order, 500, step="form-1")
    give_back(order, 500, step="form-2")
    assert refunds_at(fake) == [500, 500]
    assert rows() == [("succeeded", 500, "store")] * 2
    assert Mail.objects.filter(kind="refunded").count() == 2


def test_F03_parts_that_are_more_than_the_whole(fake, order, payment):
    give_back(order, payment.amount_minor - 100, step="form-1")
    with pytest.raises(refunds.TooMuch):
        give_back(order, 101, step="form-2")
    assert refunds_at(fake) == [payment.amount_minor - 100]
    assert Refund.objects.count() == 1
    assert refunds.refundable_minor(payment) == 100


def test_F06_refunds_made_in_the_dashboard(fake, order, payment):
    fake.refund(payment.session_id, 300)
    fake.refund(payment.session_id, 400)
    for _time in range(2):
        assert set(ring_all(fake)) == {200}
    assert sorted(rows()) == [("succeeded", 300, "dashboard"), ("succeeded", 400, "dashboard")]
    state = money_state("order", order.number)
    assert (state.name, state.refunded) == ("part_refunded", 700)
    fake.refund(payment.session_id)
    ring_all(fake)
    assert money_state("order", order.number).name == "refunded"
    assert sum(Refund.objects.values_list("amount_minor", flat=True)) == payment.amount_minor
    assert refunds.refundable_minor(payment) == 0


def test_F08_a_slow_refund_is_pending_and_then_done(fake, basket):
    order = pay_for(basket, fake, card="4000000000007726")
    (row,) = give_back(order)
    assert row.state == "pending"
    assert money_state("order", order.number).on_its_way_back == row.amount_minor
    assert not Mail.objects.filter(kind="refunded").exists()
    fake.move_refund(row.stripe_id, "succeeded")
    ring_all(fake, "refund")
    row.refresh_from_db()
    assert (row.state, row.error) == ("succeeded", "")
    assert Mail.objects.filter(kind="refunded").count() == 1
    assert not StaffAlert.objects.exists()


def test_F08_a_refund_that_fails_afterwards_is_open_again_and_told_to_staff(fake, basket):
    order = pay_for(basket, fake, card="4000000000005126")
    (row,) = give_back(order)
    fake.advance(3600)
    fake.reset_clock()
    ring_all(fake, "refund")
    row.refresh_from_db()
    assert row.state == "failed"
    assert refunds.refundable_minor(row.payment) == row.amount_minor
    assert StaffAlert.objects.get().subject == f"refund:{row.pk}"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda fake, payment: fake.dispute(payment.session_id), "disputed"),
        (lambda fake, payment: fake.refund(payment.session_id), "refunded already"),
        (
            lambda fake, payment: fake.refund(payment.session_id, payment.amount_minor - 100),
            "more than is left",
        ),
    ],
    ids=["disputed", "refunded", "too much"],
)
def test_F10_what_stripe_refuses_is_a_failed_row_with_words_for_staff(fake, order, payment, spoil, words):
    spoil(fake, payment)
    before = refunds_at(fake)
    (row,) = give_back(order, 500)
    assert row.state == "failed"
    assert words in row.error
    assert refunds_at(fake) == before
    assert StaffAlert.objects.filter(subject=f"refund:{row.pk}").count() == 1
