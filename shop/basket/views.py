"""What the basket's forms do: each view parses, makes one call, and sends the shopper to the basket."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from shop.basket import selectors, services
from shop.basket.errors import BasketError, SoldOut
from shop.basket.forms import AddForm, ExtrasForm, LineForm, VoucherForm
from shop.basket.origin import same_origin_post
from shop.client import client_key
from shop.stock import picks

#: Where on the page something is said: beside the fields it is about. A line's place is its number.
VOUCHER, NOTE, GIFT = "voucher", "gift_note", "gift_amount"
PLACES = (VOUCHER, NOTE, GIFT)


def to_basket(place: str = "") -> HttpResponse:
    """Answer 303: whatever was posted, look at the basket next, at the place where something is said."""
    anchor = f"#at-{place}" if place in PLACES or place.isdecimal() else ""
    return HttpResponse(status=303, headers={"Location": reverse("basket:summary") + anchor})


def confirm_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what another site's page wants to put in, with a button of our own."""
    form = AddForm(request.POST)
    product = selectors.product(pk)
    if product is None:
        raise Http404
    form.is_valid()
    variant = selectors.variant_of(product, **_choice(form)) or product
    context = {"form": form, "product": variant, "quantity": form.cleaned_data.get("quantity", 1), "pk": pk}
    return render(request, "basket/confirm_add.html", context, status=403)


@same_origin_post(otherwise=confirm_add)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    form = AddForm(request.POST)
    product = selectors.product(pk)
    if product is None:
        raise Http404
    if not form.is_valid():
        return _refused(request, form)
    variant = selectors.variant_of(product, **_choice(form))
    if variant is None:
        messages.error(
            request, _("Please choose a colour and a size of %(name)s.") % {"name": product.get_title()}
        )
        return to_basket()

    return _put(request, variant, form)


def _put(request: HttpRequest, variant: Any, form: AddForm) -> HttpResponse:
    """Put it in, or say in the service's own words why not; what is sold out has a page of its own."""
    basket, data = selectors.basket_of(request), form.cleaned_data
    try:
        done = services.add(basket=basket, product=variant, quantity=data["quantity"], story=data["story"])
    except SoldOut:
        return _to_request(request, variant)
    except BasketError as error:
        messages.error(request, f"{selectors.name_of(variant)}: {error}")
    else:
        say_put(request, variant, done)
    return to_basket()


@require_POST
def line(request: HttpRequest, pk: int) -> HttpResponse:
    basket = selectors.basket_of(request)
    if "remove" in request.POST:
        return _told(request, lambda: services.remove(basket=basket, line_id=pk))
    form = LineForm(request.POST)
    if not form.is_valid():
        return _refused(request, form, place=str(pk))

    quantity = form.cleaned_data["quantity"]
    return _told(
        request,
        lambda: services.change(basket=basket, line_id=pk, quantity=quantity).reason,
        place=str(pk),
    )


@require_POST
def voucher(request: HttpRequest) -> HttpResponse:
    form = VoucherForm(request.POST)
    if not form.is_valid():
        return _refused(request, form, place=VOUCHER)

    def apply() -> None:
        basket, code = selectors.basket_of(request), form.cleaned_data["code"]
        found = services.apply_voucher(basket=basket, code=code, client=client_key(request))
        messages.success(request, _("Voucher %(code)s is on your basket.") % {"code": found.code})

    return _told(request, apply, place=VOUCHER)


@require_POST
def voucher_remove(request: HttpRequest) -> HttpResponse:
    form = VoucherForm(request.POST)
    if not form.is_valid():
        return _refused(request, form, place=VOUCHER)

    code = form.cleaned_data["code"]
    return _told(request, lambda: services.remove_voucher(basket=selectors.basket_of(request), code=code))


@require_POST
def extras(request: HttpRequest) -> HttpResponse:
    form = ExtrasForm(request.POST)
    if not form.is_valid():
        return _refused(request, form)
    basket = selectors.basket_of(request)
    values = form.posted_or(basket)
    return _told(request, lambda: services.set_extras(basket=basket, **values))


def _told(request: HttpRequest, action: Callable[[], str | None], *, place: str = "") -> HttpResponse:
    """Do it, and say at its place on the page, in the service's own words, why not or why not all of it."""
    try:
        reason = action()
    except BasketError as error:
        reason = str(error)
    if reason:
        messages.warning(request, reason, extra_tags=place)
    return to_basket(place if reason else "")


def _to_request(request: HttpRequest, variant: Any) -> HttpResponse:
    """Count what was wanted and lead to the page that asks whether to write when it is back."""
    picks.note(variant=variant, client=client_key(request))
    return HttpResponse(status=303, headers={"Location": reverse("alerts:ask", args=[variant.pk])})


def _refused(request: HttpRequest, form: forms.Form, *, place: str = "") -> HttpResponse:
    """Say what is wrong with what was posted, at `place` or else beside the fields themselves."""
    for field, errors in form.errors.items():
        messages.error(request, " ".join(map(str, errors)), extra_tags=place or field)
    return to_basket(place or next(iter(form.errors)))


def say_put(request: HttpRequest, variant: Any, done: services.Put) -> None:
    words = {"count": done.quantity, "name": selectors.name_of(variant), "reason": done.reason}
    if not done.reason:
        messages.success(request, _("In your basket: %(name)s.") % words)
        return
    text = ngettext(
        "%(name)s: %(reason)s We put %(count)d in your basket.",
        "%(name)s: %(reason)s We put %(count)d in your basket.",
        done.quantity,
    )
    messages.warning(request, text % words)


def _choice(form: AddForm) -> dict[str, str]:
    return {name: form.cleaned_data.get(name, "") for name in ("variant", "colour", "size")}
