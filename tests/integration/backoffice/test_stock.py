"""The stock in the back office: numbers change by movements only."""

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.partner.models import PriceChange, StockRecord
from shop.stock.models import StockMovement
from shop.stock.selectors import differences
from tests.factories import MadeProduct, a_product, record_of
from tests.integration.backoffice.conftest import place_order

LIST = "/admin/partner/stockrecord/"


def said(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def product(db: None) -> MadeProduct:
    return a_product(stock=3, colours=["white"], sizes=["S", "M"])


@pytest.fixture
def record(product: MadeProduct) -> StockRecord:
    return product.records[0]


def step(record: StockRecord, name: str) -> str:
    return f"{LIST}{record.pk}/{name}/"


def form(**values: str | int) -> dict[str, str | int]:
    return {"token": uuid.uuid4().hex, **values}


def on_hand(record: StockRecord) -> int:
    return StockRecord.objects.get(pk=record.pk).num_in_stock


def test_the_list_shows_each_variant_with_its_numbers_and_finds_it(
    staff: Client, record: StockRecord
) -> None:
    page = staff.get(LIST, {"q": record.partner_sku}).content.decode()
    assert record.partner_sku in page
    assert "£25.00" in page
    assert staff.get(LIST, {"q": record.product.parent.title[:6]}).content.decode().count("£25.00") == 2
    assert record.partner_sku not in staff.get(LIST, {"q": "no-such"}).content.decode()


def test_sold_out_and_low_variants_can_be_filtered_for(staff: Client, product: MadeProduct) -> None:
    gone, low = product.records
    staff.post(step(gone, "correct"), form(quantity=-3, reason="lost"))
    staff.post(step(low, "threshold"), {"low_stock_threshold": 3})
    sold_out = staff.get(LIST, {"available": "sold-out"}).content.decode()
    assert gone.partner_sku in sold_out
    assert low.partner_sku not in sold_out
    running_low = staff.get(LIST, {"available": "low"}).content.decode()
    assert low.partner_sku in running_low
    assert gone.partner_sku not in running_low


def test_the_list_takes_the_same_number_of_queries_however_many_variants(
    staff: Client, product: MadeProduct
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(LIST).status_code == 200
        return len(captured)

    queries()
    with_two = queries()
    a_product(stock=2)
    assert queries() == with_two <= 9


def test_receiving_adds_pieces_and_says_how_many_there_are(staff: Client, record: StockRecord) -> None:
    answer = staff.post(step(record, "receive"), form(quantity=10, reason="DN 7"))
    assert "13 on hand, 13 available" in said(answer)
    movement = record.movements.first()
    assert (movement.kind, movement.quantity, movement.reason) == ("received", 10, "DN 7")
    assert movement.by.email == "owner@example.org"
    assert "DN 7" in staff.get(f"{LIST}{record.pk}/change/").content.decode()
    assert differences() == []


def test_a_form_sent_twice_counts_once(staff: Client, record: StockRecord) -> None:
    sent = form(quantity=10)
    staff.post(step(record, "receive"), sent)
    staff.post(step(record, "receive"), sent)
    assert on_hand(record) == 13
    lost = form(quantity=-1, reason="torn")
    staff.post(step(record, "correct"), lost)
    staff.post(step(record, "correct"), lost)
    assert on_hand(record) == 12


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("receive", {"quantity": 0}),
        ("receive", {"quantity": -3}),
        ("receive", {"quantity": "many"}),
        ("receive", {"quantity": 10**9}),
        ("correct", {"quantity": 0, "reason": "x"}),
        ("correct", {"quantity": -1, "reason": " "}),
        ("price", {"price": "-1"}),
        ("price", {"price": "1.999"}),
        ("price", {"price": "NaN"}),
        ("threshold", {"low_stock_threshold": -1}),
    ],
)
def test_odd_figures_change_nothing_and_are_explained(
    staff: Client, record: StockRecord, name: str, values: dict[str, str | int]
) -> None:
    before = StockRecord.objects.filter(pk=record.pk).values().get()
    answer = staff.post(step(record, name), form(**values))
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode() or "text-red" in answer.content.decode()
    assert StockRecord.objects.filter(pk=record.pk).values().get() == before


def test_a_forged_token_is_refused(staff: Client, record: StockRecord) -> None:
    staff.post(step(record, "receive"), {"token": "line:1/payment:x", "quantity": 5})
    assert on_hand(record) == 3


def test_nothing_allocated_can_be_corrected_away(staff: Client) -> None:
    placed = place_order(quantities=(2,), stock=3)
    record = record_of(placed.variants[0])
    answer = staff.post(step(record, "correct"), form(quantity=-2, reason="count"))
    assert "2 are allocated" in said(answer)
    assert on_hand(record) == 3
    staff.post(step(record, "correct"), form(quantity=-1, reason="count"))
    assert on_hand(record) == 2


def test_a_price_change_is_kept_with_its_date(staff: Client, record: StockRecord) -> None:
    staff.post(step(record, "price"), {"price": "27.50"})
    assert StockRecord.objects.get(pk=record.pk).price == Decimal("27.50")
    assert [change.price for change in PriceChange.objects.filter(stockrecord=record)] == [
        Decimal("27.50"),
        Decimal("25.00"),
    ]


def test_numbers_and_movements_cannot_be_typed_over(staff: Client, record: StockRecord) -> None:
    movement = record.movements.get()
    before = StockRecord.objects.filter(pk=record.pk).values().get()
    typed = {"num_in_stock": 99, "num_allocated": 1, "price": "1.00", "partner_sku": "X"}
    assert staff.post(f"{LIST}{record.pk}/change/", typed).status_code == 405
    assert staff.post(f"{LIST}{record.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{LIST}add/", typed).status_code == 403
    ledger = "/admin/stock/stockmovement/"
    assert staff.post(f"{ledger}{movement.pk}/change/", {"quantity": 99}).status_code == 403
    assert staff.post(f"{ledger}{movement.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{ledger}add/", {"quantity": 99}).status_code == 403
    assert StockRecord.objects.filter(pk=record.pk).values().get() == before
    assert StockMovement.objects.get(pk=movement.pk).quantity == 3


def test_who_may_only_look_changes_nothing(helper: Callable[..., Client], record: StockRecord) -> None:
    reader = helper("partner.view_stockrecord")
    assert reader.get(f"{LIST}{record.pk}/change/").status_code == 200
    assert reader.post(step(record, "receive"), form(quantity=5)).status_code == 403
    assert on_hand(record) == 3
