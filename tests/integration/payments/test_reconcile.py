"""reconcile_payments: each difference between Stripe's books and ours is named once, and nothing else is."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shop.donations.models import Donation
from shop.order.refunding import Asked, refund
from shop.payments import reconcile
from shop.payments.models import Dispute, Payment, Refund, Subscription
from tests.factories import a_basket_with, a_product
from tests.giving import begin, hear, monthly, next_month, pay
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


# --- Warnings, reviews, subscriptions, invoices -----------------------------------------------------


def heard(fake, kind):
    assert set(ring_all(fake, kind)) == {200}


def test_warnings_and_reviews_are_compared(fake, product):
    warned, reviewed, ended = (a_paid(fake, product) for _ in range(3))
    fake.warn_of_fraud(warned.session_id)
    fake.review(reviewed.session_id)
    assert found() == ["review missing here", "warning missing here"]
    run("--fix")
    assert set(Dispute.objects.values_list("kind", "is_open")) == {("warning", True), ("review", True)}
    review = fake.review(ended.session_id)
    heard(fake, "review.opened")
    fake.close_review(review["id"])
    assert found() == ["review status differs"]
    run("--fix")
    assert not Dispute.objects.get(stripe_id=review["id"]).is_open
    Dispute.objects.filter(kind="warning").update(stripe_id="issfr_nobody", status="actionable")
    assert found() == ["warning missing at Stripe", "warning missing here"]


def test_a_monthly_donation_that_is_as_it_should_be_is_not_named(fake, client):
    monthly(fake, client)
    assert found() == []
    next_month(fake)
    hear(fake, "invoice.paid", "customer.subscription.updated")
    assert found() == []
    assert Payment.objects.count() == 2


def test_a_first_month_nobody_heard_of_is_named_once(fake, client):
    pay(fake, begin(client, frequency="monthly"))
    assert found() == ["paid at Stripe, not here"]
    run("--fix")
    assert Donation.objects.get().state == "received"


def test_months_subscriptions_and_their_states_are_compared_and_settled(fake, client):
    monthly(fake, client)
    subscription = Subscription.objects.get()
    next_month(fake)
    assert found() == ["invoice missing here"]
    run("--fix")
    assert Donation.objects.filter(state="received").count() == 2
    fake.stripe_client().v1.subscriptions.cancel(subscription.stripe_id)
    assert found() == ["subscription status differs"]
    run("--fix")
    assert not Subscription.objects.get().is_running
    Subscription.objects.all().delete()
    assert found() == ["subscription missing here"]
    run("--fix")
    assert Subscription.objects.get().status == "canceled"


def test_an_invoice_of_another_amount_or_that_is_not_there_is_named(fake, client):
    monthly(fake, client)
    next_month(fake)
    hear(fake, "invoice.paid")
    later = Payment.objects.get(session_id=None)
    Payment.objects.filter(pk=later.pk).update(captured_minor=999)
    assert found() == ["captured amount differs", "invoice amount differs"]
    Payment.objects.filter(pk=later.pk).update(captured_minor=1000, invoice_id="in_nobody", intent_id="")
    assert found() == ["invoice missing here", "paid here, not at Stripe"]
