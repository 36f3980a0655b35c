"""Every public product by what lists filter and sort it by, held in memory as sets of bits.

Counting what each filter would show by SQL reads every variant for every page. A `Shelf` reads them once; after
that a filter is an AND of a few whole numbers, in which bit n stands for the n-th newest product, so a page takes
the same time whatever the catalogue's size. It never changes: who keeps one knows when the catalogue did.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import compress, islice
from operator import or_
from typing import NamedTuple, overload

from catalogue.filters import ANY_PRICE, Filters

Bits = int
_FLAGS = bytes.maketrans(b"01", b"\0\1")


class Choice(NamedTuple):
    """One value a list can be filtered by."""

    code: str
    name: str
    hex: str = ""


class Cell(NamedTuple):
    """What lists know of a variant; its price lies between two whole numbers (which are one for a round price)."""

    colour: str
    size: str
    is_in_stock: bool
    floor: int
    ceiling: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """The products by the values they have; `orders` are their places by name and price, `designs` by design."""

    ids: Sequence[int]
    choices: Mapping[str, Sequence[Choice]]
    values: Mapping[str, Mapping[str, Bits]]
    cells: Mapping[Cell, Bits]
    orders: Mapping[str, Sequence[int]]
    designs: Mapping[int, Sequence[int]]

    @property
    def everything(self) -> Bits:
        return (1 << len(self.ids)) - 1

    @property
    def price_range(self) -> tuple[int, int]:
        """The whole numbers all prices lie between; zeros when there are none."""
        floors = [cell.floor for cell in self.cells]
        return min(floors, default=0), max((cell.ceiling for cell in self.cells), default=0)

    def of_designs(self, design_ids: Iterable[int]) -> Bits:
        """Return the products of these designs."""
        return reduce(or_, (1 << place for key in design_ids for place in self.designs.get(key, ())), 0)


class Selection(Sequence[int]):
    """The keys of the products that match, in the order asked for; only what is looked at is sorted out.

    `stories` says which products belong to each story that may be chosen.
    """

    def __init__(self, shelf: Shelf, filters: Filters, stories: Mapping[str, Bits] | None = None) -> None:
        self.shelf, self.filters = shelf, filters
        self.values = {**shelf.values, "story": stories or {}}
        self.bits = self._matching()

    def __len__(self) -> int:
        return self.bits.bit_count()

    @overload
    def __getitem__(self, wanted: int) -> int: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[int]: ...
    def __getitem__(self, wanted: int | slice) -> int | list[int]:
        if isinstance(wanted, int):
            return self[wanted : wanted + 1][0]
        return [self.shelf.ids[place] for place in islice(self._places(), wanted.start, wanted.stop)]

    def _places(self) -> Iterator[int]:
        flags = f"{self.bits:b}".encode().translate(_FLAGS)[::-1].ljust(len(self.shelf.ids), b"\0")
        order = self.shelf.orders.get(self.filters.sort)
        if order is None:
            return compress(range(len(flags)), flags)
        return (place for place in order if flags[place])

    def counts(self, kind: str) -> dict[str, int]:
        """Return how many products each value of a kind would show; what is chosen of that kind does not count."""
        filters = self.filters.without(kind)
        if kind in ("colour", "size"):
            matching = self._plain(filters)
            found = self._by(kind, filters)
            return {code: (bits & matching).bit_count() for code, bits in found.items()}
        matching = self._matching(filters)
        return {code: (bits & matching).bit_count() for code, bits in self.values[kind].items()}

    def would_show(self, filters: Filters) -> int:
        """Return how many products other filters would show."""
        return self._matching(filters).bit_count()

    def _matching(self, filters: Filters | None = None) -> Bits:
        filters = filters or self.filters
        bits = self._plain(filters)
        return bits & self._with_variant(filters) if filters.asks_variants else bits

    def _plain(self, filters: Filters) -> Bits:
        """The products that match in all but their variants."""
        bits = self.shelf.everything
        for kind, values in self.values.items():
            if chosen := getattr(filters, kind):
                bits &= reduce(or_, (values.get(code, 0) for code in chosen), 0)
        return bits

    def _with_variant(self, filters: Filters) -> Bits:
        return reduce(or_, (bits for cell, bits in self.shelf.cells.items() if _fits(cell, filters)), 0)

    def _by(self, kind: str, filters: Filters) -> dict[str, Bits]:
        found: dict[str, Bits] = defaultdict(int)
        for cell, bits in self.shelf.cells.items():
            if _fits(cell, filters):
                found[getattr(cell, kind)] |= bits
        return found


def _fits(cell: Cell, filters: Filters) -> bool:
    return (
        (not filters.colour or cell.colour in filters.colour)
        and (not filters.size or cell.size in filters.size)
        and (cell.is_in_stock or not filters.in_stock)
        and (filters.price == ANY_PRICE or filters.price.hold(cell.floor, cell.ceiling))
    )
