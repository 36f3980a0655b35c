"""Where to and how: the basket's delivery form (here, because it needs both basket and shipping)."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shop.basket import selectors, services
from shop.basket.errors import BasketError
from shop.basket.models import Basket
from shop.basket.views import to_basket
from shop.shipping import selectors as shipping


class NotDelivered(BasketError):
    """We do not deliver to that country, or not just now."""


class DeliveryForm(forms.Form):
    country = forms.CharField(max_length=2)
    delivery = forms.CharField(max_length=40, required=False)


def choose(*, basket: Basket, country: str, code: str) -> None:
    """Keep an open country and one of its methods; a method of another zone becomes the country's first.

    Raises NotDelivered, BasketFrozen.
    """
    place = shipping.destination(country.upper())
    method = shipping.chosen(shipping.methods_for(place.zone), code) if place else None
    if place is None or method is None:
        raise NotDelivered(_("We cannot deliver there just now. Please choose another country."))
    services.set_delivery(basket=basket, country=place.code, code=method.code)


@require_POST
def delivery(request: HttpRequest) -> HttpResponse:
    form = DeliveryForm(request.POST)
    try:
        if not form.is_valid():
            raise NotDelivered(_("Please choose a country from the list."))
        choose(
            basket=selectors.basket_of(request),
            country=form.cleaned_data["country"],
            code=form.cleaned_data["delivery"],
        )
    except BasketError as error:
        messages.error(request, str(error))
    return to_basket()
