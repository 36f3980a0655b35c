"""Disputes, inquiries, fraud warnings and reviews in the back office, to read: they are answered at Stripe."""

from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from shop.admin import badge
from shop.payments.admin import MoneyAdmin
from shop.payments.disputes import words
from shop.payments.models import Dispute


class DisputeAdmin(MoneyAdmin):
    list_display = ("created_at", "order", "shown_state", "what", "due_by")
    list_filter = ("is_open", "kind", "created_at")
    search_fields = ("payment__reference", "stripe_id")
    search_help_text = _("Order number or Stripe's id")
    list_select_related = ("payment",)
    ordering = ("-is_open", "due_by", "-created_at")

    @display(description=_("state"), ordering="status")
    def shown_state(self, row: Dispute) -> str:
        tone = "bad" if row.is_open or row.is_lost else "good"
        return badge(f"{row.get_kind_display()}: {row.status.replace('_', ' ')}", tone)

    @display(description=_("order"), ordering="payment__reference")
    def order(self, row: Dispute) -> str:
        return row.payment.reference

    @display(description=_("what"))
    def what(self, row: Dispute) -> str:
        return words(row)
