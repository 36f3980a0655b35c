"""Money in the back office, to read: payments, refunds and Stripe's events. None is added, changed or deleted."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from shop.admin import OwnPage, ReadOnly, badge, link_to
from shop.money import from_minor, shown
from shop.payments import disputes, refunds
from shop.payments.admin_steps import RefundGone
from shop.payments.models import Payment, Refund, Subscription, WebhookEvent
from shop.payments.outcomes import handler_for
from shop.payments.selectors import captured_minor

TONES = {
    Payment.State.PAID: "good",
    Payment.State.REVIEW: "bad",
    Payment.State.PROCESSING: "warn",
    Refund.State.SUCCEEDED: "good",
    Refund.State.FAILED: "bad",
    Refund.State.UNKNOWN: "warn",
    WebhookEvent.State.DONE: "good",
}

#: What of a payment is of use when somebody looks for it at Stripe.
FACTS = (
    "session_id",
    "intent_id",
    "charge_id",
    "invoice_id",
    "created_at",
    "checked_at",
    "paid_at",
    "expires_at",
)


class MoneyAdmin(ReadOnly, ModelAdmin):
    """Shared columns; every field is shown, none can be typed over."""

    list_per_page = 50

    @display(description=_("state"), ordering="state")
    def shown_state(self, row: Any) -> str:
        return badge(row.get_state_display(), TONES.get(row.state, ""))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]


class PaymentAdmin(OwnPage, MoneyAdmin):
    page_template = "admin/payments/page.html"
    key = "uuid"
    steps = (RefundGone,)
    list_display = ("created_at", "reference", "shown_state", "amount", "problem", "paid_at")
    list_filter = ("state", "kind", "created_at")
    search_fields = ("reference", "session_id", "intent_id", "charge_id")
    search_help_text = _("Number of the order or donation, or Stripe's id")
    ordering = ("-created_at",)

    @display(description=_("amount"), ordering="amount_minor")
    def amount(self, payment: Payment) -> str:
        return written(payment, payment.amount_minor)

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        left = refunds.refundable_minor(obj)
        return {
            "payment": obj,
            "title": _("Payment for %(reference)s") % {"reference": obj.reference},
            "state_badge": self.shown_state(obj),
            "is_gone": handler_for(obj).is_gone(obj),
            "disputes": [disputes.words(row) for row in obj.disputes.all()],
            "asked": written(obj, obj.amount_minor),
            "taken": written_taken(obj, captured_minor(obj)),
            "left": written_taken(obj, left),
            "refunds": [
                {"refund": row, "amount": written_taken(obj, row.amount_minor)} for row in obj.refunds.all()
            ],
            "facts": [(obj._meta.get_field(name).verbose_name, getattr(obj, name)) for name in FACTS],
        }


def written(payment: Payment, minor: int) -> str:
    """Write an amount that was asked for."""
    return shown(from_minor(minor, payment.currency), payment.currency)


def written_taken(payment: Payment, minor: int) -> str:
    """Write an amount that Stripe took or gave back."""
    return shown(from_minor(minor, payment.taken_currency), payment.taken_currency)


class SubscriptionAdmin(MoneyAdmin):
    list_display = ("created_at", "reference", "shown_state", "amount", "ends_at", "ended_at")
    list_filter = ("is_running", "status", "created_at")
    search_fields = ("payment__reference", "stripe_id", "customer_id")
    search_help_text = _("Number of the first donation, or Stripe's id")
    list_select_related = ("payment",)
    ordering = ("-is_running", "-created_at")

    @display(description=_("state"), ordering="status")
    def shown_state(self, row: Subscription) -> str:
        return badge(
            row.status.replace("_", " "), "bad" if row.is_behind else "good" if row.is_running else ""
        )

    @display(description=_("for"), ordering="payment__reference")
    def reference(self, row: Subscription) -> str:
        return row.payment.reference

    @display(description=_("every month"), ordering="payment__amount_minor")
    def amount(self, row: Subscription) -> str:
        return written(row.payment, row.payment.amount_minor)


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
        return written_taken(refund.payment, refund.amount_minor)


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
