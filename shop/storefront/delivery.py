"""What shared pages say about delivery, read from the same rows the basket is priced by."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from shop.shipping import selectors as shipping
from shop.shipping.models import DeliveryMethod, Dispatch, Zone


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
    """Return what delivery of goods worth that much to the country takes; None when we do not deliver there."""
    destination = shipping.destination(country)
    methods = shipping.methods_for(destination.zone) if destination else []
    prices = {method: _price(method, goods) for method in methods}
    if destination is None or not prices:
        return None
    cheapest = min(prices, key=lambda method: prices[method])
    arrives_from, arrives_until = shipping.delivery_dates(method=cheapest, now=timezone.now())
    return Promise(
        destination.name, cheapest.name, prices[cheapest], cheapest.free_from, arrives_from, arrives_until
    )


def _price(method: DeliveryMethod, goods: Decimal) -> Decimal:
    is_free = method.free_from is not None and goods >= method.free_from
    return Decimal("0.00") if is_free else method.price


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
