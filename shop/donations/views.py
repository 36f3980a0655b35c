"""Give, come back, change one's mind; change or stop a monthly donation. The page with the form is the storefront's."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from shop.basket.origin import same_origin_post
from shop.client import client_key
from shop.donations import selectors, services
from shop.donations.forms import DonateForm
from shop.donations.outcomes import KIND
from shop.payments import gateway, returning
from shop.payments import services as payments
from shop.payments.models import Payment
from shop.payments.services import TooManyPayments


def _see_other(url: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": url})


def _form_again(request: HttpRequest, form: DonateForm) -> HttpResponse:
    return render(request, "donate/page.html", selectors.page(form), status=422)


def confirm(request: HttpRequest) -> HttpResponse:
    """Show what another site's page wants to be given, with a button of our own."""
    form = DonateForm(request.POST)
    if not form.is_valid():
        return _form_again(request, form)
    return render(request, "donate/confirm.html", {"form": form, "wish": form.wish}, status=403)


@same_origin_post(otherwise=confirm)
def give(request: HttpRequest) -> HttpResponse:
    form = DonateForm(request.POST)
    if not form.is_valid():
        return _form_again(request, form)
    try:
        giving = services.give(
            wish=form.wish,
            mine=returning.mine(request),
            browser=returning.browser(request),
            client=client_key(request),
            now=timezone.now(),
        )
    except TooManyPayments as error:
        response = render(request, "errors/429.html", {"reason": str(error)}, status=429)
        response["Retry-After"] = "3600"
        return response
    except services.AlreadyGiven as error:
        return _thanks(request, error.payment)
    except services.NotCharged as error:
        if error.payment_id:
            returning.remember(request, error.payment_id)
        return render(request, "donate/not_charged.html", {"form": form, "wish": form.wish})
    returning.remember(request, giving.payment_id)
    return _see_other(giving.url)


@require_GET
def thanks(request: HttpRequest) -> HttpResponse:
    """Stripe's return link: settle, then show what became of it; safe to repeat and to prefetch."""
    found = returning.look(request.GET.get("session_id", ""), kind=KIND)
    if found is None:
        raise Http404
    if found.is_waiting:
        return render(request, "checkout/confirming.html", {"payment": found.payment})
    if not found.is_taken:
        return render(request, "donate/stopped.html")
    return _thanks(request, found.payment)


def _thanks(request: HttpRequest, payment: Payment) -> HttpResponse:
    """Thank whoever comes; amount and address are shown only to the browser that gave."""
    donation = selectors.of_payment(payment) if returning.is_mine(request, payment.pk) else None
    return render(request, "donate/thanks.html", {"donation": donation, "is_paid": payment.is_paid})


@require_GET
def cancelled(request: HttpRequest, payment_id: uuid.UUID) -> HttpResponse:
    """Stripe's back link: the giver's visit ends the payment; a stranger's finds nothing."""
    payment = Payment.objects.filter(pk=payment_id, kind=KIND).first()
    if payment is None or not returning.is_mine(request, payment_id):
        raise Http404
    try:
        with gateway.within_deadline():
            ended = payment if not payment.is_unfinished else payments.close(payment)
    except gateway.GatewayError:  # who paid and went back must not read that nothing was taken
        return render(request, "checkout/confirming.html", {"payment": payment})
    return _thanks(request, ended) if ended.is_taken else render(request, "donate/stopped.html")


@require_safe
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """Show a monthly donation to whoever holds its link; a wrong, an old and an unknown one answer alike."""
    monthly = _monthly(token)
    if monthly and "back" in request.GET and monthly.subscription.is_running:
        services.look_again(monthly.subscription)
        monthly = _monthly(token)
    status = 200 if monthly else 404
    return _unreferred(
        render(request, "donate/manage.html", {"monthly": monthly, "token": token}, status=status)
    )


def _monthly(token: str) -> selectors.Monthly | None:
    return selectors.monthly_for_link(token)


@require_POST
def to_stripe(request: HttpRequest, token: str) -> HttpResponse:
    """Lead to Stripe's page on which the card is changed, or the donation is ended."""
    monthly = _monthly(token)
    if monthly is None:
        raise Http404
    path = request.path.removesuffix("stripe/") + "?back=1"
    try:
        return _see_other(
            services.page_at_stripe(monthly.subscription, return_path=path, stop="stop" in request.POST)
        )
    except gateway.GatewayError:
        context = {"monthly": monthly, "token": token, "is_unreachable": True}
        return _unreferred(render(request, "donate/manage.html", context, status=503))


def _unreferred(response: HttpResponse) -> HttpResponse:
    """The address is the key: tell it to no other site (with `no-referrer` the form would name no origin)."""
    response["Referrer-Policy"] = "same-origin"
    return response
