"""What is saved for later: one page, and the buttons that move things to it and from it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalogue.models import Product
from shop.basket import selectors as basket
from shop.basket.errors import BasketError
from shop.basket.origin import same_origin_post
from shop.customer import wishlist, wishlist_selectors
from shop.customer.entrance import MemberRequest, members_only
from shop.customer.wishlist_forms import SaveForm, StoryForm


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    mine = wishlist.wishlist_of(request)
    token = wishlist.token_of(request.user) if request.user.is_authenticated else ""
    context = {
        "saved": wishlist_selectors.saved(mine.pieces()),
        "is_guest": not request.user.is_authenticated,
        "share_url": settings.SITE_URL + reverse("wishlist:shared", args=[token]) if token else "",
    }
    return render(request, "wishlist/page.html", context)


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show somebody's list to whoever has its link, without saying whose it is."""
    found = wishlist.shared_by(token)
    if found is None:
        raise Http404
    response = render(request, "wishlist/shared.html", {"saved": wishlist_selectors.saved(found.pieces())})
    response["Referrer-Policy"] = "same-origin"
    return response


def confirm_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what another site's page wants to save, with a button of our own."""
    variant = _chosen(request, pk)
    if variant is None:
        raise Http404
    context = {"variant": variant, "name": basket.name_of(variant)}
    return render(request, "wishlist/confirm.html", context, status=403)


@same_origin_post(otherwise=confirm_save)
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a variant, or a product's with SKU or colour and size."""
    variant = _chosen(request, pk)
    if variant is None:
        messages.error(request, _("Please choose a colour and a size first."))
        return _to_list()
    try:
        mine = wishlist.wishlist_of(request)
        wishlist.save(wishlist=mine, variant=variant, story=_story(request))
    except wishlist.CannotSave as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved: %(name)s.") % {"name": basket.name_of(variant)})
    return _to_list()


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    wishlist.wishlist_of(request).take(pk)
    return _to_list()


@require_POST
def to_basket(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a saved variant to the basket, or say why it cannot go in."""
    variant = _found(pk)
    mine = wishlist.wishlist_of(request)
    try:
        done = wishlist.put_back(wishlist=mine, basket=basket.basket_of(request), variant=variant)
    except BasketError as error:
        messages.error(request, f"{basket.name_of(variant)}: {error}")
        return _to_list()
    if done.reason:
        messages.warning(request, f"{basket.name_of(variant)}: {done.reason}")
    return _see("basket:summary")


@require_POST
def from_basket(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a line of the basket to the list."""
    try:
        variant = wishlist.save_line(
            wishlist=wishlist.wishlist_of(request), basket=basket.basket_of(request), line_id=pk
        )
    except (BasketError, wishlist.CannotSave) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved for later: %(name)s.") % {"name": basket.name_of(variant)})
    return _see("basket:summary")


@members_only
@require_POST
def share(request: MemberRequest) -> HttpResponse:
    wishlist.share(user=request.user, is_shared="stop" not in request.POST)
    return _to_list()


def _chosen(request: HttpRequest, pk: int) -> Product | None:
    """Return the variant that was posted; None when the choice is missing. Raises Http404 for no such product."""
    form = SaveForm(request.POST)
    form.is_valid()
    choice: dict[str, Any] = {name: form.cleaned_data.get(name, "") for name in form.fields}
    return basket.variant_of(_found(pk), **choice)


def _story(request: HttpRequest) -> str:
    form = StoryForm(request.POST)
    return form.cleaned_data["story"] if form.is_valid() else ""


def _found(pk: int) -> Product:
    product = basket.product(pk)
    if product is None:
        raise Http404
    return product


def _to_list() -> HttpResponse:
    return _see("wishlist:page")


def _see(name: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": reverse(name)})
