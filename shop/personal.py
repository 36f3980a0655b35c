"""Who keeps what about a person: each room says so at start-up, for the export and for erasure.

A room that holds addresses or a person's words registers a `Keeper` in its `apps.py`; a test fails for a model with
a personal column that no keeper names. Imports nothing of ours.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

#: What a page or file shows of one thing: names in plain words, values as text, numbers, dates, or lists of such.
Facts = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Whose data it is: an account, and the address it has proved to be its own."""

    user_id: int
    email: str


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
