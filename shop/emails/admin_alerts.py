"""Alerts to staff: a list, and one button on each."""

from typing import Any

from django.contrib.admin import EmptyFieldListFilter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display

from shop.admin import OwnPage, Step, badge
from shop.emails import alerts
from shop.emails.models import StaffAlert


class Done(Step):
    """Say that an alert has been dealt with; it leaves the home page."""

    model = StaffAlert
    permission = "emails.change_staffalert"
    name, label, tone, is_direct = "done", gettext_lazy("Done"), "main", True

    @classmethod
    def is_possible(cls, obj: StaffAlert) -> bool:
        return obj.closed_at is None

    def act(self, data: dict[str, Any]) -> str:
        alerts.close(self.object.pk, by=self.by)
        return _("The alert is done.")


class StaffAlertAdmin(OwnPage, ModelAdmin):
    page_template = "admin/emails/alert.html"
    steps = (Done,)
    list_display = ("raised_at", "text", "shown_state", "closed_by")
    list_display_links = ("text",)
    list_filter = (("closed_at", EmptyFieldListFilter), "raised_at")
    search_fields = ("text", "subject")
    ordering = ("-raised_at",)
    list_per_page = 50

    @display(description=gettext_lazy("state"), ordering="closed_at")
    def shown_state(self, alert: StaffAlert) -> str:
        return badge(_("open"), "bad") if alert.closed_at is None else badge(_("done"), "good")

    def page(self, request: Any, obj: Any) -> dict[str, Any]:
        return {"alert": obj, "title": obj.text, "state_badge": self.shown_state(obj)}
