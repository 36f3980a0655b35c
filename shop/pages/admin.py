"""Staff's own words for the pages about the store."""

from typing import Any

from django import forms
from django.contrib.admin.models import CHANGE, LogEntry
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from shop.admin import Step, badge
from shop.pages.models import PageText

HOW = gettext_lazy(
    "An empty line begins a paragraph, “# Duties” is a heading, “- ” begins an item of a list, **two stars** make "
    "words strong, and [words](https://example.com) are a link. HTML is shown as it is typed."
)
HOW_DELIVERY = gettext_lazy("The zones with their prices and days stand before the first heading.")


class PageTextForm(forms.ModelForm):
    """Begins with what the page says now, also when that is the default."""

    class Meta:
        model = PageText
        fields = ("text",)
        widgets = {"text": UnfoldAdminTextareaWidget(attrs={"rows": 24, "spellcheck": "true"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["text"] = self.instance.text or self.instance.default
        if "text" not in self.fields:  # who may only view has no field
            return
        about_delivery = f" {HOW_DELIVERY}" if self.instance.page == "delivery" else ""
        self.fields["text"].help_text = f"{HOW}{about_delivery}"


class BackToDefault(Step):
    model = PageText
    permission = "pages.change_pagetext"
    name, label, tone = "default", gettext_lazy("Back to the default text"), "danger"

    @classmethod
    def is_possible(cls, obj: PageText) -> bool:
        return bool(obj.text)

    def explain(self) -> list[str]:
        return [_("Your own words are taken off the page and are not kept."), self.object.default]

    def act(self, data: dict[str, Any]) -> str:
        self.object.text = ""
        self.object.save()
        LogEntry.objects.log_actions(self.request.user.pk, [self.object], CHANGE, str(self.label))
        return _("The page says again what it says by itself.")


class PageTextAdmin(ModelAdmin):
    """All pages in all languages; what stands there is changed, seen before it is published, and taken back."""

    form = PageTextForm
    list_display = ("named", "shown_language", "says", "changed")
    list_filter = ("language",)
    change_form_outer_before_template = "admin/pages/buttons.html"
    change_form_after_template = "admin/pages/look.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        step = self.admin_site.admin_view(BackToDefault.as_view(site=self.admin_site))
        return [
            path(f"<int:pk>/{BackToDefault.name}/", step, name=BackToDefault.url_name()),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:
        row = self.get_object(request, object_id)
        steps = [BackToDefault] if row else []
        buttons = [step.button_for(row) for step in steps if step.is_offered(request, row)]
        extra = {"buttons": buttons, "page_url": row and address_of(row)}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    @display(description=gettext_lazy("page"), ordering="page")
    def named(self, row: PageText) -> str:
        return row.title

    @display(description=gettext_lazy("language"), ordering="language")
    def shown_language(self, row: PageText) -> str:
        return row.language_name

    @display(description=gettext_lazy("says"))
    def says(self, row: PageText) -> str:
        return badge(_("your own words"), "good") if row.text else badge(_("the default text"))

    @display(description=gettext_lazy("changed"), ordering="changed_at")
    def changed(self, row: PageText) -> Any:
        return row.changed_at if row.text else None


def address_of(row: PageText) -> str:
    """Return where the page stands in the store, in its language."""
    with translation.override(row.language):
        return reverse("page", args=[row.page])
