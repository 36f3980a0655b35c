"""What shared pages say about delivery, read from the same rows the basket is priced by."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.shipping import selectors as shipping
from shop.shipping.models import Dispatch, Zone


@dataclass(frozen=True, slots=True)
class Promise:
    """The cheapest way to a country: its price for one piece, and when a parcel ordered now arrives."""

    country: str
    method: str
    price: Decimal
    free_from: Decimal | None
    arrives_from: date
    arrives_until: date


def promise(country: str, goods: Decimal) -> Promise | None:
    """Return what delivery of goods of that value takes; None when we do not deliver to the country."""
    destination = shipping.destination(country)
    methods = shipping.methods_for(destination.zone) if destination else []
    method = min(methods, key=lambda each: each.price_for(goods), default=None)
    if destination is None or method is None:
        return None
    arrives = shipping.delivery_dates(method=method, now=timezone.now())
    return Promise(destination.name, method.name, method.price_for(goods), method.free_from, *arrives)


def terms() -> dict[str, Any]:
    """Return every zone with its countries and offered methods, and how we pack."""
    zones = Zone.objects.prefetch_related("methods", "destinations")
    return {"zones": [_zone(zone) for zone in zones], "dispatch": Dispatch.objects.first()}


def _zone(zone: Zone) -> dict[str, Any]:
    return {
        "zone": zone,
        "methods": [method for method in zone.methods.all() if method.is_offered],
        "countries": [place.name for place in zone.destinations.all() if place.is_open],
    }
