"""What machines read in a page: schema.org things as plain data, which the tag `json_ld` writes as a script.

One builder a thing; `graph` puts the things of a page together. Says only what the page itself shows: prices and
availability from the ledger, ratings from approved reviews. Addresses are whole, as other programs need them.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.models import Product
from catalogue.pictures import largest_url
from catalogue.selectors import Picture, ProductPage, Variant, product_url
from shop.reviews.models import ProductReview
from shop.reviews.selectors import Reviews
from shop.storefront.delivery import HOME_COUNTRY, Promise

Thing = dict[str, Any]

SCHEMA = "https://schema.org"
#: Days in which anybody may send a thing back, as the page on returns says.
RETURN_DAYS = 14


def graph(*things: Thing | None) -> Thing:
    """Return the page's things as one document; what is None is left out."""
    return {"@context": SCHEMA, "@graph": [thing for thing in things if thing]}


def absolute(path: str) -> str:
    """Return the whole address of a path of the store; a whole address stays as it is."""
    return path if not path or "//" in path else f"{settings.SITE_URL}{path}"


def breadcrumbs(*steps: tuple[str, str]) -> Thing:
    """Return the way from the shop to a page: names and paths, the page itself last."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }


def product_breadcrumbs(product: Product) -> Thing:
    index = reverse("catalogue:index")
    garment = [(product.garment.name, f"{index}?garment={product.garment.code}")] if product.garment else []
    return breadcrumbs((_("Shop"), index), *garment, (product.title, product_url(product)))


def product_group(
    page: ProductPage, *, delivery: Promise | None, ratings: Mapping[str, Any] | None = None
) -> Thing:
    """Return a product with all its variants, each with its offer; `ratings` come from approved reviews only."""
    product, garment = page.product, page.product.garment
    url = absolute(product_url(product))
    return {
        "@type": "ProductGroup",
        "@id": f"{url}#product",
        "productGroupID": group_id(product),
        "name": product.title,
        "description": (product.design.summary if product.design else "") or product.title,
        "url": url,
        "brand": {"@type": "Brand", "name": settings.SHOP_NAME},
        "material": garment.fabric if garment else "",
        "variesBy": [f"{SCHEMA}/color", f"{SCHEMA}/size"],
        "image": [picture_url(picture) for picture in page.pictures],
        "hasVariant": _variants(page, url, delivery),
        **(ratings or {}),
    }


def group_id(product: Product) -> str:
    """Return what all variants of a product share in feeds and on its page."""
    design, garment = product.design, product.garment
    return f"{design.code}-{garment.code}".upper() if design and garment else str(product.pk)


def picture_url(picture: Picture) -> str:
    return absolute(largest_url(picture.name, picture.width))


def _variants(page: ProductPage, url: str, delivery: Promise | None) -> list[Thing]:
    """Return every variant with its offer; the terms are written out once, and named by the other offers."""
    terms = _terms(url, delivery)
    named = {name: {"@id": thing["@id"]} for name, thing in terms.items()}
    pictures: dict[str, Picture] = {}
    for picture in page.pictures:
        pictures.setdefault(picture.colour, picture)
    return [
        _variant(page, variant, f"{url}?variant={variant.sku}", pictures.get(variant.colour.code), place)
        for variant, place in zip(page.variants, [terms, *[named] * len(page.variants)], strict=False)
    ]


def _variant(page: ProductPage, variant: Variant, url: str, picture: Picture | None, terms: Thing) -> Thing:
    return {
        "@type": "Product",
        "sku": variant.sku,
        "name": f"{page.product.title}, {variant.colour.name}, {variant.size}",
        "color": variant.colour.name,
        "size": variant.size,
        **({"image": picture_url(picture)} if picture else {}),
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": str(variant.price),
            "priceCurrency": settings.DEFAULT_CURRENCY,
            "availability": f"{SCHEMA}/{'InStock' if variant.available > 0 else 'OutOfStock'}",
            "itemCondition": f"{SCHEMA}/NewCondition",
            **terms,
        },
    }


def _terms(url: str, delivery: Promise | None) -> Thing:
    """Return what every offer of a page shares: how it is sent back, and how it is sent."""
    terms = {"hasMerchantReturnPolicy": return_policy() | {"@id": f"{url}#returns"}}
    if delivery:
        terms["shippingDetails"] = shipping_details(delivery) | {"@id": f"{url}#delivery"}
    return terms


def return_policy() -> Thing:
    return {
        "@type": "MerchantReturnPolicy",
        "applicableCountry": HOME_COUNTRY,
        "returnPolicyCategory": f"{SCHEMA}/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": RETURN_DAYS,
        "returnMethod": f"{SCHEMA}/ReturnByMail",
        "returnFees": f"{SCHEMA}/ReturnFeesCustomerResponsibility",
        "merchantReturnLink": absolute(reverse("page", args=["returns"])),
    }


def shipping_details(delivery: Promise) -> Thing:
    """Return price and days of the cheapest way to a country, as its page promises them."""
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": _amount(delivery.price),
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": delivery.code},
        "deliveryTime": {
            "@type": "ShippingDeliveryTime",
            "handlingTime": _days(0, delivery.packing_days),
            "transitTime": _days(delivery.min_days, delivery.max_days),
        },
    }


def _amount(value: Decimal) -> Thing:
    return {"@type": "MonetaryAmount", "value": str(value), "currency": settings.DEFAULT_CURRENCY}


def _days(least: int, most: int) -> Thing:
    return {"@type": "QuantitativeValue", "minValue": least, "maxValue": most, "unitCode": "DAY"}


def ratings(reviews: Reviews) -> Thing:
    """Return a product's rating and the reviews its page shows; call it only when there is one."""
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": str(reviews.average),
            "reviewCount": reviews.count,
            **_SCALE,
        },
        "review": [_review(review) for review in reviews.shown],
    }


_SCALE = {"bestRating": ProductReview.MOST, "worstRating": ProductReview.LEAST}


def _review(review: ProductReview) -> Thing:
    return {
        "@type": "Review",
        "name": review.title,
        "reviewBody": review.body,
        "datePublished": review.date_created.date().isoformat(),
        "author": {"@type": "Person", "name": review.name},
        "reviewRating": {"@type": "Rating", "ratingValue": review.score, **_SCALE},
    }
