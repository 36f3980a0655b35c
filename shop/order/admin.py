"""Orders in the back office: a list to work through, and a page that shows everything and changes nothing."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from catalogue.pictures import rendition_url
from shop.admin import OwnPage, badge
from shop.money import shown
from shop.order.admin_refunds import Refund, disputes_of
from shop.order.admin_steps import STEPS
from shop.order.board import NEVER_PLACED, money_state, with_figures
from shop.order.models import Line, Order
from shop.order.selectors import payments_of, timeline
from shop.order.statuses import Status
from shop.payments.admin import written, written_taken

TONES = {
    Status.PAID: "good",
    Status.PART_SHIPPED: "good",
    Status.ON_HOLD: "bad",
    Status.PROCESSING_PAYMENT: "warn",
}
THUMBNAIL = 320


class StatusFilter(SimpleListFilter):
    """Unless asked for, orders that were never paid are hidden; a search looks through all."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*Status.choices, ("everything", _("everything, also never paid"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        if self.value() in Status.values:
            return queryset.filter(status=self.value())
        if self.value() == "everything" or request.GET.get("q"):
            return queryset
        return queryset.exclude(NEVER_PLACED)


class OrderAdmin(OwnPage, ModelAdmin):
    """Nothing here can be typed over: what staff do goes through the steps."""

    page_template = "admin/order/page.html"
    steps = (*STEPS[:-1], Refund, STEPS[-1])
    list_display = ("number", "state", "paid", "customer", "country", "total", "how_many")
    list_display_links = ("number",)
    list_filter = (StatusFilter, "paid_at", "country")
    search_fields = ("number", "guest_email", "customer_name", "lines__partner_sku")
    search_help_text = _("Number, e-mail, name or SKU")
    ordering = (F("paid_at").desc(nulls_first=True), "-pk")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return with_figures(super().get_queryset(request))

    @display(description=_("status"), ordering="status")
    def state(self, order: Order) -> str:
        money, tone = money_state(order)
        status = badge(order.get_status_display(), TONES.get(Status(order.status), ""))
        return format_html("{} {}", status, badge(money, tone))

    @display(description=_("paid"), ordering="paid_at", empty_value="–")
    def paid(self, order: Order) -> str | None:
        return date_format(localtime(order.paid_at), "j M Y, H:i") if order.paid_at else None

    @display(description=_("customer"), ordering="customer_name")
    def customer(self, order: Order) -> str:
        return format_html("{}<br><small>{}</small>", order.customer_name or "–", order.guest_email or "")

    @display(description=_("total"), ordering="total_incl_tax")
    def total(self, order: Order) -> str:
        return shown(order.total_incl_tax, order.currency)

    @display(description=_("pieces"))
    def how_many(self, order: Any) -> int:
        return order.pieces or 0

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        order = _whole(obj)
        payments = list(payments_of(order))
        money, money_tone = money_state(obj)
        return {
            "order": order,
            "title": order.number,
            "status_badge": badge(order.get_status_display(), TONES.get(Status(order.status), "")),
            "money_badge": badge(money, money_tone),
            "lines": [_line(line) for line in order.lines.all()],
            "net": order.total_excl_tax,
            "vat": order.total_incl_tax - order.total_excl_tax,
            "goods": sum(line.line_price_incl_tax for line in order.lines.all()),
            "payments": [_payment(payment) for payment in payments],
            "disputes": disputes_of(order),
            "notes": order.notes.all(),
            "happenings": timeline(order),
        }


def _whole(order: Order) -> Order:
    """Return the order with all that its page reads, in a fixed number of queries."""
    return (
        Order.objects.select_related("shipping_address__country")
        .prefetch_related(
            "lines__product__parent__images",
            "discounts",
            "parcels__lines__line",
            "status_changes",
            "notes__user",
        )
        .get(pk=order.pk)
    )


def _line(line: Line) -> dict[str, Any]:
    return {"line": line, "picture": _picture(line)}


def _picture(line: Line) -> str:
    """Return the address of a small picture of the line's variant in its colour, or nothing."""
    if line.product is None or line.product.parent is None:
        return ""
    images = sorted(line.product.parent.images.all(), key=lambda i: i.colour_id != line.product.colour_id)
    return rendition_url(images[0].original.name, THUMBNAIL, "jpg") if images else ""


def _payment(payment: Any) -> dict[str, Any]:
    refunds = [
        {"refund": refund, "amount": written_taken(payment, refund.amount_minor)}
        for refund in payment.refunds.all()
    ]
    return {"payment": payment, "amount": written(payment, payment.amount_minor), "refunds": refunds}
