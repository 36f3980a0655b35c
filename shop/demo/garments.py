"""The sample garments: what they are made of, how they measure, what they cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalogue.mockups import BLANKS
from catalogue.models import Colour, Garment, GarmentSize
from shop.demo.artwork import CLOTH
from shop.partner.models import PieceCost

COLOUR_NAMES = {
    "paper": "Paper white",
    "ink": "Ink black",
    "signal": "Signal red",
    "moss": "Moss green",
    "dusk": "Dusk blue",
}
MAKER = "Sample Knitting Mill Ltd, 1 Example Yard, Exampleton EX1 1AA, United Kingdom"
RESPONSIBLE_PERSON = "Sample Textiles Europe Ltd, 2 Example Quay, Exampleford D00 X000, Ireland"
#: Before anything was sold.
COSTS_SINCE = date(2026, 1, 1)


@dataclass(frozen=True)
class Size:
    """One size, flat, in millimetres, and what a piece of it is sold for."""

    code: str
    name: str
    width: int
    length: int
    price: Decimal
    sleeve: int | None = None


@dataclass(frozen=True)
class Blank:
    """What the catalogue says of a garment; `blank` is the mockup template that draws it."""

    code: str
    blank: str
    name: str
    colours: tuple[str, ...]
    sizes: tuple[Size, ...]
    tolerance: int
    facts: Mapping[str, object]
    costs: Mapping[str, Decimal]


_SHIRT_PRICE, _SMALL, _LARGE = Decimal("25.00"), Decimal("29.00"), Decimal("38.00")
TSHIRT = Blank(
    "t-shirt",
    "tshirt",
    "T-shirt",
    ("paper", "ink", "signal", "moss", "dusk"),
    (
        Size("XS", "Extra small", 455, 660, _SHIRT_PRICE, 190),
        Size("S", "Small", 485, 690, _SHIRT_PRICE, 200),
        Size("M", "Medium", 520, 720, _SHIRT_PRICE, 210),
        Size("L", "Large", 555, 740, _SHIRT_PRICE, 220),
        Size("XL", "Extra large", 590, 760, _SHIRT_PRICE, 225),
        Size("2XL", "Double extra large", 630, 780, _SHIRT_PRICE, 235),
        Size("3XL", "Triple extra large", 670, 800, _SHIRT_PRICE, 240),
    ),
    tolerance=15,
    facts={
        "kind": Garment.Kind.TSHIRT,
        "fabric": "100 % organic cotton, combed, 180 g/m²",
        "care": "Wash at 30 °C, inside out. Do not tumble dry. Iron on the other side.",
        "fit": "Straight cut; between two sizes, take the larger.",
        "weight_grams": 190,
    },
    costs={"cloth": Decimal("7.20"), "printing": Decimal("3.10"), "packing": Decimal("1.35")},
)
CUSHION = Blank(
    "cushion",
    "cushion",
    "Cushion",
    ("paper", "signal", "dusk"),
    (
        Size("45", "45 × 45 cm", 450, 450, _SMALL),
        Size("60", "60 × 60 cm", 600, 600, _LARGE),
    ),
    tolerance=10,
    facts={
        "kind": Garment.Kind.CUSHION,
        "fabric": "Cover: 100 % cotton canvas, 280 g/m². Filling: recycled polyester.",
        "care": "Take the cover off and wash it at 30 °C. Dry flat.",
        "fit": "Hidden zip; the filling is included.",
        "weight_grams": 620,
    },
    costs={"cloth": Decimal("10.40"), "printing": Decimal("3.60"), "packing": Decimal("2.20")},
)
SAMPLE = (TSHIRT, CUSHION)


def write_garments() -> dict[str, Garment]:
    """Write the colours, garments and sizes that are missing and return the garments by mockup template."""
    colours = {code: _colour(code, position) for position, code in enumerate(CLOTH)}
    return {blank.blank: _garment(blank, colours) for blank in SAMPLE}


def _colour(code: str, position: int) -> Colour:
    values = {"name": COLOUR_NAMES[code], "hex": CLOTH[code], "position": position}
    return Colour.objects.get_or_create(code=code, defaults=values)[0]


def _garment(blank: Blank, colours: Mapping[str, Colour]) -> Garment:
    width, height = BLANKS[blank.blank].print_mm
    values = {
        "name": blank.name,
        "blank": blank.blank,
        "maker": MAKER,
        "responsible_person": RESPONSIBLE_PERSON,
        "print_width_mm": width,
        "print_height_mm": height,
        **blank.facts,
    }
    garment, is_new = Garment.objects.get_or_create(code=blank.code, defaults=values)
    if is_new:
        garment.colours.set([colours[code] for code in blank.colours])
        GarmentSize.objects.bulk_create(
            [_size(garment, size, position, blank.tolerance) for position, size in enumerate(blank.sizes)]
        )
        PieceCost.objects.create(garment=garment, valid_from=COSTS_SINCE, **blank.costs)
    return garment


def _size(garment: Garment, size: Size, position: int, tolerance: int) -> GarmentSize:
    return GarmentSize(
        garment=garment,
        code=size.code,
        name=size.name,
        position=position,
        width_mm=size.width,
        length_mm=size.length,
        sleeve_mm=size.sleeve,
        tolerance_mm=tolerance,
    )


def prices_of(garment: Garment) -> dict[int, Decimal]:
    """Return the sample price of each size (by key); any other size costs what the dearest does."""
    sample = {size.code: size.price for blank in SAMPLE if blank.code == garment.code for size in blank.sizes}
    return {size.pk: sample.get(size.code, max(sample.values())) for size in garment.sizes.all()}
