"""Pay, come back, change one's mind. Each view parses, makes one call, and answers."""

import uuid
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shop.basket.selectors import look_again
from shop.checkout import services
from shop.client import client_key
from shop.order.models import Order
from shop.payments import returning
from shop.payments.models import Payment
from shop.payments.services import TooManyPayments


class SeeOther(HttpResponse):
    """303: whatever was posted, look there next."""

    status_code = 303

    def __init__(self, url: str) -> None:
        super().__init__()
        self["Location"] = url


@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    if request.basket.pk is None:
        return redirect("basket:summary")
    try:
        paying = services.pay(
            basket_id=request.basket.pk,
            shown_total=_amount(request.POST.get("total", "")),
            client=client_key(request),
            now=timezone.now(),
        )
    except services.BasketChanged as error:
        return _back_to_basket(request, error.problems)
    except TooManyPayments as error:
        response = render(request, "errors/429.html", {"reason": str(error)}, status=429)
        response["Retry-After"] = "3600"
        return response
    except services.AlreadyPaid as error:
        return _paid_elsewhere(request, error.payment)
    except services.NotCharged:
        # 200: our own answer, whole; a proxy may put a page of its own in the place of a 503.
        return render(request, "checkout/not_charged.html", {"total": request.POST.get("total", "")})
    returning.remember(request, paying.payment_id)
    return SeeOther(paying.url)


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    if request.basket.pk is None:
        return redirect("basket:summary")
    return _thawed(request)


@require_GET
def cancelled(request: HttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Stripe's back link: the owner's visit ends the payment and opens the basket; a stranger's finds nothing."""
    payment = Payment.objects.filter(pk=payment_id, kind="order").first()
    if payment is None or payment.subject != services.subject(request.basket.pk or 0):
        if payment is not None and returning.is_mine(request, payment.pk):
            return _show_order(request, payment) if payment.is_paid else redirect("basket:summary")
        raise Http404
    return _thawed(request)


def _thawed(request: HttpRequest) -> HttpResponse:
    try:
        services.change_order(basket_id=request.basket.pk, now=timezone.now())
    except services.AlreadyPaid as error:
        return _paid_elsewhere(request, error.payment)
    messages.info(request, _("You were not charged. Your basket is as you left it."))
    return redirect("basket:summary")


@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """Stripe's return link: settle, then show what became of it; safe to repeat and to prefetch."""
    found = returning.look(request.GET.get("session_id", ""), kind="order")
    if found is None:
        raise Http404
    if found.is_waiting:
        return render(request, "checkout/confirming.html", {"payment": found.payment}, status=200)
    if not found.is_taken:
        messages.info(request, _("You were not charged. Your basket is as you left it."))
        return redirect("basket:summary")
    return _show_order(request, found.payment)


def _paid_elsewhere(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Show what this basket's own payment bought, to the browser that holds the basket."""
    returning.remember(request, payment.pk)
    return _show_order(request, payment)


def _show_order(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Lead the browser that paid to its order; thank any other without a word about the person."""
    look_again(request)
    link = _order_link(request, payment)
    return redirect(f"{link}&thanks=1") if link else render(request, "checkout/thanked.html")


def _order_link(request: HttpRequest, payment: Payment) -> str:
    """Return the link that opens the payment's order, for the browser that started it; for any other, nothing."""
    order = Order.objects.filter(number=payment.reference).first()
    return order.link if order and returning.is_mine(request, payment.pk) else ""


def _back_to_basket(request: HttpRequest, problems: list[str]) -> HttpResponse:
    for problem in problems:
        messages.warning(request, problem)
    return redirect("basket:summary")


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
