"""Payments, refunds, events and mails: to read, never to type over."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.emails.models import Mail
from shop.payments.models import Payment, Refund, WebhookEvent
from tests.integration.backoffice.conftest import Placed


@pytest.fixture
def rows(paid: Placed) -> dict[str, object]:
    refund = Refund.objects.create(payment=paid.payment, amount_minor=500, step="x", reason="torn")
    event = WebhookEvent.objects.create(
        id="evt_1", type="checkout.session.completed", object_id="cs_1", livemode=False, payload={"a": 1}
    )
    return {"payment": Payment.objects.get(), "refund": refund, "webhookevent": event}


@pytest.mark.parametrize("name", ["payment", "refund", "webhookevent"])
def test_money_rows_are_shown_and_cannot_be_changed(
    staff: Client, rows: dict[str, object], name: str
) -> None:
    row = rows[name]
    url = f"/admin/payments/{name}/"
    assert staff.get(url).status_code == 200
    assert staff.get(f"{url}{row.pk}/change/").status_code == 200
    before = type(row).objects.filter(pk=row.pk).values().get()
    typed = {"state": "paid", "amount_minor": 1, "payload": "{}", "reason": "mine"}
    assert staff.post(f"{url}{row.pk}/change/", typed).status_code in (403, 405)
    assert staff.post(f"{url}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{url}add/", typed).status_code == 403
    staff.post(url, {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert type(row).objects.filter(pk=row.pk).values().get() == before


@pytest.fixture
def failed(db: None) -> Mail:
    return Mail.objects.create(
        kind="confirmation",
        subject="order:X",
        headline="Your order",
        text="Thank you <b>",
        message_id="<1@x>",
        state="failed",
        error="no usable address",
        tries=6,
        next_try_at=timezone.now() + timedelta(days=1),
    )


def test_a_failed_mail_is_sent_again_to_an_address_that_works(staff: Client, failed: Mail) -> None:
    url = f"/admin/emails/mail/{failed.pk}/"
    page = staff.get(f"{url}change/").content.decode()
    assert "Thank you &lt;b&gt;" in page
    assert staff.post(f"{url}again/", {"to": "nonsense"}).status_code == 200
    failed.refresh_from_db()
    assert failed.state == "failed"
    staff.post(f"{url}again/", {"to": "reader@example.org"})
    failed.refresh_from_db()
    assert (failed.state, failed.to, failed.tries, failed.error) == ("queued", "reader@example.org", 0, "")
    assert failed.next_try_at <= timezone.now()


def test_a_sent_mail_cannot_be_sent_again_or_changed(
    staff: Client, failed: Mail, helper: Callable[..., Client]
) -> None:
    Mail.objects.update(state="sent", to="a@example.org")
    url = f"/admin/emails/mail/{failed.pk}/"
    staff.post(f"{url}again/", {"to": "b@example.org"})
    assert staff.post(f"{url}change/", {"state": "queued"}).status_code == 405
    assert staff.post(f"{url}delete/", {"post": "yes"}).status_code == 403
    assert helper("emails.view_mail").post(f"{url}again/", {"to": "b@example.org"}).status_code == 403
    failed.refresh_from_db()
    assert (failed.state, failed.to) == ("sent", "a@example.org")
