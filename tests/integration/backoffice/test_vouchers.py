"""Vouchers and offers made from one form, in plain words."""

from decimal import Decimal

import pytest
from django.test import Client
from oscar.apps.offer.models import Benefit, ConditionalOffer
from oscar.apps.voucher.models import Voucher

from tests.integration.backoffice.conftest import place_order

URL = "/admin/voucher/voucher/"
OFFERS = "/admin/offer/conditionaloffer/"
DATES = {
    "start_datetime_0": "2026-01-01",
    "start_datetime_1": "00:00",
    "end_datetime_0": "2027-01-01",
    "end_datetime_1": "00:00",
}
TWENTY = {
    "name": "Autumn",
    "code": "autumn20",
    "usage": "Multi-use",
    "kind": "percent",
    "value": "20",
    **DATES,
}


@pytest.mark.parametrize(
    ("kind", "value", "benefit", "words"),
    [
        ("percent", "20", (Benefit.PERCENTAGE, Decimal(20)), "20 % off"),
        ("amount", "5", (Benefit.FIXED, Decimal(5)), "£5.00 off"),
        ("delivery", "", (Benefit.SHIPPING_PERCENTAGE, Decimal(100)), "free delivery"),
        ("three", "", (Benefit.MULTIBUY, None), "3 for 2"),
    ],
)
def test_one_form_makes_voucher_offer_condition_and_benefit(
    staff: Client, kind: str, value: str, benefit: tuple[str, Decimal | None], words: str
) -> None:
    assert staff.post(f"{URL}add/", TWENTY | {"kind": kind, "value": value}).status_code == 302
    voucher = Voucher.objects.get()
    assert (voucher.code, voucher.usage) == ("AUTUMN20", "Multi-use")
    offer = voucher.offers.get()
    assert offer.offer_type == ConditionalOffer.VOUCHER
    assert (offer.benefit.type, offer.benefit.value) == benefit
    offer.benefit.proxy().clean()
    assert offer.condition.range.includes_all_products
    assert words in staff.get(URL).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": ""}, "how much is taken off"),
        ({"value": "120"}, "More than 100"),
        ({"value": "-5"}, "greater than or equal to 0"),
        ({"code": "a b"}, "without spaces"),
        ({"usage": "Once per customer"}, "valid choice"),
        ({"end_datetime_0": "2025-01-01"}, "later than the start"),
    ],
)
def test_a_voucher_that_makes_no_sense_is_refused_and_leaves_nothing(
    staff: Client, change: dict[str, str], words: str
) -> None:
    answer = staff.post(f"{URL}add/", TWENTY | change)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Voucher.objects.exists()
    assert not ConditionalOffer.objects.exists()


def test_a_code_is_given_once_whatever_its_capitals(staff: Client) -> None:
    staff.post(f"{URL}add/", TWENTY)
    answer = staff.post(f"{URL}add/", TWENTY | {"name": "Other", "code": "Autumn20"})
    assert answer.status_code == 200
    assert Voucher.objects.count() == 1


def test_dates_can_be_changed_later_and_what_it_does_cannot(staff: Client) -> None:
    staff.post(f"{URL}add/", TWENTY)
    voucher = Voucher.objects.get()
    changed = TWENTY | {"kind": "amount", "value": "99", "end_datetime_0": "2026-12-01"}
    assert staff.post(f"{URL}{voucher.pk}/change/", changed).status_code == 302
    voucher.refresh_from_db()
    assert voucher.end_datetime.year == 2026
    assert voucher.offers.get().benefit.value == Decimal(20)


def test_a_used_voucher_is_not_deleted(staff: Client) -> None:
    staff.post(f"{URL}add/", TWENTY)
    voucher = Voucher.objects.get()
    assert staff.get(f"{URL}{voucher.pk}/delete/").status_code == 200
    voucher.applications.create(order=place_order().order)
    assert staff.post(f"{URL}{voucher.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Voucher.objects.count() == 1


def test_an_offer_for_everybody_is_made_and_shown_apart_from_vouchers(staff: Client) -> None:
    staff.post(f"{URL}add/", TWENTY)
    made = staff.post(f"{OFFERS}add/", {"name": "Three for two", "kind": "three"})
    assert made.status_code == 302
    offer = ConditionalOffer.objects.get(offer_type=ConditionalOffer.SITE)
    assert (offer.name, offer.condition.value, offer.start_datetime) == ("Three for two", 3, None)
    page = staff.get(OFFERS).content.decode()
    assert "Three for two" in page
    assert "AUTUMN20" not in page
    again = staff.post(f"{OFFERS}add/", {"name": "Three for two", "kind": "three"})
    assert again.status_code == 200
    assert ConditionalOffer.objects.count() == 2


@pytest.mark.parametrize("url", [URL, OFFERS])
def test_the_lists_speak_as_staff_do(staff: Client, url: str) -> None:
    staff.post(f"{URL}add/", TWENTY)
    staff.post(f"{OFFERS}add/", {"name": "Three for two", "kind": "three"})
    page = staff.get(url).text
    assert [word for word in ("Starts", "Ends") if word not in page] == []
    assert [word for word in ("Conditional offer", "datetime</", "Times on") if word in page] == []
