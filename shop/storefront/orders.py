"""An order's page, opened by the signed link in its mails and on the way back from Stripe."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from shop.basket.selectors import basket_of
from shop.checkout.again import put_again
from shop.order.models import Order
from shop.order.selectors import order_for_link, shoppers_timeline
from shop.order.statuses import UNPLACED, Status
from shop.reviews.asking import links
from shop.reviews.selectors import lines_to_review
from shop.storefront.order_money import parts_of_order

_STATES = {
    Status.PENDING_PAYMENT: "pending",
    Status.PROCESSING_PAYMENT: "processing",
    Status.PAID: "paid",
    Status.PART_SHIPPED: "part_shipped",
    Status.SHIPPED: "shipped",
    Status.ON_HOLD: "on_hold",
    Status.CANCELLED: "cancelled",
}


@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show an order to whoever holds its link; no token, a wrong one and an unknown order answer alike."""
    order = _order(request, number)
    context = {
        "order": order,
        "lines": order.lines.all(),
        "address": order.shipping_address,
        "state": _STATES[Status(order.status)],
        "again_url": _again_url(request, order),
        "just_paid": bool(request.GET.get("thanks")) and order.status not in UNPLACED,
        "shows_person": True,
        "parts": parts_of_order(order),
        "to_review": links(order, lines_to_review(order)),
        "timeline": shoppers_timeline(order),
    }
    response = render(request, "orders/detail.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response


@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Put what an order that was never paid was for into this browser's basket."""
    order = _order(request, number)
    for words in put_again(basket=basket_of(request), order=order):
        messages.warning(request, words)
    return redirect("basket:summary")


def _order(request: HttpRequest, number: str) -> Order:
    order = order_for_link(number, request.GET.get("token", ""))
    if order is None:
        raise Http404
    return order


def _again_url(request: HttpRequest, order: Order) -> str:
    """Return where to order it again, when it was given up unpaid."""
    if order.status != Status.CANCELLED or order.paid_at:
        return ""
    return f"{reverse('orders:again', args=[order.number])}?{urlencode({'token': request.GET['token']})}"
