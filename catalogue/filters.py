"""What a list of products is asked for. Plain values; reads nothing."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

#: The kinds of value a list is filtered by, of which any of those chosen may match.
KINDS = ("garment", "theme", "colour", "size", "story")
#: How a list can be sorted; the first is the default.
SORTS = ("new", "price", "price-down", "name")


class Prices(NamedTuple):
    """Whole pounds (or what the currency has) that a price lies between, both included; None is open."""

    least: int | None = None
    most: int | None = None

    def hold(self, floor: int, ceiling: int) -> bool:
        """Whether a price between these whole numbers lies within."""
        return (self.least is None or self.least <= floor) and (self.most is None or ceiling <= self.most)


ANY_PRICE = Prices()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which products a list shows: one of the chosen values of each kind; nothing chosen matches all.

    Colour, size, price and stock are asked of the same variant.
    """

    garment: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    story: tuple[str, ...] = ()
    price: Prices = ANY_PRICE
    in_stock: bool = False
    sort: str = ""

    @property
    def asks_variants(self) -> bool:
        return bool(self.colour or self.size or self.in_stock or self.price != ANY_PRICE)

    def without(self, kind: str) -> "Filters":
        """Return the same filters with nothing chosen of that kind (one of KINDS, "price" or "in_stock")."""
        nothing: Any = _NOTHING.get(kind, ())
        return replace(self, **{kind: nothing})

    def toggled(self, kind: str, code: str) -> "Filters":
        """Return the same filters with that value added, or taken away when it is chosen."""
        chosen = getattr(self, kind)
        left = tuple(each for each in chosen if each != code)
        changed: Any = left if code in chosen else (*chosen, code)
        return replace(self, **{kind: changed})


_NOTHING: dict[str, Any] = {"price": ANY_PRICE, "in_stock": False}
