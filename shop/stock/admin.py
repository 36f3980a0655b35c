"""The stock in the back office: one list of variants, and a page with each one's movements."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from shop.admin import OwnPage, ReadOnly, badge, link_to
from shop.money import shown
from shop.partner.models import StockRecord
from shop.stock.admin_steps import STEPS
from shop.stock.models import StockMovement

MOVEMENTS_PER_PAGE = 50
SOLD_OUT, LOW, IN_STOCK = "sold-out", "low", "in-stock"


class AvailabilityFilter(SimpleListFilter):
    title = _("available")
    parameter_name = "available"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(SOLD_OUT, _("sold out")), (LOW, _("low")), (IN_STOCK, _("in stock"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[StockRecord]) -> QuerySet[StockRecord]:
        left = queryset.alias(left=F("num_in_stock") - F("num_allocated"))
        match self.value():
            case "sold-out":
                return left.filter(left__lte=0)
            case "low":
                return left.filter(left__gt=0, left__lte=F("low_stock_threshold"))
            case "in-stock":
                return left.filter(left__gt=0)
        return queryset


class StockRecordAdmin(OwnPage, ModelAdmin):
    """Numbers are changed by movements only, prices by `set_price`."""

    page_template = "admin/stock/page.html"
    steps = STEPS
    list_display = (
        "sku", "variant", "colour", "size", "num_in_stock", "num_allocated", "left", "warns_at", "with_vat",
    )  # fmt: skip
    list_filter = (
        AvailabilityFilter,
        "product__parent__garment",
        "product__colour",
        "product__size__code",
    )
    search_fields = ("partner_sku", "product__title", "product__parent__title")
    search_help_text = _("SKU or product")
    ordering = ("product__parent__title", "product__colour__position", "product__size__position", "pk")
    list_select_related = ("product__parent", "product__colour", "product__size")
    list_per_page = 100

    @display(description=_("SKU"), ordering="partner_sku")
    def sku(self, record: StockRecord) -> str:
        return format_html('<span class="bo-sku">{}</span>', record.partner_sku)

    @display(description=_("product"), ordering="product__parent__title")
    def variant(self, record: StockRecord) -> str:
        return str((record.product.parent or record.product).title)

    @display(description=_("colour"), ordering="product__colour__position", empty_value="–")
    def colour(self, record: StockRecord) -> Any:
        return record.product.colour

    @display(description=_("size"), ordering="product__size__position", empty_value="–")
    def size(self, record: StockRecord) -> str | None:
        return record.product.size.code if record.product.size else None

    @display(description=_("available"), ordering=F("num_in_stock") - F("num_allocated"))
    def left(self, record: StockRecord) -> Any:
        return availability(record)

    @display(description=_("warns at"), ordering="low_stock_threshold", empty_value="–")
    def warns_at(self, record: StockRecord) -> Any:
        return record.low_stock_threshold

    @display(description=_("price"), ordering="price")
    def with_vat(self, record: StockRecord) -> str:
        return shown(record.price, record.price_currency)

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        movements = Paginator(obj.movements.select_related("by"), MOVEMENTS_PER_PAGE)
        return {
            "record": obj,
            "product": obj.product,
            "availability": availability(obj),
            "movements": movements.get_page(request.GET.get("page")),
            "prices": obj.price_changes.all()[:20],
        }


def availability(record: StockRecord) -> Any:
    """Draw the available pieces, marked when they are low or gone."""
    left = record.available
    if left <= 0:
        return badge(_("sold out"), "bad")
    is_low = record.low_stock_threshold is not None and left <= record.low_stock_threshold
    return badge(left, "warn") if is_low else left


class StockMovementAdmin(ReadOnly, ModelAdmin):
    """The whole ledger, newest first."""

    list_display = (
        "at",
        "sku",
        "kind",
        "quantity",
        "reason",
        "by",
        "on_hand_after",
        "allocated_after",
        "reference",
    )
    list_filter = ("kind", "at")
    search_fields = ("stockrecord__partner_sku", "reference")
    list_select_related = ("stockrecord", "by")
    ordering = ("-pk",)

    @display(description=_("variant"), ordering="stockrecord__partner_sku")
    def sku(self, movement: StockMovement) -> str:
        return link_to(movement.stockrecord, movement.stockrecord.partner_sku)
