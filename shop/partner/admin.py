"""What a piece and a payment cost, each from a day on: rows are added, so that receipts keep their figures."""

from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from shop.money import shown
from shop.partner.models import PieceCost


class PieceCostAdmin(ModelAdmin):
    list_display = ("garment", "valid_from", "cloth_cost", "printing_cost", "packing_cost")
    list_filter = ("garment",)
    list_select_related = ("garment",)
    ordering = ("garment", "-valid_from")

    @display(description=_("the garment"), ordering="cloth")
    def cloth_cost(self, cost: PieceCost) -> str:
        return shown(cost.cloth)

    @display(description=_("printing"), ordering="printing")
    def printing_cost(self, cost: PieceCost) -> str:
        return shown(cost.printing)

    @display(description=_("post and packing"), ordering="packing")
    def packing_cost(self, cost: PieceCost) -> str:
        return shown(cost.packing)


class PaymentFeeAdmin(ModelAdmin):
    list_display = ("valid_from", "percent", "fixed")
    ordering = ("-valid_from",)
