"""Orders in the back office, through its pages."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.emails.models import Mail
from shop.order.models import Order
from shop.order.statuses import Status
from shop.payments.models import Payment, Refund
from shop.stock.models import StockMovement
from tests.factories import record_of
from tests.integration.backoffice.conftest import Placed, pay, place_order

LIST = "/admin/order/order/"


def said(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def numbers(placed: Placed) -> list[tuple[int, int]]:
    records = [record_of(variant) for variant in placed.variants]
    return [(record.num_in_stock, record.num_allocated) for record in records]


def shipment(placed: Placed, *pieces: int, parcels_before: int = 0, **values: str) -> dict[str, str | int]:
    lines = placed.order.lines.order_by("pk")
    chosen = {f"pieces_{line.pk}": number for line, number in zip(lines, pieces, strict=False)}
    return {"parcels_before": parcels_before, **chosen, **values}


def test_the_list_shows_paid_orders_and_hides_those_never_paid(staff: Client, paid: Placed) -> None:
    abandoned = place_order()
    page = staff.get(LIST).content.decode()
    assert paid.order.number in page
    assert "Ada Reader" in page
    assert "£78.95" in page
    assert abandoned.order.number not in page
    assert abandoned.order.number in staff.get(LIST, {"status": "pending_payment"}).content.decode()
    assert abandoned.order.number in staff.get(LIST, {"status": "everything"}).content.decode()


@pytest.mark.parametrize("what", ["number", "email", "name", "sku"])
def test_orders_are_found_by_number_email_name_and_sku(staff: Client, paid: Placed, what: str) -> None:
    pay(place_order())
    words = {
        "number": paid.order.number,
        "email": "reader@example.org",
        "name": "ada read",
        "sku": record_of(paid.variants[0]).partner_sku,
    }
    assert paid.order.number in staff.get(LIST, {"q": words[what]}).content.decode()
    assert paid.order.number not in staff.get(LIST, {"q": "nobody@example.org"}).content.decode()


def test_the_list_takes_the_same_number_of_queries_however_many_orders(staff: Client, paid: Placed) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(LIST).status_code == 200
        return len(captured)

    queries()
    with_one = queries()
    for _order in range(4):
        pay(place_order())
    assert queries() == with_one <= 9


def test_the_page_shows_lines_money_and_what_to_do_when_packing(staff: Client, paid: Placed) -> None:
    page = staff.get(paid.url).content.decode()
    for words in (
        "Happy birthday",
        "plain parcel",
        "£78.95",
        "£75.00",
        "Tracked 48",
        "Ada Reader",
        "2",
        "to pack",
    ):
        assert words in page
    assert record_of(paid.variants[1]).partner_sku in page


def test_the_page_of_a_bigger_order_takes_no_more_queries(staff: Client) -> None:
    def queries(placed: Placed) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(placed.url).status_code == 200
        return len(captured)

    small, big = pay(place_order(quantities=(1,))), pay(place_order(quantities=(1, 1, 2, 1)))
    queries(small)
    assert queries(big) == queries(small) <= 30


def test_shipping_all_sells_the_stock_and_queues_one_mail(staff: Client, paid: Placed) -> None:
    values = {"carrier": "Royal Mail", "tracking": "AB1", "tracking_url": "https://track.example/AB1"}
    answer = staff.post(paid.step("ship"), shipment(paid, 2, 1, **values))
    assert answer.status_code == 302
    assert "with 3 pieces is on its way" in said(answer)
    assert paid.again().status == Status.SHIPPED
    assert numbers(paid) == [(3, 0), (4, 0)]
    parcel = paid.order.parcels.get()
    assert (parcel.carrier, parcel.tracking, parcel.by) == ("Royal Mail", "AB1", "owner@example.org")
    assert Mail.objects.filter(kind="shipped").count() == 1


def test_shipping_pressed_twice_ships_once(staff: Client, paid: Placed) -> None:
    form = shipment(paid, 1, 0)
    assert "with 1 piece is on its way" in said(staff.post(paid.step("ship"), form))
    answer = staff.post(paid.step("ship"), form)
    assert "sent already" in said(answer)
    assert paid.again().status == Status.PART_SHIPPED
    assert paid.order.parcels.count() == 1
    assert numbers(paid) == [(4, 1), (5, 1)]


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        ((0, 0), "at least one piece"),
        ((3, 0), "less than or equal to 2"),
        ((-1, 0), "greater than or equal to 0"),
    ],
)
def test_odd_quantities_ship_nothing_and_say_why(
    staff: Client, paid: Placed, pieces: tuple[int, ...], words: str
) -> None:
    answer = staff.post(paid.step("ship"), shipment(paid, *pieces))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert paid.again().status == Status.PAID
    assert numbers(paid) == [(5, 2), (5, 1)]


def test_a_tracking_page_that_is_no_web_address_is_refused(staff: Client, paid: Placed) -> None:
    answer = staff.post(paid.step("ship"), shipment(paid, 2, 1, tracking_url="javascript:alert(1)"))
    assert answer.status_code == 200
    assert not paid.order.parcels.exists()


def test_cancelling_says_what_it_does_then_releases_and_asks_for_the_refund(
    staff: Client, paid: Placed
) -> None:
    assert "£78.95 is refunded" in staff.get(paid.step("cancel")).content.decode()
    answer = staff.post(paid.step("cancel"), {"reason": "Shopper asked"})
    assert "cancelled" in said(answer)
    assert paid.again().status == Status.CANCELLED
    assert numbers(paid) == [(5, 0), (5, 0)]
    assert Refund.objects.get().amount_minor == 7895
    assert paid.again().status_changes.last().reason == "Shopper asked"


def test_cancelling_needs_a_reason(staff: Client, paid: Placed) -> None:
    assert staff.post(paid.step("cancel"), {"reason": " "}).status_code == 200
    assert paid.again().status == Status.PAID


def test_a_shipped_order_offers_no_cancel_and_takes_none(staff: Client, paid: Placed) -> None:
    staff.post(paid.step("ship"), shipment(paid, 2, 1))
    assert paid.step("cancel") not in staff.get(paid.url).content.decode()
    answer = staff.post(paid.step("cancel"), {"reason": "too late"})
    assert "not possible" in said(answer)
    assert paid.again().status == Status.SHIPPED
    assert not Refund.objects.exists()


def test_an_order_is_held_and_released(staff: Client, paid: Placed) -> None:
    staff.post(paid.step("hold"), {"reason": "Odd address"})
    assert paid.again().status == Status.ON_HOLD
    page = staff.get(paid.url).content.decode()
    assert "Odd address" in page
    assert paid.step("ship") not in page
    staff.post(paid.step("release"))
    assert paid.again().status == Status.PAID


def test_looking_at_a_step_changes_nothing(staff: Client, paid: Placed) -> None:
    for step in ("ship", "cancel", "hold", "recheck", "note"):
        assert staff.get(paid.step(step)).status_code == 200
    assert paid.again().status == Status.PAID
    assert not paid.order.parcels.exists()


def test_a_payment_in_review_is_accepted_and_the_order_released(staff: Client) -> None:
    placed = pay(place_order(), state=Payment.State.REVIEW, problem="amount: 1 at Stripe, 7895 here")
    assert "amount: 1 at Stripe" in staff.get(placed.step("accept")).content.decode()
    staff.post(placed.step("accept"))
    assert Payment.objects.get().state == Payment.State.PAID
    assert placed.again().status == Status.ON_HOLD
    staff.post(placed.step("release"))
    assert placed.again().status == Status.PAID


def test_a_silent_stripe_becomes_a_message(staff: Client) -> None:
    placed = place_order()
    Payment.objects.update(session_id="cs_test_1", state="open")
    answer = staff.post(placed.step("recheck"))
    assert answer.status_code == 302
    assert "Stripe does not answer" in said(answer)
    assert placed.again().status == Status.PENDING_PAYMENT


def test_a_note_is_kept_for_colleagues(staff: Client, paid: Placed) -> None:
    staff.post(paid.step("note"), {"message": "Called the shopper"})
    assert "Called the shopper" in staff.get(paid.url).content.decode()


def test_typing_over_an_order_changes_nothing(staff: Client, paid: Placed) -> None:
    before = Order.objects.filter(pk=paid.order.pk).values().get()
    answer = staff.post(paid.url, {"status": "shipped", "total_incl_tax": "1.00", "paid_at_0": "2020-01-01"})
    assert answer.status_code == 405
    assert staff.post(f"/admin/order/order/{paid.order.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post("/admin/order/order/add/", {"number": "X"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": paid.order.pk, "post": "yes"}
    staff.post(LIST, action)
    assert Order.objects.filter(pk=paid.order.pk).values().get() == before


def test_only_who_may_change_orders_presses_buttons(helper: Callable[..., Client], paid: Placed) -> None:
    reader = helper("order.view_order")
    page = reader.get(paid.url)
    assert page.status_code == 200
    assert paid.step("ship") not in page.content.decode()
    assert reader.post(paid.step("ship"), shipment(paid, 2, 1)).status_code == 403
    assert helper("catalogue.view_design").get(paid.url).status_code == 403
    assert paid.again().status == Status.PAID


def test_a_step_without_its_token_is_refused(paid: Placed, staff: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies
    assert strict.post(paid.step("release")).status_code == 403
    assert strict.post(paid.step("hold"), {"reason": "x"}).status_code == 403
    assert paid.again().status == Status.PAID


def test_the_ledger_names_each_step(staff: Client, paid: Placed) -> None:
    staff.post(paid.step("ship"), shipment(paid, 2, 1))
    kinds = StockMovement.objects.filter(reference__contains="parcel").values_list("kind", flat=True)
    assert list(kinds) == ["sold", "sold"]


@pytest.mark.parametrize(
    "address",
    [
        "order/order/999999999999999999999/ship/",
        "order/order/7/ship/",
        "order/order/nonsense/change/",
        "order/order/?status=nonsense&country=%27&paid_at__gte=yesterday",
        "order/order/?q=%27%22",
        "order/order/?p=99999&o=99",
        "partner/stockrecord/99999999999999999999/change/",
        "partner/stockrecord/?available=nonsense&product__colour__id__exact=x",
        "payments/payment/nonsense/change/",
        "emails/mail/7/again/",
    ],
)
def test_an_odd_address_is_answered_without_a_fault(staff: Client, address: str) -> None:
    assert staff.get(f"/admin/{address}").status_code in (200, 302, 404)


def test_a_nul_in_an_address_is_the_askers_mistake(staff: Client) -> None:
    assert staff.get("/admin/order/order/?q=%00").status_code == 400
