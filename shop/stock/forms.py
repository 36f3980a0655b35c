"""What staff fill in to change stock or price. The hidden reference names the step: sent twice, it counts once."""

import uuid
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
)

#: More pieces than this in one go are a slip of the finger.
MOST_PIECES = 100_000


def new_token() -> str:
    return uuid.uuid4().hex


class OnceForm(forms.Form):
    """A form whose sending counts once, however often the button is pressed."""

    token = forms.CharField(
        initial=new_token, widget=forms.HiddenInput, validators=[RegexValidator(r"^[0-9a-f]{32}$")]
    )


class ReceiveForm(OnceForm):
    quantity = forms.IntegerField(
        label=_("Pieces that arrived"),
        min_value=1,
        max_value=MOST_PIECES,
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    reason = forms.CharField(
        label=_("Delivery note"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget()
    )


class CorrectForm(OnceForm):
    quantity = forms.IntegerField(
        label=_("Difference"),
        min_value=-MOST_PIECES,
        max_value=MOST_PIECES,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("−2 when two pieces are missing, 3 when there are three more than shown."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget())

    def clean_quantity(self) -> Any:
        if not self.cleaned_data["quantity"]:
            raise forms.ValidationError(_("A correction of 0 changes nothing."))
        return self.cleaned_data["quantity"]


class PriceForm(forms.Form):
    price = forms.DecimalField(
        label=_("Price, with VAT"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(),
    )


class ThresholdForm(forms.Form):
    low_stock_threshold = forms.IntegerField(
        label=_("Warn when this many are left"),
        min_value=0,
        max_value=MOST_PIECES,
        required=False,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("Blank: never warn."),
    )
