"""Delivery in the back office: where to, how, for how much, and when nothing is packed."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from shop.money import shown
from shop.shipping.models import DeliveryMethod, Dispatch


class DeliveryMethodInline(TabularInline):
    model = DeliveryMethod
    extra = 0


class ZoneAdmin(ModelAdmin):
    list_display = ("name", "code", "vat_due", "position")
    inlines = (DeliveryMethodInline,)


class DestinationAdmin(ModelAdmin):
    list_display = ("name", "code", "zone", "is_open")
    list_filter = ("zone", "is_open")
    list_select_related = ("zone",)
    search_fields = ("name", "code")
    list_per_page = 250


class DeliveryMethodAdmin(ModelAdmin):
    list_display = ("name", "zone", "costs", "free", "min_days", "max_days", "is_offered")
    list_filter = ("zone", "is_offered")
    list_select_related = ("zone",)

    @display(description=_("price"), ordering="price")
    def costs(self, method: DeliveryMethod) -> str:
        return shown(method.price)

    @display(description=_("free from"), ordering="free_from", empty_value="–")
    def free(self, method: DeliveryMethod) -> str | None:
        return None if method.free_from is None else shown(method.free_from)


class DispatchAdmin(ModelAdmin):
    """There is one row, and it stays."""

    list_display = ("__str__", "cut_off", "packing_days")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not Dispatch.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Dispatch, form: Any, change: bool) -> None:
        obj.pk = 1
        obj.save()


class HolidayAdmin(ModelAdmin):
    list_display = ("day", "name")
    date_hierarchy = "day"
    ordering = ("-day",)
