"""An order's page: for its owner with everything, for anybody else only how it stands."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.order.selectors import order_for_link, order_page
from shop.order.statuses import UNPLACED, Status

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
    """Show an order to whoever holds its link; a wrong token and an unknown order answer alike."""
    token = request.GET.get("token", "")
    order = order_for_link(number, token) if token else None
    if order is None:
        return _stranger(request, number)
    return _answer(request, order, shows_person=True)


def _stranger(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody without the link, who came from Stripe's return page in another browser, learns the status alone."""
    order = order_page(number) if request.GET.get("thanks") and not request.GET.get("token") else None
    if order is None:
        raise Http404
    return _answer(request, order, shows_person=False)


def _answer(request: HttpRequest, order, *, shows_person: bool) -> HttpResponse:
    context = {
        "order": order,
        "lines": order.lines.all() if shows_person else (),
        "address": order.shipping_address if shows_person else None,
        "state": _STATES[Status(order.status)],
        "just_paid": bool(request.GET.get("thanks")) and order.status not in UNPLACED,
        "shows_person": shows_person,
    }
    response = render(request, "orders/detail.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response
