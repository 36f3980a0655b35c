"""An order's page: opened by the signed link in its mails, by its account, and on the way back from Stripe."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.basket.selectors import basket_of
from shop.checkout.again import put_again
from shop.client import client_key
from shop.customer import accounts
from shop.customer.accounts_forms import FindOrderForm
from shop.customer.accounts_views import too_many
from shop.limits.services import Limit, take
from shop.order.links import send_link
from shop.order.models import Order
from shop.order.selectors import order_for_link, order_page, shoppers_timeline
from shop.order.statuses import UNPLACED, Status
from shop.reviews.asking import links
from shop.reviews.selectors import lines_to_review
from shop.storefront.order_money import parts_of_order

#: Looking for orders by number: from one place, and for one order.
FINDING_BY_CLIENT = Limit("find-order:client", most=20, within=accounts.ASKING_BY_CLIENT.within)
FINDING_ONE = Limit("find-order:number", most=5, within=accounts.ASKING_BY_CLIENT.within)


@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """Show an order to whoever holds its link or its account; anybody else is told the same, order or not."""
    order = _order(request, number)
    if order is None:
        return _closed(request)
    context = {
        "order": order,
        "lines": order.lines.all(),
        "address": order.shipping_address,
        "state": order.shoppers_state,
        "just_paid": bool(request.GET.get("thanks")) and order.status not in UNPLACED,
        "shows_person": True,
        "parts": parts_of_order(order),
        "to_review": links(order, lines_to_review(order)),
        "timeline": shoppers_timeline(order),
        "is_given_up": order.status == Status.CANCELLED and not order.paid_at,
        "again_url": _address(request, "orders:again", order),
        **_keeping(request, order),
    }
    response = render(request, "orders/detail.html", context)
    response["Referrer-Policy"] = "same-origin"
    return response


@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Put what an order was for into this browser's basket, at today's prices."""
    order = _order(request, number)
    if order is None:
        return _closed(request)
    for words in put_again(basket=basket_of(request), order=order):
        messages.warning(request, words)
    return redirect("basket:summary")


@require_POST
def keep(request: HttpRequest, number: str) -> HttpResponse:
    """Mail the order's own address a link to make an account, which the order will be in."""
    order = _order(request, number)
    if order is None or not order.guest_email:
        return _closed(request)
    try:
        accounts.ask_for_account(email=order.guest_email, client=client_key(request))
    except accounts.TooMany:
        return too_many(request)
    return redirect("account:sent")


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Mail an order's link to its own address; the answer is the same whatever was typed."""
    form = FindOrderForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "orders/find.html", {"form": form}, status=422 if form.is_bound else 200)
    data = form.cleaned_data
    if not take(FINDING_BY_CLIENT, client_key(request)):
        return too_many(request)
    if take(FINDING_ONE, data["number"]):
        send_link(number=data["number"], email=data["email"])
    messages.success(
        request, _("If there is such an order, its link is on the way to the address it was made with.")
    )
    return redirect("orders:find")


def _order(request: HttpRequest, number: str) -> Order | None:
    """Return the order for its link, else for the account it is in."""
    token = request.GET.get("token", "")
    order = order_for_link(number, token) if token else None
    if order is not None or not request.user.is_authenticated:
        return order
    mine = order_page(number)
    return mine if mine is not None and mine.user_id == request.user.pk else None


def _closed(request: HttpRequest) -> HttpResponse:
    """A wrong link, an old one and an unknown order look alike."""
    return render(request, "orders/closed.html", status=404)


def _keeping(request: HttpRequest, order: Order) -> dict[str, Any]:
    """Offer an account to a guest who has none; tell who is logged in that the order is in theirs."""
    is_mine = request.user.is_authenticated and order.user_id == request.user.pk
    is_offered = not (order.user_id or request.user.is_authenticated) and bool(order.guest_email)
    return {"is_mine": is_mine, "keep_url": _address(request, "orders:keep", order) if is_offered else ""}


def _address(request: HttpRequest, name: str, order: Order) -> str:
    """Return where to post about the order, with the token it was opened by."""
    token = request.GET.get("token", "")
    path = reverse(name, args=[order.number])
    return f"{path}?{urlencode({'token': token})}" if token else path
