"""The walks of the browser tests leave no page out."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.e2e.walks import COMES_BY, NO_PAGES, WALKS


def routes(patterns: list[Any], space: str = "") -> Iterator[str]:
    """Yield the name of every route but the back office's, where the staff's walk follows the links."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        elif isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            yield from routes(
                pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space
            )


def test_every_route_is_on_a_walk_or_is_no_page():
    walked = set().union(*COMES_BY.values())
    assert set(routes(get_resolver().url_patterns)) == walked | NO_PAGES
    assert walked & NO_PAGES == set()


def test_every_walk_is_one_that_is_walked():
    assert set(COMES_BY) == set(WALKS) - {"staff"}
