"""Back-in-stock requests at the same moment: one row, one question, one mail, whoever else is at it."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from shop.customer import alerts
from shop.customer.models import ProductAlert
from shop.emails.models import Mail
from shop.stock import picks
from shop.stock import services as ledger
from shop.stock.models import SoldOutPick
from shop.transactions import durably
from tests.factories import a_product, record_of
from tests.races.parallel import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

ADA = "ada@example.org"


def _waiting(*emails: str) -> list[ProductAlert]:
    """Active requests of these addresses for one variant that has come back."""
    shirt = a_product(stock=0).first
    for email in emails:
        alerts.ask(variant=shirt, email=email, client=email)
    ProductAlert.objects.update(status=ProductAlert.ACTIVE, mail_due=False)
    with transaction.atomic():
        ledger.receive(stockrecord_id=record_of(shirt).pk, quantity=5, reference="box:1")
    return list(alerts.waiting())


def test_the_same_request_pressed_many_times_at_once_is_one() -> None:
    shirt = a_product(stock=0).first
    results = at_once([partial(alerts.ask, variant=shirt, email=ADA, client="ada")] * 8)
    assert results == [None] * 8
    assert list(ProductAlert.objects.values_list("email", "status")) == [(ADA, "Unconfirmed")]


def test_workers_at_the_same_moment_ask_an_address_once() -> None:
    made = a_product(stock=0)
    for variant in made.variants.values():
        alerts.ask(variant=variant, email=ADA, client="ada")
    results = at_once([alerts.greet_new] * 4)
    assert Counter(results)[1] == 1, results
    assert Mail.objects.filter(kind="stock_question", to=ADA).count() == 1


def test_workers_at_the_same_moment_tell_everybody_once() -> None:
    requests = _waiting(*(f"reader{n}@example.org" for n in range(12)))
    results = at_once([alerts.tell_waiting] * 4)
    assert sum(result for result in results if isinstance(result, int)) == len(requests) == 12
    assert Mail.objects.filter(kind="back_in_stock").count() == 12
    assert not ProductAlert.objects.exclude(status=ProductAlert.CLOSED).exists()


def test_one_request_in_many_hands_is_told_by_one() -> None:
    (request,) = _waiting(ADA)
    results = at_once([partial(durably, partial(alerts.tell, request))] * 6)
    assert Counter(results) == {True: 1, False: 5}


def test_without_the_guard_every_hand_believes_it_told(settings: Any) -> None:
    settings.TEST_GUARDS_OFF = frozenset({"request"})
    (request,) = _waiting(ADA)
    results = at_once([partial(durably, partial(alerts.tell, request))] * 6)
    assert Counter(results) == {True: 6}


def test_stopping_and_telling_at_once_never_does_both() -> None:
    requests = _waiting(*(f"reader{n}@example.org" for n in range(6)))
    stops = [partial(alerts.stop, request.key) for request in requests]
    at_once([*stops, alerts.tell_waiting, alerts.tell_waiting])
    mailed = set(Mail.objects.filter(kind="back_in_stock").values_list("to", flat=True))
    closed = set(ProductAlert.objects.filter(status="Closed").values_list("email", flat=True))
    cancelled = set(ProductAlert.objects.filter(status="Cancelled").values_list("email", flat=True))
    assert mailed == closed
    assert closed | cancelled == {request.email for request in requests}


def test_picks_at_once_all_count() -> None:
    shirt = a_product(stock=0).first
    assert at_once([partial(picks.note, variant=shirt, client=f"c{n}") for n in range(8)]) == [True] * 8
    assert SoldOutPick.objects.aggregate(all=Sum("picks"))["all"] == 8
    assert SoldOutPick.objects.count() == 1
