"""Files for the printer: an artwork at print size, and one ZIP for chosen orders with counts and a pick list."""

import csv
import hashlib
import io
import re
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image

from catalogue.mockups.blanks import BLANKS
from catalogue.models import Colour, Design, Garment, Product
from shop.order.models import Line, Order
from shop.studio import artwork
from shop.studio.checks import is_dark

DPI = 300
MM_PER_INCH = 25.4
#: Prepared files are kept here, under a name made of what they were made from; the store serves none of it.
FOLDER = "print-files"
#: What a spreadsheet would take for a formula.
_FORMULA = re.compile(r"^[\s]*[=+\-@]|^[\t\r\n]")


def print_file(design: Design, garment: Garment, colour: Colour) -> str:
    """Return the stored PNG of a print at its real size, made the first time (some seconds of one core).

    FileNotFoundError when the artwork is gone.
    """
    source = artwork.name_for(design, colour)
    size = (garment.print_width_mm, garment.print_height_mm)
    blank = BLANKS.get(garment.blank)
    recipe = repr((source, size, blank.valign if blank else 0.0, DPI))
    name = f"{FOLDER}/{hashlib.sha256(recipe.encode()).hexdigest()[:24]}.png"
    if not default_storage.exists(name):
        with default_storage.open(source) as file, Image.open(file) as picture:
            data = at_print_size(picture, *size, valign=blank.valign if blank else 0.0)
        default_storage.save(name, ContentFile(data))
    return name


def at_print_size(picture: Image.Image, width_mm: int, height_mm: int, *, valign: float) -> bytes:
    """Return a transparent PNG of the whole print area at 300 dpi, the artwork as large as it fits."""
    room = tuple(round(mm / MM_PER_INCH * DPI) for mm in (width_mm, height_mm))
    scale = min(room[0] / picture.width, room[1] / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    rgba = picture if picture.mode == "RGBA" else picture.convert("RGBA")
    fitted = rgba.resize(size, Image.Resampling.LANCZOS)
    sheet = Image.new("RGBA", (room[0], room[1]), (0, 0, 0, 0))
    sheet.paste(fitted, ((room[0] - size[0]) // 2, round((room[1] - size[1]) * valign)))
    data = io.BytesIO()
    sheet.save(data, "PNG", dpi=(DPI, DPI), compress_level=3)
    return data.getvalue()


def file_name(design: Design, garment: Garment, colour: Colour) -> str:
    """Return what a print file is called for people: the design, and for which cloth when there are two."""
    cloth = ("-dark-cloth" if is_dark(colour.hex) else "-light-cloth") if design.artwork_dark else ""
    return f"{slugify(garment.name)}/{slugify(design.code)}{cloth}.png"


@dataclass(frozen=True)
class Print:
    """A print file of a product: the cloth it is for, and a variant by whose key it is fetched."""

    name: str
    colours: tuple[str, ...]
    variant_id: int


def prints_of(product: Product) -> list[Print]:
    """Return a product's print files, one for each artwork; nothing for a product without a design.

    Reads the product's design, garment and children with their colours: fetch them with it.
    """
    if not (product.design and product.garment):
        return []
    found: dict[str, list[Product]] = {}
    for variant in sorted(product.children.all(), key=lambda variant: variant.pk):
        name = file_name(product.design, product.garment, variant.colour)
        found.setdefault(name.split("/")[-1], []).append(variant)
    return [
        Print(name, tuple(dict.fromkeys(str(variant.colour) for variant in variants)), variants[0].pk)
        for name, variants in sorted(found.items())
    ]


# --- Chosen orders ----------------------------------------------------------------------------------


def pack(orders: Iterable[Order]) -> IO[bytes]:
    """Return a ZIP for the printer of what these orders still have to be sent: prints, counts, pick list.

    The caller closes it. A line without a design, or whose artwork is gone, is only in the lists, which say so.
    """
    lines = _unshipped(orders)
    prints = _prints(lines)
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (handed to the answer, which closes it)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, stored in prints.items():
            with default_storage.open(stored) as source:
                archive.writestr(name, source.read(), zipfile.ZIP_STORED)
        archive.writestr("counts.csv", _counts(lines, prints))
        archive.writestr("pick-list.csv", _pick_list(lines, prints))
    file.seek(0)
    return file


def _unshipped(orders: Iterable[Order]) -> list[Line]:
    lines = Line.objects.filter(order__in=orders).select_related(
        "order", "product__parent__design", "product__parent__garment", "product__colour", "product__size"
    )
    return [line for line in lines.order_by("order_id", "pk") if line.unshipped > 0]


def _printed(line: Line) -> tuple[Design, Garment, Colour] | None:
    variant: Product | None = line.product
    parent = variant.parent if variant else None
    if variant is None or parent is None or not (parent.design and parent.garment and variant.colour):
        return None
    return parent.design, parent.garment, variant.colour


def _print_name(line: Line, prints: Mapping[str, str]) -> str:
    found = _printed(line)
    if found is None:
        return ""
    name = file_name(*found)
    return name if name in prints else _("the artwork is missing")


def _prints(lines: Sequence[Line]) -> dict[str, str]:
    """Return the stored print files by their names in the ZIP."""
    wanted = {file_name(*found): found for line in lines if (found := _printed(line))}
    prints = {}
    for name, found in sorted(wanted.items()):
        try:
            prints[name] = print_file(*found)
        except FileNotFoundError:
            continue
    return prints


def _counts(lines: Sequence[Line], prints: Mapping[str, str]) -> str:
    pieces: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        key = (_print_name(line, prints), line.title, line.colour_name, line.size_name, line.partner_sku)
        pieces[key] += line.unshipped
    head = [_("Print file"), _("Product"), _("Colour"), _("Size"), _("SKU"), _("Pieces")]
    return _csv(head, [[*key, count] for key, count in sorted(pieces.items())])


def _pick_list(lines: Sequence[Line], prints: Mapping[str, str]) -> str:
    head = [_("Order"), _("SKU"), _("Product"), _("Colour"), _("Size"), _("Pieces"), _("Print file")]
    rows = [
        [
            line.order.number,
            line.partner_sku,
            line.title,
            line.colour_name,
            line.size_name,
            line.unshipped,
            _print_name(line, prints),
        ]
        for line in lines
    ]
    return _csv(head, rows)


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([defused(value) for value in row] for row in rows)
    return "\ufeff" + text.getvalue()


def defused(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
