"""What shared pages say about delivery, read from the same rows the basket is priced by."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.freshness.memory import once_a_version
from shop.shipping import selectors as shipping
from shop.shipping.models import DeliveryMethod, Destination, Dispatch, Zone

#: The country whose delivery a shared page promises unless another is asked for.
HOME_COUNTRY = "GB"


@dataclass(frozen=True, slots=True)
class Promise:
    """The cheapest way to a country: its price for one piece, and when a parcel ordered now arrives."""

    code: str
    country: str
    method: str
    price: Decimal
    free_from: Decimal | None
    packing_days: int
    min_days: int
    max_days: int
    vat_due: bool
    arrives_from: date
    arrives_until: date


def promise(country: str, goods: Decimal) -> Promise | None:
    """Return what delivery of goods of that value takes; None when we do not deliver to the country."""
    destination, methods, working = _ways_to(country)
    method = min(methods, key=lambda each: each.price_for(goods), default=None)
    if destination is None or method is None:
        return None
    arrives_from, arrives_until = shipping.delivery_dates(method=method, now=timezone.now(), working=working)
    return Promise(
        code=destination.code,
        country=destination.shown,
        method=method.name,
        price=method.price_for(goods),
        free_from=method.free_from,
        packing_days=working.packing_days,
        min_days=method.min_days,
        max_days=method.max_days,
        vat_due=destination.zone.vat_due,
        arrives_from=arrives_from,
        arrives_until=arrives_until,
    )


@once_a_version
def _ways_to(country: str) -> tuple[Destination | None, list[DeliveryMethod], shipping.WorkingCalendar]:
    """Return an open destination with the methods its zone offers, and the days we work on."""
    destination = shipping.destination(country)
    methods = shipping.methods_for(destination.zone) if destination else []
    return destination, methods, shipping.calendar()


def terms() -> dict[str, Any]:
    """Return every zone with its countries and offered methods, and how we pack."""
    zones = Zone.objects.prefetch_related("methods", "destinations")
    return {"zones": [_zone(zone) for zone in zones], "dispatch": Dispatch.objects.first()}


def _zone(zone: Zone) -> dict[str, Any]:
    return {
        "zone": zone,
        "methods": [method for method in zone.methods.all() if method.is_offered],
        "countries": [
            place.shown
            for place in sorted(zone.destinations.all(), key=shipping.alphabetical)
            if place.is_open
        ],
    }
