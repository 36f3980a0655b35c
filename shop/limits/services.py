"""Count tries and say when there were enough. Call these outside a transaction that may be rolled back."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from shop.limits.models import Tally
from shop.testpoints import is_on

#: No limit looks back further.
LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """At most `most` tries of one asker within that time, counted from the first of them."""

    what: str
    most: int
    within: timedelta


def take(limit: Limit, who: str) -> bool:
    """Count one more try and return whether it may go on; one beyond the limit is refused and not counted.

    `who` is anything that tells askers apart (`shop.client.client_key`, an address); capitals do not count.
    """
    now = timezone.now()
    mine = _tally(limit, who)
    if not mine.exists():
        Tally.objects.get_or_create(what=limit.what, who=_hash(who), defaults={"since": now})
    mine.filter(since__lte=now - limit.within).update(tries=0, since=now)
    within = Q(tries__lt=limit.most) if is_on("limit") else Q()
    return bool(mine.filter(within).update(tries=F("tries") + 1))


def take_all(*tries: tuple[Limit, str]) -> bool:
    """Take one try of each in turn, as far as the first that refuses; return whether all may go on."""
    return all(take(limit, who) for limit, who in tries)


def give_back(limit: Limit, who: str) -> None:
    """Take the latest try back: it turned out not to be one that counts."""
    _tally(limit, who).filter(tries__gt=0).update(tries=F("tries") - 1)


def forget(limit: Limit, who: str) -> None:
    """Start over: what was tried was right after all."""
    _tally(limit, who).delete()


def _tally(limit: Limit, who: str) -> QuerySet[Tally]:
    return Tally.objects.filter(what=limit.what, who=_hash(who))


def _hash(who: str) -> str:
    return salted_hmac("shop.limits", who.strip().lower(), algorithm="sha256").hexdigest()
