"""An order's page, opened by the signed link in its mails and on the way back from Stripe."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shop.order.selectors import order_for_link, shoppers_timeline
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
    """Show an order to whoever holds its link; no token, a wrong one and an unknown order answer alike."""
    order = order_for_link(number, request.GET.get("token", ""))
    if order is None:
        raise Http404
    context = {
        "order": order,
        "lines": order.lines.all(),
        "address": order.shipping_address,
        "state": _STATES[Status(order.status)],
        "just_paid": bool(request.GET.get("thanks")) and order.status not in UNPLACED,
        "shows_person": True,
        "timeline": shoppers_timeline(order),
    }
    response = render(request, "orders/detail.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response
