"""Donations in the back office: read, refunded, looked up; nothing can be typed over."""

import re
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from shop.donations import services
from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.payments.models import Payment, Refund, Subscription
from tests.giving import begin, given, hear, monthly, pay
from tests.integration.backoffice.conftest import helper, staff  # noqa: F401  (fixtures)
from tests.paying import BUYER

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def page_of(donation):
    return f"/admin/donations/donation/{donation.pk}/change/"


def step(donation, name):
    return f"/admin/donations/donation/{donation.pk}/{name}/"


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def refund_form(staff, donation):  # noqa: F811
    html = staff.get(step(donation, "refund")).content.decode()
    token = re.search(r'value="([0-9a-f-]{36})"', html)
    return {"token": token[1], "reason": "by mistake", "amount": ""}


def test_the_list_and_the_pages_show_what_was_given(fake, staff):  # noqa: F811
    donation = monthly(fake, Client(), message="Keep going")
    html = staff.get("/admin/donations/donation/").content.decode()
    for words in (donation.number, "£10.00", "monthly", "received", "Robin Reader", "robin@example.org"):
        assert words in html
    html = staff.get(page_of(donation)).content.decode()
    for words in ("Keep going", donation.payment.invoice_id, Subscription.objects.get().stripe_id, "active"):
        assert words in html
    for name, row in (("subscription", Subscription.objects.get()), ("payment", donation.payment)):
        assert staff.get(f"/admin/payments/{name}/").status_code == 200
        assert staff.get(f"/admin/payments/{name}/{row.pk}/change/").status_code == 200


def test_nothing_can_be_typed_over(fake, staff):  # noqa: F811
    donation = given(fake, Client())
    before = Donation.objects.values().get()
    for path in (page_of(donation), f"/admin/donations/donation/{donation.pk}/delete/"):
        assert staff.post(path, {"amount": "1", "state": "refunded", "post": "yes"}).status_code in (403, 405)
    assert staff.post("/admin/donations/donation/add/", {}).status_code == 403
    assert Donation.objects.values().get() == before


def test_a_part_and_then_the_rest_is_refunded_and_a_double_click_does_it_once(fake, staff):  # noqa: F811
    donation = given(fake, Client())
    form = refund_form(staff, donation) | {"amount": "2.50"}
    assert "£2.50 is refunded." in said(staff.post(step(donation, "refund"), form))
    staff.post(step(donation, "refund"), form)
    donation.refresh_from_db()
    assert (donation.state, donation.given_back, donation.kept) == (
        "received",
        Decimal("2.50"),
        Decimal("7.50"),
    )
    assert "part given back" in staff.get("/admin/donations/donation/").content.decode()
    assert "£7.50 is refunded." in said(staff.post(step(donation, "refund"), refund_form(staff, donation)))
    donation.refresh_from_db()
    assert (donation.state, donation.given_back) == ("refunded", Decimal("10.00"))
    assert sorted(Refund.objects.values_list("amount_minor", flat=True)) == [250, 750]
    assert Mail.objects.filter(kind="donation_refunded").count() == 2
    assert "is not possible any more" in said(staff.post(step(donation, "refund"), form))


@pytest.mark.parametrize("amount", ["0", "-1", "1.234", "NaN", "10.01", "x"])
def test_an_amount_that_makes_no_sense_refunds_nothing(fake, staff, amount):  # noqa: F811
    donation = given(fake, Client())
    form = refund_form(staff, donation) | {"amount": amount}
    answer = staff.post(step(donation, "refund"), form)
    assert answer.status_code == 200 or "can still be refunded" in said(answer)
    assert not Refund.objects.exists()


def test_a_refund_that_fails_after_all_is_money_kept(fake, staff):  # noqa: F811
    donation = begin(Client())
    pay(fake, donation, card="4000000000005126")
    hear(fake, "checkout.session.completed")
    staff.post(step(donation, "refund"), refund_form(staff, donation))
    donation.refresh_from_db()
    assert donation.state == "refunded"
    fake.move_refund(Refund.objects.get().stripe_id, "failed")
    hear(fake, "refund.failed")
    donation.refresh_from_db()
    assert (donation.state, donation.given_back) == ("received", Decimal(0))


def test_a_dispute_that_is_lost_is_money_gone(fake):
    donation = given(fake, Client())
    opened = fake.dispute(donation.payment.session_id)
    fake.move_dispute(opened["id"], "lost")
    hear(fake, "charge.dispute.created", "charge.dispute.closed")
    donation.refresh_from_db()
    assert (donation.state, donation.kept) == ("refunded", Decimal(0))


def test_what_nobody_told_us_is_looked_up_by_a_button(fake, staff):  # noqa: F811
    donation = begin(Client())
    pay(fake, donation)
    assert "received" in said(staff.post(step(donation, "recheck")))
    assert Donation.objects.get().state == "received"


def test_a_payment_that_differs_is_accepted_by_a_button(fake, staff):  # noqa: F811
    donation = begin(Client())
    pay(fake, donation)
    Payment.objects.update(amount_minor=999)
    hear(fake, "checkout.session.completed")
    assert "accepted" in said(staff.post(step(donation, "accept")))
    assert Donation.objects.get().state == "received"


def in_review(fake, **fields) -> Donation:
    """A donation of £10 of which Stripe tells something else."""
    donation = begin(Client())
    pay(fake, donation)
    fake.fault(method="GET", path="/v1/checkout/sessions/", answer=fields, count=9)
    hear(fake, "checkout.session.completed")
    fake.clear_faults()
    donation.refresh_from_db()
    assert donation.state == "review"
    return donation


def test_accepting_counts_what_stripe_took_and_not_what_was_wished(fake, staff):  # noqa: F811
    donation = begin(Client())
    pay(fake, donation)
    Donation.objects.update(amount=Decimal("12.00"))
    Payment.objects.update(amount_minor=1200)
    hear(fake, "checkout.session.completed")
    assert "£10.00 that Stripe took" in staff.get(step(donation, "accept")).content.decode()
    staff.post(step(donation, "accept"))
    donation.refresh_from_db()
    assert (donation.state, donation.amount, donation.kept) == (
        "received",
        Decimal("10.00"),
        Decimal("10.00"),
    )
    assert "£10.00" in Mail.objects.get(kind="donation").text


def test_what_was_given_back_before_it_is_accepted_is_not_kept(fake, staff):  # noqa: F811
    donation = in_review(fake, amount_total=999)
    staff.post(step(donation, "refund"), refund_form(staff, donation) | {"amount": "4.00"})
    donation.refresh_from_db()
    assert (donation.state, donation.given_back, donation.received_at) == ("review", Decimal("4.00"), None)
    staff.post(step(donation, "accept"))
    donation.refresh_from_db()
    assert (donation.state, donation.amount, donation.kept) == ("received", Decimal("10.00"), Decimal("6.00"))


def test_a_donation_refunded_in_review_needs_no_look_any_more_unless_the_refund_fails(fake, staff):  # noqa: F811
    donation = in_review(fake, amount_total=999)
    staff.post(step(donation, "refund"), refund_form(staff, donation))
    donation.refresh_from_db()
    assert (donation.state, donation.amount, donation.kept) == ("refunded", Decimal("10.00"), Decimal(0))
    assert step(donation, "accept") not in staff.get(page_of(donation)).content.decode()
    fake.move_refund(Refund.objects.get().stripe_id, "failed")
    hear(fake, "refund.failed")
    donation.refresh_from_db()
    assert (donation.state, donation.given_back, donation.received_at) == ("review", Decimal(0), None)


def test_money_in_another_currency_is_counted_and_given_back_in_it(fake, staff):  # noqa: F811
    donation = in_review(fake, currency="eur")
    assert Payment.objects.get().taken_currency == "EUR"
    assert "€10.00 can still be refunded" in staff.get(step(donation, "refund")).content.decode()
    staff.post(step(donation, "accept"))
    donation.refresh_from_db()
    assert (donation.state, donation.amount, donation.currency) == ("received", Decimal("10.00"), "EUR")


def test_a_donation_for_which_nothing_was_taken_cannot_be_accepted_and_is_put_aside(fake, staff):  # noqa: F811
    donation = begin(Client())
    fake.fault(method="GET", path="/v1/checkout/sessions/", status=404, count=9)
    fake.pay(donation.payment.session_id, **BUYER)
    hear(fake, "checkout.session.completed")
    fake.clear_faults()
    with pytest.raises(services.NothingToAccept):
        services.accept(donation_id=donation.pk, now=timezone.now())
    donation.refresh_from_db()
    assert donation.state == "review"
    assert step(donation, "accept") not in staff.get(page_of(donation)).content.decode()
    assert "put aside" in said(staff.post(step(donation, "dismiss")))
    donation.refresh_from_db()
    assert (donation.state, donation.received_at) == ("not_given", None)
    assert not Mail.objects.filter(kind="donation").exists()
    staff.post(step(donation, "recheck"))
    donation.refresh_from_db()
    assert (donation.state, donation.amount) == ("received", Decimal("10.00"))


def test_only_who_may_refund_has_the_button(fake, staff, helper):  # noqa: F811
    donation = given(fake, Client())
    form = refund_form(staff, donation)
    browser = helper("donations.change_donation")
    assert step(donation, "refund") not in browser.get(page_of(donation)).content.decode()
    assert browser.post(step(donation, "refund"), form).status_code == 403
    assert helper("order.view_order").get(page_of(donation)).status_code == 403
    assert not Refund.objects.exists()
