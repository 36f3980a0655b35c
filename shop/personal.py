"""Who keeps what about a person: each room says so at start-up, for the export and for erasure.

A room that holds addresses or a person's words registers a `Keeper` in its `apps.py`; a test fails for a model with
a personal column that no keeper names. Imports nothing of ours.
"""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Q

#: What a page or file shows of one thing: names in plain words, values as text, numbers, dates, or lists of such.
Facts = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """An address that an account has proved to be its own, and the time for which what was done with it is its own.

    That begins when another account gave the address up, and ends when this one did; mostly it does neither.
    """

    email: str
    since: datetime | None = None
    until: datetime | None = None

    def span(self, at: str) -> Q:
        """Match rows whose column `at` lies in that time."""
        after = Q(**{f"{at}__gt": self.since}) if self.since else Q()
        return after & (Q(**{f"{at}__lte": self.until}) if self.until else Q())


@dataclass(frozen=True)
class Person:
    """Whose data it is: an account, and the addresses it has or had, the present one first."""

    user_id: int
    addresses: tuple[Held, ...]

    @property
    def email(self) -> str:
        """The present address."""
        return self.addresses[0].email

    def wrote(self, address: str, at: str) -> Q:
        """Match rows with one of the addresses in a column, made (column `at`) while it was this person's."""
        mine = Q(pk__in=[])
        for held in self.addresses:
            mine |= Q(**{f"{address}__iexact": held.email}) & held.span(at)
        return mine


class Keeper(ABC):
    """One kind of thing kept about people; `models` names the tables (`order.Order`) it answers for."""

    name: ClassVar[str]
    title: ClassVar[Any]
    models: ClassVar[tuple[str, ...]]
    #: Erased after the others, which may find what is the person's by it.
    goes_last: ClassVar[bool] = False

    @abstractmethod
    def export(self, person: Person) -> list[Facts]:
        """Return everything kept about the person, oldest first."""

    @abstractmethod
    def erase(self, person: Person) -> None:
        """Erase it in the caller's transaction; a second call changes nothing."""

    def payments(self, person: Person) -> Iterable[uuid.UUID]:
        """Return the payments that erasing changes: they are locked before anything else, as settle does."""
        return []

    def refusals(self, person: Person) -> list[str]:
        """Return why it cannot be erased yet, in words for the person; usually nothing."""
        return []


_keepers: dict[str, Keeper] = {}


def register(keeper: Keeper) -> None:
    """Add a keeper; a second registration of its name replaces the first."""
    _keepers[keeper.name] = keeper


def keepers() -> Iterable[Keeper]:
    """Return every keeper, in the order things are erased in."""
    return sorted(_keepers.values(), key=lambda keeper: keeper.goes_last)
