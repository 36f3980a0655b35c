"""reconcile_payments: each difference between Stripe's books and ours is named once, and nothing else is."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shop.order.refunding import Asked, refund
from shop.payments import reconcile
from shop.payments.models import Dispute, Payment, Refund
from tests.factories import a_basket_with, a_product
from tests.paying import BUYER, order_of, pay_for, press_pay
from tests.till import ring_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product(stock=200)


def a_paid(fake, product):
    return Payment.objects.get(reference=pay_for(a_basket_with((product.first, 1)), fake).number)


def an_open(product):
    return press_pay(a_basket_with((product.first, 1)), client=f"client-{Payment.objects.count()}")


def refunded(payment, amount=500):
    asked = Asked(amount_minor=amount)
    return refund(number=payment.reference, asked=asked, reason="", step=f"s{amount}", by="Sam")[0]


def found():
    return [d.kind for d in reconcile.differences(timezone.now() - timedelta(hours=48))]


def run(*options):
    out = StringIO()
    call_command("reconcile_payments", *options, stdout=out)
    return out.getvalue()


def everything_right(fake, product):
    """One of each that is as it should be: open, expired, paid, refunded, refused, disputed, of another shop."""
    an_open(product)
    fake.expire(an_open(product).session_id)

    good = a_paid(fake, product)
    refunded(good, 500)
    fake.control("POST", f"payments/{good.session_id}/refund", amount=100)
    disputed = a_paid(fake, product)
    fake.control("POST", f"payments/{disputed.session_id}/dispute")
    fake.control("POST", f"payments/{disputed.session_id}/warning")
    assert refunded(disputed).state == "failed"
    for kind in ("checkout", "refund", "charge.dispute", "radar"):
        assert set(ring_all(fake, kind)) == {200}
    client = fake.stripe_client()
    client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "success_url": "https://other.example/",
            "metadata": {"site": "other.example"},
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {"currency": "gbp", "unit_amount": 900, "product_data": {"name": "Tea"}},
                }
            ],
        }
    )


def test_when_all_is_right_nothing_is_named(fake, product):
    everything_right(fake, product)
    assert found() == []
    assert "agree" in run()


def test_ten_planted_differences_are_ten_and_no_false_one(fake, product):
    everything_right(fake, product)
    plant_ten(fake, product)
    assert sorted(found()) == sorted(PLANTED)


PLANTED = [
    "amount differs",
    "dispute missing here",
    "dispute status differs",
    "expired at Stripe, open here",
    "paid at Stripe, not here",
    "paid here, not at Stripe",
    "refund amount differs",
    "refund missing here",
    "refund status differs",
    "session without payment",
]


def plant_ten(fake, product):
    fake.pay(an_open(product).session_id, **BUYER)
    fake.expire(an_open(product).session_id)
    Payment.objects.filter(pk=an_open(product).pk).update(state="paid", paid_at=timezone.now())
    amiss = a_paid(fake, product)
    Payment.objects.filter(pk=amiss.pk).update(amount_minor=amiss.amount_minor + 1)
    lost = an_open(product)
    Payment.objects.filter(pk=lost.pk).delete()
    refund_row = refunded(a_paid(fake, product), 501)
    Refund.objects.filter(pk=refund_row.pk).update(amount_minor=502)
    fake.move_refund(refunded(a_paid(fake, product), 503).stripe_id, "failed")
    fake.control("POST", f"payments/{a_paid(fake, product).session_id}/refund", amount=504)
    fake.control("POST", f"payments/{a_paid(fake, product).session_id}/dispute")
    opened = fake.control("POST", f"payments/{a_paid(fake, product).session_id}/dispute")
    event = [e for e in fake.events("charge.dispute.created") if e["data"]["object"]["id"] == opened["id"]]
    from tests.till import ring

    assert ring(event[0]).status_code == 200
    fake.control("POST", f"disputes/{opened['id']}", status="won")


def test_fixing_settles_what_is_safe_and_leaves_the_rest_named(fake, product):
    plant_ten(fake, product)
    with pytest.raises(CommandError) as error:
        run("--fix")
    assert found() == sorted(["amount differs", "paid here, not at Stripe"])
    assert str(error.value) == "2 difference(s) in the last 48 hours."
    assert sorted(found()) == ["amount differs", "paid here, not at Stripe"]
    assert set(Refund.objects.values_list("amount_minor", "state")) == {
        (501, "succeeded"),
        (503, "failed"),
        (504, "succeeded"),
    }
    assert sorted(Dispute.objects.values_list("status", flat=True)) == ["needs_response", "won"]


def test_without_fix_nothing_changes(fake, product):
    payment = an_open(product)
    fake.pay(payment.session_id, **BUYER)
    with pytest.raises(CommandError):
        run()
    assert order_of(payment).status == "pending_payment"
    with pytest.raises(CommandError):
        run("--hours", "1")
    assert run("--fix").endswith("agree about the last 48 hours.\n")
    assert order_of(payment).status == "paid"


def test_a_payment_and_a_refund_that_stripe_lost_are_named(fake, product):
    refunded(a_paid(fake, product))
    fake.reset()
    assert found() == ["paid here, not at Stripe", "refund missing at Stripe"]


def test_what_it_cannot_do_it_says(fake, settings):
    fake.fault(path="/v1/", status=500, count=20)
    with pytest.raises(CommandError, match="does not answer"):
        run()
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(CommandError, match="STRIPE_SECRET_KEY"):
        run()
    with pytest.raises(CommandError, match="--hours"):
        run("--hours", "0")
