"""Entries in the order in which an engine found their keys."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet


def in_order(entries: QuerySet[Any], keys: Sequence[str]) -> list[Any]:
    """Return the entries with these keys; one that is gone is left out.

    Asks nothing when `entries` want `only` their keys: those are known.
    """
    fields, is_all_but = entries.query.deferred_loading
    if set(fields) == {"key"} and not is_all_but:
        return [entries.model.from_db(entries.db, ["key"], [key]) for key in keys]
    found = entries.in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found]
