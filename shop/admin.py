"""What the rooms' ModelAdmin classes share: read-only pages, and steps (buttons) that call one service.

Imports nothing of our rooms.
"""

from abc import abstractmethod
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.generic import FormView


def badge(text: Any, tone: str = "") -> SafeString:
    """Draw a state in words; `tone` is good, warn, bad or nothing."""
    return format_html('<span class="bo-badge {}">{}</span>', f"bo-{tone}" if tone else "", text)


def link_to(obj: Model, text: Any = "") -> SafeString:
    """Link to a row's page in the back office."""
    url = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
    return format_html('<a class="bo-link" href="{}">{}</a>', url, text or obj)


def name_of(user: Any) -> str:
    """Return how a staff user is written down: their name, else their e-mail."""
    return user.get_full_name() or user.email


class ReadOnly:
    """Mixin: nothing is added, changed or deleted by hand; who may view may read."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may press a row's buttons may see it."""
        opts = self.opts  # type: ignore[attr-defined]
        verbs = ("view", "change")
        return any(request.user.has_perm(f"{opts.app_label}.{verb}_{opts.model_name}") for verb in verbs)


class OwnPage(ReadOnly):
    """Mixin: the row's page is a template of its own with buttons (`steps`); it takes no POST itself."""

    page_template: ClassVar[str]
    #: How the row's key looks in an address.
    key: ClassVar[str] = "int"
    steps: ClassVar[tuple[type["Step"], ...]] = ()

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Return what the template shows beside the row."""
        return {}

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": str(obj),
            "opts": self.opts,  # type: ignore[attr-defined]
            "original": obj,
            "buttons": [step.button_for(obj) for step in self.steps if step.is_offered(request, obj)],
            **self.page(request, obj),
        }
        return TemplateResponse(request, self.page_template, context)

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                f"<{self.key}:pk>/{step.name}/",
                self.admin_site.admin_view(step.as_view(site=self.admin_site)),  # type: ignore[attr-defined]
                name=step.url_name(),
            )
            for step in self.steps
        ] + super().get_urls()  # type: ignore[misc]


class Step(FormView):
    """Something staff do to one row: a small form page, whose POST calls one service and says what happened."""

    template_name = "admin/step.html"
    form_class = forms.Form
    http_method_names = ["get", "head", "post"]
    site: Any = None

    model: ClassVar[type[Model]]
    permission: ClassVar[str]
    name: ClassVar[str]
    label: ClassVar[Any]
    tone: ClassVar[str] = ""
    is_direct: ClassVar[bool] = False  # the row's page posts it without a form page between
    refusals: ClassVar[tuple[type[Exception], ...]] = ()

    @classmethod
    def url_name(cls) -> str:
        return f"{cls.model._meta.app_label}_{cls.model._meta.model_name}_{cls.name}"

    @classmethod
    def is_possible(cls, obj: Any) -> bool:
        return True

    @classmethod
    def is_allowed(cls, request: HttpRequest, obj: Any) -> bool:
        return bool(request.user.has_perm(cls.permission))

    @classmethod
    def is_offered(cls, request: HttpRequest, obj: Any) -> bool:
        return cls.is_allowed(request, obj) and cls.is_possible(obj)

    @classmethod
    def button_for(cls, obj: Any) -> dict[str, Any]:
        url = reverse(f"admin:{cls.url_name()}", args=[obj.pk])
        return {"label": cls.label, "url": url, "tone": cls.tone, "is_direct": cls.is_direct}

    @abstractmethod
    def act(self, data: dict[str, Any]) -> str:
        """Call the service and return what happened, in words."""

    def explain(self) -> list[str]:
        """Say what will happen, before the button is pressed."""
        return []

    def words(self, error: Exception) -> str:
        """Say in plain words why the step was refused."""
        return str(error)

    @property
    def by(self) -> str:
        return name_of(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        self.object = get_object_or_404(self.model, pk=kwargs["pk"])
        if not self.is_allowed(request, self.object):
            raise PermissionDenied
        if not self.is_possible(self.object):
            messages.warning(request, _("“%(step)s” is not possible any more.") % {"step": self.label})
            return self.back()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            said = self.act(form.cleaned_data)
        except self.refusals as error:
            messages.error(self.request, self.words(error))
        else:
            messages.success(self.request, said)
        return self.back()

    def back(self) -> HttpResponse:
        return HttpResponseRedirect(self.back_url())

    def back_url(self) -> str:
        opts = self.model._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.object.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **self.site.each_context(self.request),
            title=f"{self.label}: {self.object}",
            label=self.label,
            tone=self.tone,
            explanation=self.explain(),
            back_url=self.back_url(),
            opts=self.model._meta,
            **kwargs,
        )
