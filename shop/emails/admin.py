"""Sent and waiting mails, to read; one that failed can be sent again."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminEmailInputWidget

from shop.admin import OwnPage, Step, badge
from shop.emails.models import Mail

TONES = {Mail.State.SENT: "good", Mail.State.FAILED: "bad"}


class AddressForm(forms.Form):
    to = forms.EmailField(label=gettext_lazy("To"), widget=UnfoldAdminEmailInputWidget())


class SendAgain(Step):
    """Queue a failed mail once more, to an address that works."""

    model = Mail
    permission = "emails.change_mail"
    name, label, tone = "again", gettext_lazy("Send again"), "main"
    form_class = AddressForm

    @classmethod
    def is_possible(cls, obj: Mail) -> bool:
        return obj.state == Mail.State.FAILED

    def get_initial(self) -> dict[str, Any]:
        return {"to": self.object.to}

    def explain(self) -> list[str]:
        return [_("The last attempt failed: %(error)s.") % {"error": self.object.error or _("unknown")}]

    def act(self, data: dict[str, Any]) -> str:
        Mail.objects.filter(pk=self.object.pk, state=Mail.State.FAILED).update(
            state=Mail.State.QUEUED, to=data["to"], tries=0, error="", next_try_at=timezone.now()
        )
        return _("The mail is queued again.")


class MailAdmin(OwnPage, ModelAdmin):
    page_template = "admin/emails/page.html"
    steps = (SendAgain,)
    list_display = ("created_at", "headline", "to", "shown_state", "kind", "sent_at", "error")
    list_display_links = ("headline",)
    list_filter = ("state", "kind", "created_at")
    search_fields = ("to", "subject", "headline")
    search_help_text = gettext_lazy("Address, order number or subject line")
    ordering = ("-pk",)
    list_per_page = 50

    @display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, mail: Mail) -> str:
        return badge(mail.get_state_display(), TONES.get(Mail.State(mail.state), ""))

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return {"mail": obj, "title": obj.headline, "state_badge": self.shown_state(obj)}
