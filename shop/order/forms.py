"""What staff fill in before a step of an order."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from shop.order.models import Line, Order


class ReasonForm(forms.Form):
    """Why; it is kept in the timeline."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget())


class NoteForm(forms.Form):
    """A note for colleagues; the shopper never sees it."""

    message = forms.CharField(label=_("Note"), max_length=2000, widget=UnfoldAdminTextareaWidget())


class ShipForm(forms.Form):
    """How many pieces of each line leave now, and with whom."""

    parcels_before = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    carrier = forms.CharField(
        label=_("Carrier"), max_length=60, required=False, widget=UnfoldAdminTextInputWidget()
    )
    tracking = forms.CharField(
        label=_("Tracking number"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget()
    )
    tracking_url = forms.URLField(
        label=_("Tracking page"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget(),
        help_text=_("The link that goes into the mail to the shopper."),
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        self.fields = {self._name(line): self._pieces(line) for line in self._lines} | self.fields

    @cached_property
    def _lines(self) -> list[Line]:
        return [line for line in self.order.lines.order_by("pk") if line.unshipped]

    @staticmethod
    def _name(line: Line) -> str:
        return f"pieces_{line.pk}"

    @staticmethod
    def _pieces(line: Line) -> forms.IntegerField:
        what = " · ".join(
            part for part in (line.title, line.colour_name, line.size_name, line.partner_sku) if part
        )
        return forms.IntegerField(
            label=what,
            min_value=0,
            max_value=line.unshipped,
            initial=line.unshipped,
            help_text=_("%(left)s left to ship") % {"left": line.unshipped},
            widget=UnfoldAdminIntegerFieldWidget(),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(self.quantities.values()):
            raise forms.ValidationError(_("Choose at least one piece to ship."))
        return data

    @property
    def quantities(self) -> dict[int, int]:
        """Return the pieces to ship by line id."""
        return {line.pk: self.cleaned_data.get(self._name(line), 0) for line in self._lines}
