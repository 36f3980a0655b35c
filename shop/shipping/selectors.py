"""Which countries we deliver to, by what methods, and when a parcel arrives."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from shop.shipping.models import DeliveryMethod, Destination, Dispatch, Holiday, Zone

LONDON = ZoneInfo("Europe/London")
#: Used when staff have deleted the one Dispatch row.
NOON, ONE_DAY = time(12), 1


@dataclass(frozen=True)
class WorkingCalendar:
    """The days on which parcels are packed and carried, and how packing works on them."""

    cut_off: time
    packing_days: int
    holidays: frozenset[date]

    def is_working(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.holidays

    def after(self, day: date, working_days: int) -> date:
        """Return the day that lies `working_days` working days after `day`."""
        while working_days:
            day += timedelta(days=1)
            working_days -= self.is_working(day)
        return day

    def dispatched(self, now: datetime) -> date:
        """Return the day an order made `now` is handed to the carrier."""
        local = now.astimezone(LONDON)
        today = local.date()
        in_time = self.is_working(today) and local.time() < self.cut_off
        return self.after(today if in_time else self.after(today, 1), self.packing_days)


def cut_off() -> time:
    """Return until what time of a day an order leaves the same working day (one query)."""
    dispatch = Dispatch.objects.first()
    return dispatch.cut_off if dispatch else NOON


def calendar() -> WorkingCalendar:
    """Read the working calendar (two queries)."""
    dispatch = Dispatch.objects.first()
    return WorkingCalendar(
        cut_off=dispatch.cut_off if dispatch else NOON,
        packing_days=dispatch.packing_days if dispatch else ONE_DAY,
        holidays=frozenset(Holiday.objects.values_list("day", flat=True)),
    )


def destination(code: str) -> Destination | None:
    """Return the open destination with that country code and its zone, or None."""
    return Destination.objects.select_related("zone").filter(code=code, is_open=True).first()


def destinations() -> list[Destination]:
    """Return the open destinations by their name in the active language, with their zones."""
    return sorted(Destination.objects.select_related("zone").filter(is_open=True), key=alphabetical)


def alphabetical(place: Destination) -> str:
    """Return the key countries are sorted by; accents do not count: États-Unis stands among the E."""
    return unicodedata.normalize("NFKD", place.shown).encode("ascii", "ignore").decode().casefold()


def methods_for(zone: Zone) -> list[DeliveryMethod]:
    """Return the zone's offered methods, the first being the one taken when none is chosen."""
    return list(zone.methods.filter(is_offered=True).order_by("position", "price", "pk"))


def chosen(methods: Iterable[DeliveryMethod], code: str) -> DeliveryMethod | None:
    """Return the method with that code, else the first, else None."""
    listed = list(methods)
    return next((method for method in listed if method.code == code), listed[0] if listed else None)


def delivery_dates(
    *, method: DeliveryMethod, now: datetime, working: WorkingCalendar | None = None
) -> tuple[date, date]:
    """Return the first and last day an order made `now` may arrive; `working` spares reading it again."""
    working = working or calendar()
    leaves = working.dispatched(now)
    return working.after(leaves, method.min_days), working.after(leaves, method.max_days)


def cheapest_for(*, country: str, goods: Decimal) -> DeliveryMethod | None:
    """Return the method that costs least for goods of that value, or None where we do not deliver."""
    place = destination(country)
    methods = methods_for(place.zone) if place else []
    return min(methods, key=lambda method: method.price_for(goods), default=None)
