"""The zones, countries, methods, prices and bank holidays a new store starts with; staff change them.

What hangs on a zone is written together with it and never again, so nothing staff deleted comes back.
"""

from datetime import date, time
from decimal import Decimal
from typing import Any

from babel import Locale
from django.db import transaction
from oscar.core.loading import get_model

from shop.shipping.models import DeliveryMethod, Destination, Dispatch, Holiday, Zone

#: Only countries that Stripe can collect a delivery address in (a test compares them with its own list).
COUNTRIES = {
    "uk": "GB IM",
    "islands": "GG JE",
    "eu": "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
    "world": (
        "AC AD AE AF AG AI AL AM AO AQ AR AU AW AX AZ BA BB BD BF BH BI BJ BL BM BN BO BQ BR BS BT BV "
        "BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CV CW DJ DM DO DZ EC EG EH ER ET FJ FK FO GA GD "
        "GE GF GH GI GL GM GN GP GQ GS GT GU GW GY HK HN HT ID IL IN IO IQ IS JM JO JP KE KG KH KI KM "
        "KN KR KW KY KZ LA LB LC LI LK LR LS LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MU MV MW MX "
        "MY MZ NA NC NE NG NI NO NP NR NU NZ OM PA PE PF PG PH PK PM PN PR PS PY QA RE RS RU RW SA SB "
        "SC SD SG SH SJ SL SM SN SO SR SS ST SV SX SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW "
        "TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK YE YT ZA ZM ZW"
    ),
}
#: code: name, UK VAT is due.
ZONES = {
    "uk": ("United Kingdom and Isle of Man", True),
    "islands": ("Channel Islands", False),
    "eu": ("European Union", False),
    "world": ("Rest of the world", False),
}
#: zone: code, name, price, free from, working days at least and at most.
METHODS: dict[str, list[tuple[str, str, str, str | None, int, int]]] = {
    "uk": [
        ("uk-tracked-48", "Tracked 48", "3.95", "40.00", 2, 3),
        ("uk-express", "Express", "6.95", None, 1, 1),
    ],
    "islands": [("islands-tracked", "Tracked", "4.95", "60.00", 3, 5)],
    "eu": [("eu-tracked", "Tracked to Europe", "9.50", "90.00", 4, 8)],
    "world": [("world-tracked", "Tracked worldwide", "14.50", None, 6, 14)],
}
#: Bank holidays of England and Wales (gov.uk/bank-holidays).
HOLIDAYS = {
    2026: [
        (date(2026, 1, 1), "New Year’s Day"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 4), "Early May bank holiday"),
        (date(2026, 5, 25), "Spring bank holiday"),
        (date(2026, 8, 31), "Summer bank holiday"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
    ],
    2027: [
        (date(2027, 1, 1), "New Year’s Day"),
        (date(2027, 3, 26), "Good Friday"),
        (date(2027, 3, 29), "Easter Monday"),
        (date(2027, 5, 3), "Early May bank holiday"),
        (date(2027, 5, 31), "Spring bank holiday"),
        (date(2027, 8, 30), "Summer bank holiday"),
        (date(2027, 12, 27), "Christmas Day (substitute day)"),
        (date(2027, 12, 28), "Boxing Day (substitute day)"),
    ],
}


def write_reference(using: str = "default") -> None:
    """Write what is missing; what is there stays. A second run reads four small tables and writes nothing."""
    with transaction.atomic(using=using):
        _write_countries(using)
        existing = set(Zone.objects.using(using).values_list("code", flat=True))
        for position, code in enumerate(ZONES):
            if code not in existing:
                _write_zone(code, position, using)
        Dispatch.objects.using(using).get_or_create(pk=1, defaults={"cut_off": time(12), "packing_days": 1})
        _write_holidays(using)


def _write_zone(code: str, position: int, using: str) -> None:
    name, vat_due = ZONES[code]
    zone = Zone.objects.using(using).create(code=code, name=name, vat_due=vat_due, position=position)
    names = _country_names()
    places = [
        Destination(code=country, name=names[country], zone=zone) for country in COUNTRIES[code].split()
    ]
    Destination.objects.using(using).bulk_create(places, ignore_conflicts=True)
    methods = [_method(zone, place, row) for place, row in enumerate(METHODS[code])]
    DeliveryMethod.objects.using(using).bulk_create(methods, ignore_conflicts=True)


def _method(zone: Zone, position: int, row: tuple[str, str, str, str | None, int, int]) -> DeliveryMethod:
    code, name, price, free_from, min_days, max_days = row
    return DeliveryMethod(
        zone=zone,
        position=position,
        code=code,
        name=name,
        price=Decimal(price),
        free_from=Decimal(free_from) if free_from else None,
        min_days=min_days,
        max_days=max_days,
    )


def _write_holidays(using: str) -> None:
    known = {day.year for day in Holiday.objects.using(using).values_list("day", flat=True)}
    missing = [
        Holiday(day=day, name=name) for year in HOLIDAYS.keys() - known for day, name in HOLIDAYS[year]
    ]
    Holiday.objects.using(using).bulk_create(missing, ignore_conflicts=True)


def _write_countries(using: str) -> None:
    """Write Oscar's own country rows, which placed orders' addresses point at."""
    countries: Any = get_model("address", "Country")
    codes = " ".join(COUNTRIES.values()).split()
    known = set(countries.objects.using(using).values_list("pk", flat=True))
    names = _country_names()
    missing = [
        countries(pk=code, printable_name=names[code], name=names[code], is_shipping_country=True)
        for code in codes
        if code not in known
    ]
    countries.objects.using(using).bulk_create(missing, ignore_conflicts=True)


def _country_names() -> dict[str, str]:
    return dict(Locale("en", "GB").territories)
