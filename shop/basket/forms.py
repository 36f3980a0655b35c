"""What shoppers may post about their basket; limits of stock and order are the services' to say."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.basket.models import Basket

#: More than any order may have: the services say which limit it meets.
MOST = 999
LARGEST_GIFT = Decimal(500)
_NUMBER = {
    "invalid": _("Please give the number of pieces as a whole number."),
    "min_value": _("Please give at least %(limit_value)s."),
    "max_value": _("Please give at most %(limit_value)s."),
}


class AddForm(forms.Form):
    """A variant, or a product with the variant's SKU, or with a colour and a size (code or id)."""

    quantity = forms.IntegerField(min_value=1, max_value=MOST, required=False, error_messages=_NUMBER)
    variant = forms.CharField(max_length=128, required=False)
    colour = forms.CharField(max_length=40, required=False)
    size = forms.CharField(max_length=40, required=False)
    story = forms.CharField(max_length=40, required=False)

    def clean_quantity(self) -> int:
        return self.cleaned_data["quantity"] or 1


class LineForm(forms.Form):
    quantity = forms.IntegerField(min_value=0, max_value=MOST, error_messages=_NUMBER)


class VoucherForm(forms.Form):
    code = forms.CharField(max_length=128, error_messages={"required": _("Please enter a code.")})


class ExtrasForm(forms.Form):
    """The parcel's options and the donation; the page asks for them in two forms."""

    PARCEL = ("gift_note", "hide_prices", "plain_parcel")

    gift_note = forms.CharField(
        max_length=300,
        required=False,
        error_messages={"max_length": _("The gift note can have %(limit_value)d characters at most.")},
    )
    hide_prices = forms.BooleanField(required=False)
    plain_parcel = forms.BooleanField(required=False)
    gift_amount = forms.DecimalField(
        min_value=0,
        max_value=LARGEST_GIFT,
        decimal_places=2,
        required=False,
        localize=True,
        error_messages={
            "invalid": _("Please give the donation in pounds and pence, like 5.00."),
            "min_value": _("A donation cannot be less than nothing."),
            "max_value": _("We take donations of up to £%(limit_value)s here."),
            "max_decimal_places": _("Please give the donation in pounds and pence, like 5.00."),
        },
    )

    def clean_gift_note(self) -> str:
        return self.cleaned_data["gift_note"].replace("\r\n", "\n")

    def clean_gift_amount(self) -> Decimal:
        return self.cleaned_data["gift_amount"] or Decimal("0.00")

    def posted_or(self, basket: Basket) -> dict[str, Any]:
        """Return all four values; what the posted form did not ask for stays as it is."""
        values = dict(self.cleaned_data)
        for asked, names in (("gift_note", self.PARCEL), ("gift_amount", ("gift_amount",))):
            if asked not in self.data:
                values |= {name: getattr(basket, name) for name in names}
        return values
