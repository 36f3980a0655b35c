"""The two mails about back-in-stock requests, each queued in the transaction of its cause.

They speak the language the request was made in.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from catalogue.models import Product
from catalogue.selectors import product_url
from shop.basket.selectors import name_of
from shop.customer.models import ProductAlert
from shop.emails.models import Mail
from shop.emails.services import queue

QUESTION = "stock_question"
BACK = "back_in_stock"


def question(requests: Sequence[ProductAlert]) -> Mail:
    """Queue "was that you?" to the one address of these requests; the caller sees to it that it is asked once."""
    first = requests[0]
    with translation.override(first.language):
        context: dict[str, Any] = {
            "names": [name_of(request.product) for request in requests],
            "confirm_url": _address("alerts:confirm", first.key),
            "stop_url": _address("alerts:stop", first.key),
        }
        return queue(
            kind=QUESTION,
            subject=f"request:{first.pk}/{timezone.now():%Y%m%d%H%M%S}",
            to=first.email,
            template=QUESTION,
            context=context,
            leave_url=context["stop_url"],
        )


def back_in_stock(request: ProductAlert) -> Mail:
    """Queue "it is back"; once per request."""
    with translation.override(request.language):
        context = {
            "name": name_of(request.product),
            "url": settings.SITE_URL + variant_url(request.product),
            "stop_url": _address("alerts:stop", request.key),
        }
        return queue(
            kind=BACK,
            subject=f"request:{request.pk}",
            to=request.email,
            template=BACK,
            context=context,
            leave_url=context["stop_url"],
        )


def variant_url(variant: Product) -> str:
    """Return the path of the product's page with this variant chosen."""
    skus = variant.stockrecords.values_list("partner_sku", flat=True)
    return f"{product_url(variant.parent or variant)}?variant={skus.first() or ''}"


def _address(name: str, key: str) -> str:
    return settings.SITE_URL + reverse(name, args=[key])
