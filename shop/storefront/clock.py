"""When public pages change by the clock alone: nothing is written then, so the catalogue version stays.

At midnight dates move on, at the cut-off a parcel leaves a day later, and a story appears when it is published.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.utils import timezone

from shop.articles import selectors as articles
from shop.freshness.memory import once_a_version, version_now
from shop.shipping import selectors as shipping

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

#: The version that was asked for last, and when its pages change next.
_known: tuple[str, datetime] | None = None


def changes_at(version: str) -> datetime:
    """Return until when what is rendered from now on stays right while the catalogue version does.

    Two queries, once a process for each version and each moment that passes.
    """
    global _known  # noqa: PLW0603  (one small fact for all threads; the last one to write it wins)
    now = timezone.now()
    known = _known
    if known is None or known[0] != version or known[1] <= now:
        known = _known = version, min(_moments(now))
    return known[1]


def once_a_moment(load: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Decorate a reader as `once_a_version` does; it may also ask which stories are published by now."""

    @once_a_version
    def until(moment: datetime, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        return load(*args, **kwargs)

    @wraps(load)
    def remembered(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        return until(changes_at(version_now()), *args, **kwargs)

    return remembered


def _moments(now: datetime) -> Iterator[datetime]:
    today = now.astimezone(shipping.LONDON)
    yield _at(today + timedelta(days=1), time(0))
    cut_off = _at(today, shipping.cut_off())
    if cut_off > now:
        yield cut_off
    if story := articles.next_published(now):
        yield story


def _at(day: datetime, hour: time) -> datetime:
    return datetime.combine(day.date(), hour, tzinfo=shipping.LONDON)
