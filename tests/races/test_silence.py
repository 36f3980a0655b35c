"""Stripe is silent: who presses *Pay* is told in time, and who looks at shirts notices nothing."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, sleep

import pytest
import requests

from shop.order.models import Order
from shop.payments.models import Payment
from shop.stock.selectors import differences
from tests.databases import Database
from tests.factories import MadeProduct, a_product
from tests.processes import Store, running
from tests.shoppers import Form, Shopper, form

pytestmark = pytest.mark.both

THREADS = 8
#: Seconds until a shopper who pressed *Pay* must know, and until a page must be there meanwhile (more than usual:
#: the machine may be busy with other things).
ANSWERED, SHOWN = 20, 1
_PAGES = 20


@pytest.fixture
def store(live_database: Database, tmp_path: Path) -> Iterator[Store]:
    with running(live_database, tmp_path) as store:
        yield store


def _ready_to_pay(store: Store, product: MadeProduct, number: int) -> tuple[Shopper, Form]:
    shopper = Shopper(store.url, f"203.0.113.{number + 1}")
    shopper.add(product.first.pk)
    return shopper, form(shopper.basket(), "/checkout/pay/")


def _timed_press(ready: tuple[Shopper, Form]) -> tuple[float, requests.Response]:
    shopper, pay = ready
    began = perf_counter()
    answer = shopper.submit(pay)
    return perf_counter() - began, answer


def _timed_page(url: str) -> float:
    began = perf_counter()
    answer = requests.get(url, timeout=30)
    assert answer.status_code == 200
    return perf_counter() - began


def test_all_who_press_pay_are_told_and_pages_are_shown_meanwhile(store: Store) -> None:
    product = a_product(stock=50)
    url = store.url + product.parent.get_absolute_url()
    ready = [_ready_to_pay(store, product, number) for number in range(THREADS)]
    for _ in range(THREADS):  # so that every thread has its code and its connection
        _timed_page(url)
    usual = max(_timed_page(url) for _ in range(THREADS))
    store.fake.fault(path="/v1/", hang="before", count=1000)
    with ThreadPoolExecutor(THREADS) as pool:
        presses = [pool.submit(_timed_press, one) for one in ready]
        sleep(0.2)
        pages = [_timed_page(url) for _ in range(_PAGES)]
        answers = [press.result() for press in presses]
    assert max(seconds for seconds, _ in answers) < ANSWERED
    assert max(pages) < SHOWN + usual, [round(seconds, 2) for seconds in pages]
    assert all("not charged" in answer.text for _, answer in answers)
    assert {answer.status_code for _, answer in answers} <= {200, 503}
    _assert_nothing_is_lost(store)


def _assert_nothing_is_lost(store: Store) -> None:
    """Each has an order that waits, and the same *Pay* leads to it when Stripe answers again."""
    assert Order.objects.filter(status="pending_payment").count() == THREADS
    assert Payment.objects.filter(state="creating").count() == THREADS
    assert differences() == []
