"""Back-in-stock requests: one of an address and a variant, confirmed once an address, told once, stopped at once."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from catalogue.models import Product
from shop.customer import alerts
from shop.customer.models import ProductAlert
from shop.emails.models import Mail
from shop.emails.services import queue, send_due
from shop.limits.services import Limit
from shop.stock import services as ledger
from shop.worker import housekeeping
from tests.factories import MadeProduct, a_product, a_user, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]

ADA = "ada@example.org"


@pytest.fixture
def made() -> MadeProduct:
    return a_product(stock=0)


def ask(variant: Product, email: str = ADA, client: str = "somebody") -> None:
    alerts.ask(variant=variant, email=email, client=client)


def asked_and_confirmed(variant: Product, email: str = ADA) -> ProductAlert:
    ask(variant, email)
    alerts.greet_new()
    request = ProductAlert.objects.get(product=variant, email=email)
    assert alerts.confirm(request.key)
    request.refresh_from_db()
    return request


def receive(variant: Product, pieces: int = 3) -> None:
    with transaction.atomic():
        ledger.receive(stockrecord_id=record_of(variant).pk, quantity=pieces, reference=f"box:{variant.pk}")


def statuses() -> list[str]:
    return list(ProductAlert.objects.order_by("pk").values_list("status", flat=True))


def mails(kind: str) -> list[Mail]:
    return list(Mail.objects.filter(kind=kind).order_by("pk"))


def test_a_new_address_is_asked_by_mail_before_anything_else(made):
    ask(made.variants["white", "M"])
    assert statuses() == ["Unconfirmed"]
    assert mails("stock_question") == []
    assert alerts.greet_new() == 1
    (mail,) = mails("stock_question")
    assert mail.to == ADA
    assert f"- {made.parent.title}, White, M" in mail.text
    key = ProductAlert.objects.get().key
    assert len(key) == 40
    assert f"/alerts/confirm/{key}/" in mail.text
    assert f"/alerts/stop/{key}/" in mail.html


def test_asking_again_is_one_request_whatever_the_capitals(made):
    shirt = made.first
    ask(shirt)
    ask(shirt, "ADA@Example.org")
    assert list(ProductAlert.objects.values_list("product", "email")) == [(shirt.pk, ADA)]


def test_several_sizes_are_asked_in_one_mail_and_confirmed_by_one_press(made):
    sizes = [made.variants["white", size] for size in ("S", "M")]
    for variant in sizes:
        ask(variant)
    alerts.greet_new()
    (mail,) = mails("stock_question")
    assert mail.text.count("- ") == 2
    assert alerts.confirm(key_in(mail))
    assert statuses() == ["Active", "Active"]


def key_in(mail: Mail) -> str:
    found = re.search(r"/alerts/confirm/(\w+)/", mail.text)
    assert found is not None
    return found[1]


def test_a_known_address_is_not_asked_again(made):
    asked_and_confirmed(made.variants["white", "S"])
    ask(made.variants["white", "M"])
    alerts.greet_new()
    assert statuses() == ["Active", "Active"]
    assert len(mails("stock_question")) == 1


def test_a_member_has_confirmed_their_own_address_and_nobody_elses(made):
    ada = a_user("Ada@example.org")
    alerts.ask(variant=made.variants["white", "S"], email=ADA, client="x", member=ada)
    alerts.ask(variant=made.variants["white", "S"], email="bob@example.org", client="x", member=ada)
    alerts.greet_new()
    assert list(ProductAlert.objects.order_by("pk").values_list("email", "status", "user")) == [
        (ADA, "Active", ada.pk),
        ("bob@example.org", "Unconfirmed", None),
    ]
    assert [mail.to for mail in mails("stock_question")] == ["bob@example.org"]


def test_a_request_made_before_logging_in_is_confirmed_when_the_member_asks_again(made):
    ada = a_user(ADA)
    ask(made.first)
    alerts.greet_new()
    assert statuses() == ["Unconfirmed"]
    alerts.ask(variant=made.first, email=ADA, client="x", member=ada)
    alerts.greet_new()
    assert statuses() == ["Active"]


def test_asking_writes_the_same_whatever_is_known(made, django_assert_num_queries):
    asked_and_confirmed(made.variants["white", "S"])
    ask(made.variants["black", "S"], "known@example.org", "first")
    with django_assert_num_queries(9):
        ask(made.variants["white", "S"], ADA, "first")
    with django_assert_num_queries(9):
        ask(made.variants["white", "M"], ADA, "first")
    with django_assert_num_queries(9):
        ask(made.variants["black", "M"], "known@example.org", "first")


def test_somebody_who_lost_the_mail_gets_another_but_not_at_once_and_not_for_ever(made):
    shirt = made.first
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(shirt)
        alerts.greet_new()
        ask(shirt)
        alerts.greet_new()
        assert len(mails("stock_question")) == 1
        for _ in range(4):
            clock.shift(timedelta(minutes=11))
            ask(shirt)
            alerts.greet_new()
        assert len(mails("stock_question")) == alerts.QUESTIONS_A_DAY
        clock.shift(timedelta(days=1))
        ask(shirt)
        alerts.greet_new()
        assert len(mails("stock_question")) == alerts.QUESTIONS_A_DAY + 1


def test_there_is_no_waiting_for_what_is_here_or_not_sold(made):
    with pytest.raises(alerts.NotWaiting):
        ask(a_product(stock=1).first)
    Product.objects.filter(pk=made.parent.pk).update(is_public=False)
    with pytest.raises(alerts.NotWaiting):
        ask(Product.objects.get(pk=made.first.pk))
    assert statuses() == []


def test_too_many_from_one_place_are_refused_and_write_nothing(made, monkeypatch):
    monkeypatch.setattr(alerts, "PER_CLIENT", Limit("stock-request", 2, timedelta(hours=1)))
    variants = list(made.variants.values())
    ask(variants[0], "one@example.org")
    ask(variants[0], "two@example.org")
    with pytest.raises(alerts.TooManyRequests):
        ask(variants[0], "three@example.org")
    assert ProductAlert.objects.count() == 2


def test_too_many_for_one_address_are_refused_from_wherever_they_come(made, monkeypatch):
    monkeypatch.setattr(alerts, "PER_ADDRESS", Limit("stock-request-for", 1, timedelta(days=1)))
    ask(made.first, client="here")
    with pytest.raises(alerts.TooManyRequests):
        ask(made.variants["black", "L"], client="there")
    assert ProductAlert.objects.count() == 1


def test_when_stock_comes_the_mail_is_queued_and_the_request_closed(made):
    shirt = made.variants["white", "M"]
    request = asked_and_confirmed(shirt)
    assert alerts.tell_waiting() == 0
    receive(shirt)
    assert alerts.tell_waiting() == 1
    (mail,) = mails("back_in_stock")
    assert (mail.to, mail.subject) == (ADA, f"request:{request.pk}")
    assert mail.headline == f"Back in stock: {made.parent.title}, White, M"
    assert (
        f"/catalogue/{made.parent.slug}_{made.parent.pk}/?variant={record_of(shirt).partner_sku}" in mail.text
    )
    assert statuses() == ["Closed"]
    assert alerts.tell_waiting() == 0
    assert len(mails("back_in_stock")) == 1


def test_pieces_that_come_back_in_any_way_count(made):
    shirt = made.first
    record = record_of(shirt)
    with transaction.atomic():
        ledger.receive(stockrecord_id=record.pk, quantity=1, reference="box:1")
        ledger.allocate(steps=[ledger.Step(record.pk, 1, "line:1/payment:1")])
    asked_and_confirmed(shirt)
    assert alerts.tell_waiting() == 0
    with transaction.atomic():
        ledger.release(steps=[ledger.Step(record.pk, 1, "line:1/cancel:1")])
    assert alerts.tell_waiting() == 1


def test_those_who_asked_first_are_told_first(made):
    shirt = made.first
    for name in ("zoe", "ada", "mia"):
        asked_and_confirmed(shirt, f"{name}@example.org")
    receive(shirt)
    assert alerts.tell_waiting() == 3
    assert [mail.to for mail in mails("back_in_stock")] == [
        "zoe@example.org",
        "ada@example.org",
        "mia@example.org",
    ]


@pytest.mark.parametrize("hidden", ["variant", "product", "design"])
def test_nobody_is_told_of_what_is_hidden(made, hidden):
    shirt = made.first
    asked_and_confirmed(shirt)
    receive(shirt)
    row = {"variant": shirt, "product": made.parent, "design": made.parent.design}[hidden]
    type(row).objects.filter(pk=row.pk).update(is_public=False)
    assert alerts.tell_waiting() == 0
    type(row).objects.filter(pk=row.pk).update(is_public=True)
    assert alerts.tell_waiting() == 1


def test_nobody_is_told_who_has_not_confirmed(made):
    ask(made.first)
    alerts.greet_new()
    receive(made.first)
    assert alerts.tell_waiting() == 0
    assert statuses() == ["Unconfirmed"]


def test_after_the_mail_the_same_size_can_be_waited_for_again(made):
    shirt = made.first
    asked_and_confirmed(shirt)
    receive(shirt, 1)
    alerts.tell_waiting()
    with transaction.atomic():
        ledger.allocate(steps=[ledger.Step(record_of(shirt).pk, 1, "line:2/payment:1")])
    ask(shirt)
    alerts.greet_new()
    assert statuses() == ["Closed", "Active"]


def test_stopping_ends_every_open_request_and_the_address_is_asked_anew(made):
    first = asked_and_confirmed(made.variants["white", "S"])
    asked_and_confirmed(made.variants["white", "M"])
    receive(made.variants["white", "S"])
    alerts.tell_waiting()
    assert alerts.stop(first.key)
    assert statuses() == ["Closed", "Cancelled"]
    ask(made.variants["white", "L"])
    alerts.greet_new()
    assert statuses() == ["Closed", "Cancelled", "Unconfirmed"]


def test_one_of_several_can_be_stopped_and_no_other_addresss(made):
    small = asked_and_confirmed(made.variants["white", "S"])
    asked_and_confirmed(made.variants["white", "M"])
    theirs = asked_and_confirmed(made.variants["white", "S"], "bob@example.org")
    assert alerts.stop(small.key, only=theirs.pk)
    assert statuses() == ["Active", "Active", "Active"]
    assert alerts.stop(small.key, only=small.pk)
    assert statuses() == ["Cancelled", "Active", "Active"]


@pytest.mark.parametrize("key", ["", "wrong"])
def test_a_key_nobody_has_does_nothing(made, key):
    ask(made.first)
    assert not alerts.confirm(key)
    assert not alerts.stop(key)
    assert statuses() == ["Unconfirmed"]


@pytest.mark.parametrize(
    ("status", "field", "kept"),
    [
        ("Unconfirmed", "date_created", alerts.UNCONFIRMED_KEPT),
        ("Closed", "date_closed", alerts.ENDED_KEPT),
        ("Cancelled", "date_cancelled", alerts.ENDED_KEPT),
        ("Active", "date_created", alerts.OPEN_KEPT),
    ],
)
def test_requests_go_when_their_time_is_over(made, status, field, kept):
    ask(made.first)
    requests = ProductAlert.objects.all()
    now = timezone.now()
    requests.update(**{"status": status, field: now - kept + timedelta(hours=1)})
    assert housekeeping.clear_away() == 0
    requests.update(**{field: now - kept - timedelta(hours=1)})
    assert housekeeping.clear_away() == 1
    assert statuses() == []


def test_both_mails_offer_to_leave_with_one_click(made, mailoutbox):
    shirt = made.first
    request = asked_and_confirmed(shirt)
    receive(shirt)
    alerts.tell_waiting()
    send_due()
    assert [mail.to for mail in mailoutbox] == [[ADA], [ADA]]
    for mail in mailoutbox:
        headers = mail.message()
        assert headers["List-Unsubscribe"] == f"<{settings.SITE_URL}/alerts/stop/{request.key}/>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stranger = Client(enforce_csrf_checks=True)
    answer = stranger.post(f"/alerts/stop/{request.key}/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert answer.cookies == {}


def test_a_mail_about_a_purchase_has_nothing_to_leave(mailoutbox):
    queue(
        kind="shipped", subject="order:1", to=ADA, template="order_link", context={"order": {"number": "X"}}
    )
    send_due()
    (mail,) = mailoutbox
    assert "List-Unsubscribe" not in mail.message()
