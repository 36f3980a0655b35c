"""The product list's address: which values are chosen, and the links that change them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from catalogue.selectors import SORTS, Choice, Filters

KINDS: Mapping[str, Any] = {
    "garment": _("Garment"),
    "theme": _("Theme"),
    "colour": _("Colour"),
    "size": _("Size"),
}
SORT_NAMES: Mapping[str, Any] = {
    "new": _("Newest"),
    "price": _("Price, low to high"),
    "price-down": _("Price, high to low"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """One value as a link that adds it, or takes it away when it is chosen."""

    name: str
    url: str
    is_chosen: bool
    hex: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One kind of value and its links."""

    code: str
    name: str
    links: tuple[Link, ...]

    @property
    def chosen(self) -> list[Link]:
        return [link for link in self.links if link.is_chosen]


def read_filters(query: QueryDict, choices: Mapping[str, Sequence[Choice]]) -> Filters:
    """Return the filters in the address; what is not a known value is ignored."""
    asked = {kind: set(query.getlist(kind)) for kind in KINDS}
    known = {kind: tuple(c.code for c in choices[kind] if c.code in asked[kind]) for kind in KINDS}
    sort = query.get("sort", "")
    return Filters(**known, sort=sort if sort in SORTS and sort != "new" else "")


def facets(filters: Filters, choices: Mapping[str, Sequence[Choice]]) -> list[Facet]:
    return [
        Facet(kind, name, tuple(_link(filters, kind, choice) for choice in choices[kind]))
        for kind, name in KINDS.items()
    ]


def sort_links(filters: Filters) -> list[Link]:
    chosen = filters.sort or "new"
    return [
        Link(name, list_url(filters, sort="" if sort == "new" else sort), sort == chosen)
        for sort, name in SORT_NAMES.items()
    ]


def list_url(filters: Filters, **changes: Any) -> str:
    """Return the list's address with these filters, some of them changed; empty values are left out."""
    values = {kind: getattr(filters, kind) for kind in (*KINDS, "sort")} | changes
    query = urlencode({key: value for key, value in values.items() if value}, doseq=True)
    return reverse("catalogue:index") + (f"?{query}" if query else "")


def _link(filters: Filters, kind: str, choice: Choice) -> Link:
    chosen: tuple[str, ...] = getattr(filters, kind)
    is_chosen = choice.code in chosen
    left = tuple(code for code in chosen if code != choice.code)
    url = list_url(filters, **{kind: left if is_chosen else (*chosen, choice.code)})
    return Link(choice.name, url, is_chosen, choice.hex)
