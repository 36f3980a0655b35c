"""An address of every public view, for tests that look at all of them.

A new public view gets its line here: `tests/test_architecture.py` says which one is missing.
"""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from shop.storefront.public import sharing_of
from tests.factories import (
    a_design,
    a_garment,
    a_picture,
    a_piece_cost,
    a_product,
    a_review,
    an_article,
)

#: By the route's name: its path, filled in with what `a_full_store` returns.
ADDRESSES = {
    "home": "/",
    "page": "/pages/delivery/",
    "catalogue:index": "/catalogue/?colour=white&size=M&garment=tshirt&sort=price",
    "catalogue:detail": "{product}",
    "catalogue:size": "{product}size/?width=52",
    "catalogue:delivery": "{product}delivery/?country=GB",
    "search:results": "/search/?q=design",
    "search:suggest": "/search/suggest/?q=design",
    "stories:list": "/stories/",
    "stories:detail": "{story}",
    "donations:page": "/donate/",
    "robots": "/robots.txt",
    "sitemap": "/sitemap.xml",
    "sitemap_part": "/sitemap-products-1.xml",
    "merchant_feed": "/feeds/products.xml",
    "new_feed": "/feeds/new.atom",
    "design": "{design}",
    "shop_story": "/shop-story.js",
    "embed": "/embed/?article={article}",
    "buy": "/buy/{sku}:2",
    "oembed": "/oembed/?url=http://testserver{product}",
}
#: Public files are no pages: they are read from a folder.
FILES = {"media"}


def a_full_store() -> dict[str, str]:
    """Make a row of everything public pages can show and return the addresses that hang on them."""
    design = a_design(story="<p>Behind it.</p>")
    product = a_product(design=design)
    a_product(design=design, garment=a_garment("cushion"))
    a_piece_cost(product.parent.garment)
    a_review(product.parent)
    article = an_article(design, image=a_picture())
    return {
        "product": f"/catalogue/{product.parent.slug}_{product.parent.pk}/",
        "story": f"/stories/{article.slug}/",
        "article": article.url,
        "design": f"/designs/{design.slug}/",
        "sku": product.records[0].partner_sku,
    }


def addresses() -> list[str]:
    """Fill a store and return an address of each public view."""
    made = a_full_store()
    return [address.format(**made) for address in ADDRESSES.values()]


def names(patterns: list[Any] | None = None, space: str = "") -> Iterator[str]:
    """Yield the name of every public route that is mounted."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and sharing_of(pattern.callback):
            yield f"{space}{pattern.name}"
