"""Which e-mail addresses are an account's, and from when to when: so what was done with them is its own, or is not."""

from dataclasses import replace
from datetime import datetime

from shop.customer.models import FormerAddress
from shop.personal import Held, Person
from shop.transactions import require_transaction
from shop.users.models import User


def person_of(user: User) -> Person:
    """Return the account as keepers know it; two queries.

    What was done with an address before another account gave it up is that one's: addresses are given to other
    people, at companies and by providers.
    """
    former = [Held(row.email, until=row.until) for row in user.former_addresses.order_by("-until")]
    mine = [Held(user.email), *former]
    others = FormerAddress.objects.filter(email__in={held.email.lower() for held in mine}).exclude(user=user)
    given_up = list(others.values_list("email", "until"))
    return Person(user.pk, tuple(replace(held, since=_since(held, given_up)) for held in mine))


def _since(held: Held, given_up: list[tuple[str, datetime]]) -> datetime | None:
    """Return when another account gave the address up last, before this one did."""
    ends = [until for email, until in given_up if email == held.email.lower()]
    return max((end for end in ends if held.until is None or end < held.until), default=None)


def give_up(user: User, email: str, *, now: datetime) -> None:
    """Note that the account had this address until now, in the caller's transaction."""
    require_transaction()
    FormerAddress.objects.create(user=user, email=email.lower(), until=now)
