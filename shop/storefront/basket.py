"""The basket's page, which is also checkout: what is in it, what it costs, one button to pay."""

from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shop.basket.models import Basket
from shop.basket.selectors import added_meanwhile, basket_of
from shop.basket.views import PLACES
from shop.checkout.quote import Quote, quote
from shop.customer.wishlist import wishlist_of
from shop.order.models import Order
from shop.order.statuses import Status
from shop.shipping import selectors as shipping
from shop.storefront import home_page, shelves

#: How many prints an empty basket shows.
NEW = 4


@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """Show the basket; a frozen one is shown as it was ordered and is not priced again."""
    basket = basket_of(request)
    if basket.pk and basket.is_frozen:
        context = {"order": _order_of(basket), "waiting": added_meanwhile(basket)}
        return render(request, "basket/frozen.html", context)
    opened = _open(basket)
    saved = len(wishlist_of(request).pieces())
    said = _said(request, opened["quote"])
    is_empty = not opened["quote"] or not opened["quote"].lines
    new = home_page.newest(shelves.current(request), NEW) if is_empty else []
    return render(request, "basket/summary.html", {**opened, **said, "saved": saved, "new": new})


def _said(request: HttpRequest, priced: Quote | None) -> dict[str, Any]:
    """Sort what is to be said by where: beside the field or line it is about when that is shown, else on top."""
    shown = {*PLACES, *(str(line.line_id) for line in priced.lines)} if priced else set()
    said: dict[str, list[Any]] = {}
    for message in get_messages(request):
        place = message.extra_tags if message.extra_tags in shown else ""
        said.setdefault(place, []).append(message)
    return {"messages": said.pop("", []), "said": said}


def _open(basket: Basket) -> dict[str, Any]:
    if not basket.pk or not basket.num_lines:
        return {"basket": basket, "quote": None}
    priced = quote(basket, now=timezone.now())
    return {
        "basket": basket,
        "quote": priced,
        "destinations": shipping.destinations(),
        "limit": settings.MAX_OF_ONE_VARIANT,
    }


def _order_of(basket: Basket) -> Order | None:
    orders = Order.objects.filter(basket=basket).exclude(status=Status.CANCELLED)
    return orders.prefetch_related("lines__product__parent").order_by("-pk").first()
