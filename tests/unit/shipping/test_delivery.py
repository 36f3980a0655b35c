from datetime import UTC, date, datetime, time
from decimal import Decimal as D
from typing import get_args, get_type_hints

import pytest
from oscar.core.loading import get_model
from stripe.params.checkout import _session_create_params as stripe_params

from shop.shipping import reference, selectors
from shop.shipping.models import DeliveryMethod, Destination, Dispatch, Holiday, Zone

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def dates(code: str, *now: int) -> tuple[date, date]:
    method = DeliveryMethod.objects.get(code=code)
    return selectors.delivery_dates(method=method, now=datetime(*now, tzinfo=UTC))


def test_before_the_cut_off_an_order_is_packed_the_same_day():
    assert dates("uk-express", 2026, 11, 17, 11, 59) == (date(2026, 11, 19), date(2026, 11, 19))


def test_from_the_cut_off_on_it_is_packed_the_next_working_day():
    assert dates("uk-express", 2026, 11, 17, 12, 0) == (date(2026, 11, 20), date(2026, 11, 20))


def test_the_cut_off_is_londons_also_in_summer():
    assert dates("uk-express", 2026, 7, 14, 10, 59)[0] == date(2026, 7, 16)
    assert dates("uk-express", 2026, 7, 14, 11, 0)[0] == date(2026, 7, 17)


def test_the_days_of_clock_changes_keep_london_time():
    assert dates("uk-express", 2026, 3, 30, 10, 59)[0] == date(2026, 4, 1)
    assert dates("uk-express", 2026, 3, 30, 11, 1)[0] == date(2026, 4, 2)
    assert dates("uk-express", 2026, 10, 26, 11, 59)[0] == date(2026, 10, 28)


def test_london_is_already_at_tomorrow_when_utc_is_not():
    assert dates("uk-express", 2026, 7, 13, 23, 30)[0] == date(2026, 7, 16)


def test_weekends_do_not_count():
    assert dates("uk-tracked-48", 2026, 11, 20, 9, 0) == (date(2026, 11, 25), date(2026, 11, 26))
    assert dates("uk-tracked-48", 2026, 11, 21, 9, 0) == dates("uk-tracked-48", 2026, 11, 20, 13, 0)


def test_christmas_and_its_substitute_days_do_not_count():
    assert dates("uk-express", 2026, 12, 24, 9, 0)[0] == date(2026, 12, 30)
    assert dates("uk-tracked-48", 2026, 12, 30, 13, 0) == (date(2027, 1, 6), date(2027, 1, 7))


def test_staffs_holidays_and_packing_days_count():
    Holiday.objects.create(day=date(2026, 11, 18), name="Stocktaking")
    Dispatch.objects.filter(pk=1).update(packing_days=0, cut_off=time(15))
    assert dates("uk-express", 2026, 11, 17, 14, 59)[0] == date(2026, 11, 19)


def test_the_first_day_is_never_after_the_last():
    for method in DeliveryMethod.objects.all():
        for day in range(1, 29):
            first, last = dates(method.code, 2026, 12, day, 13)
            assert first <= last
            assert last.weekday() < 5


def test_destinations_are_open_and_know_their_zone(django_assert_num_queries):
    Destination.objects.filter(code="FR").update(is_open=False)
    with django_assert_num_queries(1):
        places = {place.code: place.zone.code for place in selectors.destinations()}
    assert (places["GB"], places["IM"], places["JE"], places["DE"], places["US"]) == (
        "uk",
        "uk",
        "islands",
        "eu",
        "world",
    )
    assert "FR" not in places
    assert selectors.destination("FR") is None
    assert selectors.destination("ZZ") is None


def test_the_cheapest_method_depends_on_what_travels_free():
    assert selectors.cheapest_for(country="GB", goods=D("10.00")).code == "uk-tracked-48"
    DeliveryMethod.objects.filter(code="uk-express").update(free_from=D("20.00"))
    assert selectors.cheapest_for(country="GB", goods=D("25.00")).code == "uk-express"
    assert selectors.cheapest_for(country="ZZ", goods=D("25.00")) is None


def test_only_the_uk_and_man_owe_vat():
    due = Destination.objects.filter(zone__vat_due=True).values_list("code", flat=True)
    assert set(due) == {"GB", "IM"}
    assert Destination.objects.filter(zone__code="eu").count() == 27


def test_countries_are_those_stripe_collects_addresses_in():
    hints = get_type_hints(stripe_params.SessionCreateParamsShippingAddressCollection)
    (union,) = get_args(hints["allowed_countries"])
    codes = [code for group in reference.COUNTRIES.values() for code in group.split()]
    allowed = {code for literal in get_args(union) for code in get_args(literal)}
    assert set(codes) == allowed - {"ZZ"}
    assert len(codes) == len(set(codes))
    assert get_model("address", "Country").objects.count() == len(codes)
    assert Destination.objects.get(code="GG").name == "Guernsey"


def test_writing_the_reference_data_again_changes_nothing_staff_did(django_assert_num_queries):
    DeliveryMethod.objects.filter(code="uk-tracked-48").update(price=D("4.25"))
    DeliveryMethod.objects.filter(code="uk-express").delete()
    Destination.objects.filter(code="FR").update(name="La France", is_open=False)
    Holiday.objects.filter(day=date(2026, 12, 28)).delete()
    Dispatch.objects.update(packing_days=3)
    before = _everything()
    with django_assert_num_queries(6):
        reference.write_reference()
    assert _everything() == before


def _everything() -> list:
    models = (Zone, Destination, DeliveryMethod, Holiday, Dispatch)
    return [list(model.objects.order_by("pk").values()) for model in models]
