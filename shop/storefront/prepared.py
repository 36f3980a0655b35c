"""`/buy/SKU:qty,SKU:qty`: a link in an article, a mail or a QR code that prepares a basket.

Looking at it shows what would be put in and changes nothing; its button puts it in, and never orders. The page is the
same for everybody, so its form carries no token: a POST from elsewhere gets the page again, with one.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from catalogue.models import Product
from catalogue.selectors import Picture, pictures_of, product_url
from shop.basket import services
from shop.basket.errors import BasketError
from shop.basket.origin import same_origin_post
from shop.basket.selectors import basket_of, name_of
from shop.basket.views import say_put, to_basket
from shop.money import ZERO
from shop.partner.models import StockRecord
from shop.storefront.public import public

#: A link names no more kinds than an order may have pieces.
MOST_KINDS = settings.MAX_PIECES_IN_AN_ORDER
_WANTED = re.compile(r"(?P<sku>[^\s,:]{1,128})(?::(?P<quantity>[1-9]\d{0,2}))?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variant the link asks for, and how many pieces of it can be had."""

    variant: Product
    quantity: int
    fits: int
    price: Decimal
    url: str
    picture: Picture | None

    @property
    def total(self) -> Decimal:
        return self.price * self.fits


@public(params=("story",))
@csrf_exempt
def buy(request: HttpRequest, wanted: str) -> HttpResponseBase:
    return _add(request, wanted) if request.method == "POST" else _prepared(request, wanted)


def _prepared(request: HttpRequest, wanted: str, *, asks_again: bool = False) -> HttpResponse:
    asked = _read(wanted)
    found = _found(asked)
    context = {
        "found": found,
        "total": sum((each.total for each in found), ZERO),
        "missing": len(asked) - len(found),
        "asks_again": asks_again,
    }
    return render(request, "basket/prepared.html", context, status=403 if asks_again else 200)


def _ask_again(request: HttpRequest, wanted: str) -> HttpResponse:
    return _prepared(request, wanted, asks_again=True)


@same_origin_post(otherwise=_ask_again)
def _add(request: HttpRequest, wanted: str) -> HttpResponse:
    """Put in what can be had, kind by kind, and say of each what became of it."""
    story = _story(request)
    for each in _found(_read(wanted)):
        basket, variant = basket_of(request), each.variant
        try:
            done = services.add(basket=basket, product=variant, quantity=each.quantity, story=story)
        except BasketError as error:
            messages.error(request, f"{name_of(each.variant)}: {error}")
        else:
            say_put(request, each.variant, done)
    return to_basket()


def _story(request: HttpRequest) -> str:
    """Return the key of the story whose reader follows the link; nothing for anything that cannot be one."""
    asked = request.GET.get("story", "")
    return asked if asked.isascii() and asked.isdecimal() and len(asked) < 19 else ""


def _read(wanted: str) -> dict[str, int]:
    """Return how many pieces of each SKU an address asks for; Http404 when it cannot be read."""
    asked: Counter[str] = Counter()
    for part in wanted.split(","):
        found = _WANTED.fullmatch(part)
        if not found:
            raise Http404(_("There is no such page."))
        asked[found["sku"]] += int(found["quantity"] or 1)
    if len(asked) > MOST_KINDS:
        raise Http404(_("There is no such page."))
    return dict(asked)


def _found(asked: Mapping[str, int]) -> list[Wanted]:
    """Return what of it is sold, in the address's order (two queries)."""
    records = StockRecord.objects.select_related(
        "product__parent__design", "product__parent__garment", "product__colour", "product__size"
    ).filter(
        partner_sku__in=list(asked),
        product__is_public=True,
        product__parent__is_public=True,
        product__parent__design__is_public=True,
    )
    known = {record.partner_sku: record for record in records}
    pictures = pictures_of([record.product.parent_id for record in known.values()])
    return [
        _wanted(known[sku], quantity, pictures[known[sku].product.parent_id])
        for sku, quantity in asked.items()
        if sku in known
    ]


def _wanted(record: Any, quantity: int, pictures: Sequence[Picture]) -> Wanted:
    variant = record.product
    own = [picture for picture in pictures if picture.colour == variant.colour.code]
    return Wanted(
        variant=variant,
        quantity=quantity,
        fits=max(0, min(quantity, record.available, settings.MAX_OF_ONE_VARIANT)),
        price=record.price,
        url=f"{product_url(variant.parent)}?variant={record.partner_sku}",
        picture=next(iter(own or pictures), None),
    )
