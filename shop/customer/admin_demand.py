"""Demand in the back office: a page beside the stock list, and a line on each product's page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from catalogue.admin import ProductAdmin
from catalogue.models import Product
from shop.admin import ReadOnly, badge
from shop.customer.demand import PICKS_COUNT_FOR, demand
from shop.customer.models import ProductAlert
from shop.stock.admin import StockRecordAdmin

TONES = {ProductAlert.ACTIVE: "warn", ProductAlert.CLOSED: "good"}


class DemandStockAdmin(StockRecordAdmin):
    """The stock list, with the page that says what to print again."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.demand)
        return [path("demand/", page, name="partner_stockrecord_demand"), *super().get_urls()]

    def demand(self, request: HttpRequest) -> HttpResponse:
        """Every sold-out product somebody wants, the most wanted first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Print again"),
            "opts": self.opts,
            "products": demand(),
            "days": PICKS_COUNT_FOR.days,
        }
        return TemplateResponse(request, "admin/customer/demand.html", context)


class DemandProductAdmin(ProductAdmin):
    """A product's page, with what of it to print again."""

    fields = (*ProductAdmin.fields[:-1], "print_again", *ProductAdmin.fields[-1:])
    readonly_fields = (*ProductAdmin.readonly_fields, "print_again")

    @display(description=gettext_lazy("Print again"))
    def print_again(self, product: Product) -> str:
        return next((f"{one.words} ({_figures(one)})" for one in demand(product)), _("Nothing is missing."))


class ProductAlertAdmin(ReadOnly, ModelAdmin):
    """Who waits for what; told, stopped and unconfirmed requests go by themselves."""

    list_display = ("variant", "email", "standing", "date_created", "date_closed")
    list_filter = ("status", "date_created")
    search_fields = ("email", "product__stockrecords__partner_sku", "product__parent__title")
    search_help_text = gettext_lazy("E-mail, SKU or product")
    list_select_related = ("product__parent", "product__colour", "product__size")
    exclude = ("key", "user", "mail_due")
    ordering = ("-date_created", "-pk")

    @display(description=gettext_lazy("variant"))
    def variant(self, request: ProductAlert) -> str:
        product = request.product
        return format_html("{}, {}, {}", product.get_title(), product.colour, product.size)

    @display(description=gettext_lazy("status"), ordering="status")
    def standing(self, request: ProductAlert) -> Any:
        return badge(request.get_status_display(), TONES.get(request.status, ""))


def _figures(one: Any) -> str:
    return _("asked for %(asked)s, chosen %(picked)s times") % {"asked": one.asked, "picked": one.picked}
