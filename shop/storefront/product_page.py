"""What a product's page shows, put together from its rooms and made ready for its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import starmap
from typing import Any

from django.conf import settings
from django.utils import timezone

from catalogue.models import Garment, GarmentSize
from catalogue.selectors import ProductPage, product_url
from catalogue.sizing import Size
from shop.articles.models import ArticleDesign
from shop.articles.selectors import designs_told, stories_behind
from shop.checkout.pricing import VAT_RATES
from shop.freshness.memory import once_a_version
from shop.partner.costs import Costs, Part, costs_of, parts_of_price
from shop.partner.selectors import prices_before
from shop.reviews.selectors import Reviews, reviews_of
from shop.storefront import delivery, picking, structured
from shop.storefront.clock import once_a_moment

__all__ = ["address_of", "context"]


@dataclass(frozen=True, slots=True)
class Shares:
    """A price and where it goes."""

    total: Decimal
    parts: tuple[Part, ...]


def context(
    found: ProductPage,
    *,
    sku: str = "",
    colour: str = "",
    size: str = "",
    reviews_page: int = 1,
    story: str = "",
) -> dict[str, Any]:
    """Return the template's context; an unknown SKU, colour or size is ignored.

    So is a story that is not one of the design's: what goes into the basket keeps the one its reader came from.
    """
    chosen = found.variant(sku=sku, colour=colour, size=size)
    product = found.product
    was = prices_before((variant.pk for variant in found.variants), now=timezone.now())
    promise = delivery.promise(delivery.HOME_COUNTRY, chosen.price if chosen else Decimal(0))
    reviews = reviews_of(product.pk, product.garment_id, number=reviews_page)
    stories = _stories(product.design_id)
    return {
        "page": found,
        "product": product,
        "chosen": chosen,
        "was": was.get(chosen.pk) if chosen else None,
        "stock": picking.stock_line(chosen) if chosen else "",
        "colours": picking.colours(found, chosen),
        "sizes": picking.sizes(found, chosen),
        "shots": picking.shots(found, chosen),
        "data": picking.data(found, was),
        "quantities": range(1, settings.MAX_OF_ONE_VARIANT + 1),
        "delivery": promise,
        "shares": _shares(found),
        "stories": stories,
        "came_from": next((link.article_id for link in stories if str(link.article_id) == story), None),
        "canonical": product_url(product),
        "reviews": reviews,
        **_neighbours(reviews, product_url(product)),
        "structured": _structured(found, promise, reviews),
        **measures_of(found),
    }


def _stories(design_id: int) -> list[ArticleDesign]:
    """Return the stories behind a design; most designs have none, and are not asked about."""
    return stories_behind(design_id) if design_id in _told() else []


_told = once_a_moment(designs_told)


def _shares(found: ProductPage) -> list[Shares]:
    """Return where the money goes, for each price a variant has; nothing while costs are not written."""
    garment = found.product.garment
    costs = garment and _costs(garment.pk, timezone.localdate())
    if not garment or not costs:
        return []
    rate = VAT_RATES[Garment.VatCode(garment.vat_code)]
    prices = dict.fromkeys(variant.price for variant in found.variants)
    made = [Shares(price, parts_of_price(price, costs=costs, vat_rate=rate)) for price in prices]
    return [shares for shares in made if shares.parts]


@once_a_version
def _costs(garment_id: int, on: date) -> Costs | None:
    return costs_of(garment_id, on=on)


def measures_of(found: ProductPage) -> Mapping[str, Any]:
    """Return the garment's sizes and by how much a piece may differ."""
    sizes = _sizes(found.product.garment_id) if found.product.garment_id else ()
    return {"measures": sizes, "tolerance": max((size.tolerance_mm for size in sizes), default=0)}


@once_a_version
def _sizes(garment_id: int) -> tuple[Size, ...]:
    rows = GarmentSize.objects.filter(garment=garment_id).values_list(*Size._fields)
    return tuple(starmap(Size, rows))


def address_of(found: ProductPage, pk: int) -> str:
    """Return the canonical address for a product's or variant's key."""
    sku = next((variant.sku for variant in found.variants if variant.pk == pk), "")
    return product_url(found.product) + (f"?variant={sku}" if sku else "")


def _neighbours(reviews: Reviews, url: str) -> dict[str, str]:
    """Return where the newer and the older reviews are."""
    previous = f"?reviews={reviews.number - 1}" if reviews.number > 2 else ""
    return {
        "newer_reviews": f"{url}{previous}" if reviews.number > 1 else "",
        "older_reviews": f"{url}?reviews={reviews.number + 1}" if reviews.number < reviews.pages else "",
    }


def _structured(found: ProductPage, promise: delivery.Promise | None, reviews: Reviews) -> structured.Thing:
    ratings = structured.ratings(reviews) if reviews.count else None
    group = structured.product_group(found, delivery=promise, ratings=ratings) if found.variants else None
    return structured.graph(group, structured.product_breadcrumbs(found.product))
