"""Money in the back office, to read: payments, refunds and Stripe's events. None is added, changed or deleted."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from shop.admin import ReadOnly, badge, link_to
from shop.money import from_minor, shown
from shop.payments.models import Payment, Refund, WebhookEvent

TONES = {
    Payment.State.PAID: "good",
    Payment.State.REVIEW: "bad",
    Payment.State.PROCESSING: "warn",
    Refund.State.SUCCEEDED: "good",
    Refund.State.FAILED: "bad",
    Refund.State.UNKNOWN: "warn",
    WebhookEvent.State.DONE: "good",
}


class MoneyAdmin(ReadOnly, ModelAdmin):
    """Shared columns; every field is shown, none can be typed over."""

    list_per_page = 50

    @display(description=_("state"), ordering="state")
    def shown_state(self, row: Any) -> str:
        return badge(row.get_state_display(), TONES.get(row.state, ""))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]


class PaymentAdmin(MoneyAdmin):
    list_display = ("created_at", "reference", "shown_state", "amount", "problem", "paid_at")
    list_filter = ("state", "kind", "created_at")
    search_fields = ("reference", "session_id", "intent_id", "charge_id")
    search_help_text = _("Order number or Stripe's id")
    ordering = ("-created_at",)

    @display(description=_("amount"), ordering="amount_minor")
    def amount(self, payment: Payment) -> str:
        return shown(from_minor(payment.amount_minor, payment.currency), payment.currency)


class RefundAdmin(MoneyAdmin):
    list_display = ("created_at", "order", "shown_state", "amount", "reason", "error", "by")
    list_filter = ("state", "created_at")
    search_fields = ("payment__reference", "stripe_id")
    search_help_text = _("Order number or Stripe's id")
    list_select_related = ("payment",)
    ordering = ("-created_at",)

    @display(description=_("order"), ordering="payment__reference")
    def order(self, refund: Refund) -> str:
        return link_to(refund.payment, refund.payment.reference)

    @display(description=_("amount"), ordering="amount_minor")
    def amount(self, refund: Refund) -> str:
        currency = refund.payment.currency
        return shown(from_minor(refund.amount_minor, currency), currency)


class WebhookEventAdmin(MoneyAdmin):
    list_display = ("received_at", "type", "shown_state", "tries", "error", "object_id")
    list_filter = ("state", "type", "received_at")
    search_fields = ("id", "object_id")
    search_help_text = _("Stripe's id")
    ordering = ("-received_at",)

    @display(description=_("state"), ordering="state")
    def shown_state(self, row: Any) -> str:
        return badge(
            row.get_state_display(), "bad" if row.state == row.State.FAILED else TONES.get(row.state, "")
        )
