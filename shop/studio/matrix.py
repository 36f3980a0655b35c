"""The grid between what was chosen and what is made: one row a variant, with its SKU, price and opening stock."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from catalogue.models import Colour, Design, Garment, GarmentSize, Product
from shop.partner.models import StockRecord
from shop.studio.models import RangeDraft

#: More rows than this are a slip of the finger; each is four fields of one form.
MOST_ROWS = 200
MOST_PIECES = 100_000
DEAREST = Decimal("9999.99")
COLUMNS = ("sku", "price", "pieces")
Known = dict[tuple[int, int, int], StockRecord]
_SKU = re.compile(r"^[A-Z0-9][A-Z0-9._-]{0,59}$")
_PRICE = re.compile(r"^£?\s*(\d{1,6})(?:[.,](\d{1,2}))?$")


@dataclass
class Row:
    """One variant as staff typed it; `exists` says that the catalogue has it, and then it is left alone."""

    number: int
    garment: Garment
    colour: Colour
    size: GarmentSize
    sku: str = ""
    price: str = ""
    pieces: str = ""
    kept: bool = True
    exists: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.garment.pk}-{self.colour.pk}-{self.size.pk}"

    @property
    def name(self) -> str:
        return f"{self.garment.name}, {self.colour.name}, {self.size.code}"

    @property
    def is_made(self) -> bool:
        return self.kept and not self.exists

    def as_json(self) -> dict[str, Any]:
        """Return what the job needs to know; the values have been checked."""
        return {
            "garment": self.garment.pk,
            "colour": self.colour.pk,
            "size": self.size.pk,
            "sku": self.sku,
            "price": self.price,
            "pieces": int(self.pieces),
        }


@dataclass
class Grid:
    """All rows of a draft; `errors` are in words for the whole page, rows have their own beside them."""

    design: Design
    rows: list[Row]
    errors: list[str] = field(default_factory=list)

    @property
    def made(self) -> list[Row]:
        return [row for row in self.rows if row.is_made]

    def fill(self, values: Mapping[str, str]) -> None:
        """Take what was typed into the rows."""
        for row in self.rows:
            if row.exists:
                continue
            row.kept = f"keep-{row.key}" in values
            for column in COLUMNS:
                setattr(row, column, values.get(f"{column}-{row.key}", "").strip())

    def paste(self, column: str, text: str) -> None:
        """Take a column of a spreadsheet, one line a row; a blank line leaves its row. All of it or nothing."""
        lines = text.rstrip().splitlines()
        if len(lines) != len(self.rows):
            words = {"lines": len(lines), "rows": len(self.rows), "column": _names()[column]}
            self.errors.append(
                _("%(column)s: you pasted %(lines)s lines, but there are %(rows)s rows.") % words
            )
            return
        before = [getattr(row, column) for row in self.rows]
        for row, line in zip(self.rows, lines, strict=True):
            if line.strip() and not row.exists:
                setattr(row, column, line.strip())
        wrong = self._check(column)
        if wrong:
            self.errors += wrong
            for row, value in zip(self.rows, before, strict=True):
                setattr(row, column, value)

    def check(self) -> bool:
        """Check every row that will be made, tidy its values, and say whether all are right."""
        self.errors += [error for column in COLUMNS for error in self._check(column, mark=True)]
        self.errors += self._repeated_skus()
        if not self.made and not any(row.exists for row in self.rows):
            self.errors.append(_("Every row is struck out, so there is nothing to make."))
        return not self.errors

    def _check(self, column: str, *, mark: bool = False) -> list[str]:
        wrong = []
        for row in self.made:
            value, error = _READ[column](getattr(row, column))
            if error:
                wrong.append(_("Row %(number)s (%(name)s): %(error)s") % _words(row, error))
                if mark:
                    row.errors[column] = error
            else:
                setattr(row, column, value)
        return wrong

    def _repeated_skus(self) -> list[str]:
        taken = _taken(row.sku for row in self.made)
        seen: dict[str, Row] = {}
        wrong = []
        for row in self.made:
            first = seen.setdefault(row.sku, row)
            if first is not row:
                error = _("the SKU %(sku)s is row %(number)s's.") % {"sku": row.sku, "number": first.number}
            elif row.sku in taken:
                error = _("the SKU %(sku)s belongs to another variant.") % {"sku": row.sku}
            else:
                continue
            row.errors["sku"] = error
            wrong.append(_("Row %(number)s (%(name)s): %(error)s") % _words(row, error))
        return wrong


def grid_of(draft: RangeDraft) -> Grid:
    """Return the rows of what was chosen, with their defaults, by garment, colour and size."""
    garments = Garment.objects.in_bulk([choice["garment"] for choice in draft.choices["garments"]])
    known = _known(draft.design_id)
    rows: list[Row] = []
    for choice in draft.choices["garments"]:
        if garment := garments.get(choice["garment"]):
            rows += _rows(draft, garment, choice, known, len(rows))
    return Grid(draft.design, rows)


def _rows(
    draft: RangeDraft, garment: Garment, choice: Mapping[str, Any], known: Known, before: int
) -> list[Row]:
    colours = Colour.objects.filter(pk__in=choice["colours"])
    sizes = list(garment.sizes.filter(pk__in=choice["sizes"]))
    rows = [Row(0, garment, colour, size) for colour in colours for size in sizes]
    for row in rows:
        before += 1
        row.number = before
        _begin(row, draft, choice["price"], known.get((garment.pk, row.colour.pk, row.size.pk)))
    return rows


def _begin(row: Row, draft: RangeDraft, price: str, record: StockRecord | None) -> None:
    """Give a row what the catalogue has of it, else what was chosen for all."""
    if record:
        row.exists = True
        row.sku, row.price, row.pieces = record.partner_sku, str(record.price), str(record.num_in_stock)
    else:
        row.sku = default_sku(draft.design, row.garment, row.colour, row.size)
        row.price, row.pieces = price, str(draft.choices["pieces"])


def default_sku(design: Design, garment: Garment, colour: Colour, size: GarmentSize) -> str:
    """Return the SKU a variant gets unless staff give it another."""
    return re.sub(r"[^A-Z0-9._-]+", "-", f"{design.code}-{garment.code}-{colour.code}-{size.code}".upper())


def _known(design_id: int) -> Known:
    """Return the variants that the catalogue has of a design, by garment, colour and size."""
    records = StockRecord.objects.filter(product__parent__design=design_id).select_related("product__parent")
    return {
        (record.product.parent.garment_id, record.product.colour_id, record.product.size_id): record
        for record in records
    }


def _taken(skus: Iterable[str]) -> set[str]:
    wanted = list(skus)
    records = StockRecord.objects.filter(partner_sku__in=wanted).values_list("partner_sku", flat=True)
    return {*records, *Product.objects.filter(upc__in=wanted).values_list("upc", flat=True)}


def _words(row: Row, error: str) -> dict[str, object]:
    return {"number": row.number, "name": row.name, "error": error}


def _names() -> dict[str, str]:
    return {"sku": _("SKU"), "price": _("Price"), "pieces": _("Opening stock")}


def _read_sku(text: str) -> tuple[str, str]:
    sku = text.upper()
    if _SKU.match(sku):
        return sku, ""
    return "", _("“%(text)s” is not a SKU: letters, digits, dots and dashes only.") % {"text": text[:60]}


def _read_price(text: str) -> tuple[str, str]:
    try:
        found = _PRICE.match(text)
        price = Decimal(f"{found[1]}.{(found[2] or '0'):0<2}") if found else Decimal("NaN")
        if Decimal("0.01") <= price <= DEAREST:
            return str(price), ""
    except InvalidOperation:
        pass
    return "", _("“%(text)s” is not a price between 0.01 and 9,999.99.") % {"text": text[:60]}


def _read_pieces(text: str) -> tuple[str, str]:
    if text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= MOST_PIECES:
        return str(int(text)), ""
    return "", _("“%(text)s” is not a number of pieces between 0 and 100,000.") % {"text": text[:60]}


_READ = {"sku": _read_sku, "price": _read_price, "pieces": _read_pieces}
