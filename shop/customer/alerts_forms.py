from django import forms
from django.utils.translation import gettext_lazy as _


class AlertForm(forms.Form):
    """An address, and which variant of the product it waits for: by SKU, or by colour and size."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Please give your e-mail address."),
            "invalid": _("This does not look like an e-mail address: name@example.org is one."),
            "max_length": _("This address is too long."),
        },
    )
    variant = forms.CharField(max_length=128, required=False)
    colour = forms.CharField(max_length=40, required=False)
    size = forms.CharField(max_length=40, required=False)
