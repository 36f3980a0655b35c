"""What staff choose for a range: garments with their colours, sizes and price, and the opening stock."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminIntegerFieldWidget

from catalogue.mockups.blanks import views_of
from catalogue.models import Colour, Garment, GarmentSize
from shop.partner.models import StockRecord
from shop.studio.matrix import DEAREST, MOST_PIECES, MOST_ROWS
from shop.studio.services import Chosen


class PiecesForm(forms.Form):
    pieces = forms.IntegerField(
        label=gettext_lazy("Opening stock of each variant"),
        min_value=0,
        max_value=MOST_PIECES,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=gettext_lazy("Pieces on the shelf. Single variants can be changed on the next page."),
    )


class GarmentForm(forms.Form):
    """One garment: whether to make it, in which colours and sizes, and for how much."""

    is_made = forms.BooleanField(required=False, initial=True)
    colours = forms.ModelMultipleChoiceField(
        Colour.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    sizes = forms.ModelMultipleChoiceField(
        GarmentSize.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    price = forms.DecimalField(
        label=gettext_lazy("Price, with VAT"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=DEAREST,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget(),
    )

    def __init__(self, data: Any, *, garment: Garment) -> None:
        self.garment = garment
        colours, sizes = garment.colours.all(), garment.sizes.all()
        initial = {"colours": colours, "sizes": sizes, "price": _last_price(garment)}
        super().__init__(data, prefix=f"garment-{garment.pk}", initial=initial)
        self.fields["is_made"].label = garment.name
        for name, rows in (("colours", colours), ("sizes", sizes)):
            field: Any = self.fields[name]
            field.queryset = rows

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("is_made"):
            self._require(data, "colours", _("Choose a colour, or leave the garment out."))
            self._require(data, "sizes", _("Choose a size, or leave the garment out."))
            self._require(data, "price", _("What does a piece cost?"))
        return data

    def _require(self, data: dict[str, Any], name: str, words: str) -> None:
        if name not in self.errors and not data.get(name):
            self.add_error(name, words)

    @property
    def chosen(self) -> Chosen:
        data = self.cleaned_data
        return Chosen(self.garment, list(data["colours"]), list(data["sizes"]), data["price"])


def _last_price(garment: Garment) -> Decimal | None:
    """Return what the newest variant of a garment costs: the next one rarely costs anything else."""
    records = StockRecord.objects.filter(product__parent__garment=garment).order_by("-pk")
    return records.values_list("price", flat=True).first()


class ChoiceForms:
    """The forms of the first page, checked together."""

    def __init__(self, data: Any = None) -> None:
        self.pieces = PiecesForm(data)
        self.garments = [
            GarmentForm(data, garment=garment)
            for garment in Garment.objects.prefetch_related("colours", "sizes")
            if views_of(garment.blank)
        ]
        self.error = ""

    def is_valid(self) -> bool:
        checked = [form.is_valid() for form in (self.pieces, *self.garments)]  # every one shows its errors
        if not all(checked):
            return False
        variants = sum(len(item.colours) * len(item.sizes) for item in self.chosen)
        if not variants:
            self.error = _("Choose at least one garment.")
        elif variants > MOST_ROWS:
            self.error = _("That is %(count)s variants; at most %(most)s are made at once.") % {
                "count": variants,
                "most": MOST_ROWS,
            }
        return not self.error

    @property
    def chosen(self) -> list[Chosen]:
        return [form.chosen for form in self.garments if form.cleaned_data["is_made"]]
