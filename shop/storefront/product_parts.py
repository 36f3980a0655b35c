"""Two questions a product's page asks back: which country, and which size. Each answer is a small public page.

With scripts `<page-part>` puts the answer into the product's page; without, it is read on its own.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue import selectors as catalogue
from catalogue.selectors import ProductPage, product_url
from catalogue.sizing import Size, nearest
from shop.shipping import selectors as shipping
from shop.storefront import delivery
from shop.storefront.product_page import measures_of
from shop.storefront.public import public

MM_IN = {"cm": Decimal(10), "in": Decimal("25.4")}
LEAST_MM, MOST_MM = 100, 1500
_NUMBER = dict.fromkeys(
    ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"),
    gettext_lazy("Please give a number, like 52 or 52.5."),
)


class MeasureForm(forms.Form):
    """What somebody measured of a thing of their own, in centimetres or inches."""

    width = forms.DecimalField(
        max_digits=7, decimal_places=3, required=False, localize=True, error_messages=_NUMBER
    )
    length = forms.DecimalField(
        max_digits=7, decimal_places=3, required=False, localize=True, error_messages=_NUMBER
    )
    unit = forms.ChoiceField(choices=[(unit, unit) for unit in MM_IN], required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["unit"] = data.get("unit") or "cm"
        for name in ("width", "length"):
            data[f"{name}_mm"] = self._millimetres(name, data)
        if not self.errors and data["width_mm"] is None and data["length_mm"] is None:
            self.add_error("width", _("Please give at least one of the two."))
        return data

    def _millimetres(self, name: str, data: dict[str, Any]) -> int | None:
        if data.get(name) is None:
            return None
        millimetres = round(data[name] * MM_IN[data["unit"]])
        if not LEAST_MM <= millimetres <= MOST_MM:
            self.add_error(name, _("That is not a size of clothes or cushions. Is it in the right unit?"))
        return millimetres


@public(params=("width", "length", "unit"))
def size(request: HttpRequest, product_slug: str, pk: str) -> HttpResponse:
    """Show the size nearest to what was measured; without measures, only ask for them."""
    found = _found(pk)
    measures = measures_of(found)
    form = MeasureForm(request.GET if request.GET.keys() & {"width", "length"} else None)
    context = {
        "product": found.product,
        "canonical": product_url(found.product),
        "form": form,
        "answer": _answer(form, measures["measures"]),
        **measures,
    }
    return render(request, "catalogue/size.html", context)


def _answer(form: MeasureForm, sizes: tuple[Size, ...]) -> Any:
    if not form.is_bound or not form.is_valid():
        return None
    data = form.cleaned_data
    return nearest(sizes, width_mm=data["width_mm"], length_mm=data["length_mm"])


@public(params=("variant", "country"))
def delivered(request: HttpRequest, product_slug: str, pk: str) -> HttpResponse:
    """Show what delivery to a country costs and when it arrives; an unknown country is the home country."""
    found = _found(pk)
    chosen = found.variant(sku=request.GET.get("variant", ""))
    countries = shipping.destinations()
    asked = request.GET.get("country", "")
    code = asked if any(place.code == asked for place in countries) else delivery.HOME_COUNTRY
    context = {
        "product": found.product,
        "canonical": product_url(found.product),
        "chosen": chosen,
        "countries": countries,
        "country": code,
        "delivery": delivery.promise(code, chosen.price if chosen else Decimal(0)),
    }
    return render(request, "catalogue/delivered.html", context)


def _found(pk: str) -> ProductPage:
    found = catalogue.product_page(int(pk))
    if found is None:
        raise Http404(_("There is no such product."))
    return found
