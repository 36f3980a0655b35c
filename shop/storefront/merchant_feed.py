"""The feed of all variants for Google Merchant and its kin, `/feeds/products.xml` (RSS 2.0 with `g:` attributes).

Sent while it is read, a few hundred products at a time, so that a catalogue of any size takes little memory; whoever
has it already is told so without reading more than the catalogue version.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from html import unescape
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from catalogue.models import Garment, Product
from catalogue.selectors import Picture, Variant, pictures_of, product_url, public_products, variants_of
from shop.articles.selectors import withheld_designs
from shop.freshness.selectors import catalogue_version
from shop.partner.selectors import prices_before
from shop.shipping import selectors as shipping
from shop.shipping.models import DeliveryMethod
from shop.storefront.delivery import HOME_COUNTRY
from shop.storefront.markup import DECLARATION, element, opening, parent
from shop.storefront.public import public
from shop.storefront.release import release
from shop.storefront.structured import absolute, group_id, picture_url

#: Products read at a time, with all their variants.
CHUNK = 250
#: What the reader takes: letters of a title, a description, a highlight; pictures beside the first.
_TITLE, _DESCRIPTION, _HIGHLIGHT, _PICTURES = 150, 5000, 150, 10
#: Google's own names for what we sell.
_CATEGORIES = {
    Garment.Kind.TSHIRT: "Apparel & Accessories > Clothing > Shirts & Tops",
    Garment.Kind.CUSHION: "Home & Garden > Decor > Throw Pillows",
}
_APPAREL = {"g:gender": "unisex", "g:age_group": "adult"}
_NAMESPACES = {"version": "2.0", "xmlns:g": "http://base.google.com/ns/1.0"}


@dataclass(frozen=True, slots=True)
class Sending:
    """How parcels reach the home country; `methods` is empty when they do not."""

    methods: Sequence[DeliveryMethod]
    packing_days: int


def _mark(request: HttpRequest) -> str:
    """Return an ETag that changes with the catalogue, and with the day: prices are announced as reduced for a time."""
    parts = release(), catalogue_version(), timezone.localdate().isoformat()
    return f'W/"{hashlib.blake2b("|".join(parts).encode(), digest_size=16).hexdigest()}"'


@public(kept=False)
@require_safe
@condition(etag_func=_mark)
@gzip_page
def merchant_feed(request: HttpRequest) -> HttpResponseBase:
    """Send every variant that can be shown (five queries, and four for each CHUNK products)."""
    response = StreamingHttpResponse(_document(), content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = "public, no-cache"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _document() -> Iterator[str]:
    sending = _sending()
    yield DECLARATION + opening("rss", _NAMESPACES) + "<channel>"
    yield element("title", settings.SHOP_NAME) + element("link", absolute("/"))
    yield element("description", _("T-shirts and cushions that pay for reporting"))
    for products in _chunks():
        yield "".join(_items(products, sending))
    yield "</channel></rss>"


def _sending() -> Sending:
    place = shipping.destination(HOME_COUNTRY)
    methods = shipping.methods_for(place.zone) if place else []
    return Sending(methods, shipping.calendar().packing_days)


def _chunks() -> Iterator[list[Product]]:
    """Yield the products a feed may promote, by key: a product that is added meanwhile shifts none of the others."""
    promoted = public_products().exclude(design__in=withheld_designs()).order_by("pk")
    last = 0
    while chunk := list(promoted.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk


def _items(products: Sequence[Product], sending: Sending) -> Iterator[str]:
    keys = [product.pk for product in products]
    variants, pictures = variants_of(keys), pictures_of(keys)
    was = prices_before((variant.pk for key in keys for variant in variants[key]), now=timezone.now())
    for product in products:
        shared = _of_product(product)
        for variant in variants[product.pk]:
            if shown := _in_colour(pictures[product.pk], variant.colour.code):
                own = _of_variant(product, variant, was.get(variant.pk))
                yield parent("item", shared, own, _of_pictures(shown), _of_delivery(sending, variant.price))


def _of_product(product: Product) -> str:
    """Return what all variants of a product say alike."""
    garment = product.garment
    words = {
        "g:description": _description(product)[:_DESCRIPTION],
        "g:brand": settings.SHOP_NAME,
        "g:condition": "new",
        "g:identifier_exists": "no",
        "g:item_group_id": group_id(product),
    }
    if garment is None:
        return _elements(words)
    words |= {
        "g:google_product_category": _CATEGORIES[Garment.Kind(garment.kind)],
        "g:product_type": garment.name,
        "g:material": garment.fabric,
        "g:shipping_weight": f"{garment.weight_grams} g",
        **(_APPAREL if garment.kind == Garment.Kind.TSHIRT else {}),
    }
    highlights = (garment.fabric, garment.care, garment.fit)
    return _elements(words) + "".join(
        element("g:product_highlight", text[:_HIGHLIGHT]) for text in highlights if text
    )


def _description(product: Product) -> str:
    design = product.design
    parts = (design.summary, unescape(strip_tags(design.story))) if design else ()
    return " ".join(part for part in parts if part) or product.title


def _of_variant(product: Product, variant: Variant, was: Decimal | None) -> str:
    words = {
        "g:id": variant.sku,
        "g:title": f"{product.title}, {variant.colour.name}, {variant.size}"[:_TITLE],
        "g:link": f"{absolute(product_url(product))}?variant={variant.sku}",
        "g:availability": "in_stock" if variant.available > 0 else "out_of_stock",
        "g:price": _amount(was or variant.price),
        "g:color": variant.colour.name,
        "g:size": variant.size,
    }
    return _elements(words | ({"g:sale_price": _amount(variant.price)} if was else {}))


def _in_colour(pictures: Sequence[Picture], colour: str) -> list[Picture]:
    """Return the pictures of that colour and those of none; of all colours when there is no other."""
    return [picture for picture in pictures if picture.colour in (colour, "")] or list(pictures)


def _of_pictures(pictures: Sequence[Picture]) -> str:
    first, *others = map(picture_url, pictures)
    more = partial(element, "g:additional_image_link")
    return element("g:image_link", first) + "".join(map(more, others[:_PICTURES]))


def _of_delivery(sending: Sending, price: Decimal) -> str:
    method = min(sending.methods, key=lambda each: each.price_for(price), default=None)
    if method is None:
        return ""
    words = {
        "g:country": HOME_COUNTRY,
        "g:service": method.name,
        "g:price": _amount(method.price_for(price)),
        "g:min_handling_time": 0,
        "g:max_handling_time": sending.packing_days,
        "g:min_transit_time": method.min_days,
        "g:max_transit_time": method.max_days,
    }
    return parent("g:shipping", _elements(words))


def _amount(value: Decimal) -> str:
    return f"{value} {settings.DEFAULT_CURRENCY}"


def _elements(words: dict[str, Any]) -> str:
    return "".join(element(name, text) for name, text in words.items())
