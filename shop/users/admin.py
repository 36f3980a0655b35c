"""People in the back office: staff, what they may do, and shoppers' accounts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import BaseUserCreationForm, SetPasswordForm
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminPasswordWidget

from shop.admin import Step

User = get_user_model()
TICKED = {models.ManyToManyField: {"widget": UnfoldAdminCheckboxSelectMultipleWidget}}


class NewPersonForm(BaseUserCreationForm):
    """A new account with its password; it may do nothing until it is given a group."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name", "is_staff", "groups")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("password1", "password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})

    def clean_email(self) -> str:
        email: str = User.objects.normalize_email(self.cleaned_data["email"])
        if User.objects.filter(email__iexact=email).exists():
            self.add_error("email", _("There is an account with this address already."))
        return email


class PasswordForm(SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("new_password1", "new_password2"):
            self.fields[name].widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})


def may_change(request: HttpRequest, person: Any) -> bool:
    """Only owners (superusers) change staff accounts, so that nobody takes over rights they were not given."""
    return bool(request.user.is_superuser) or not (person.is_staff or person.is_superuser)


class SetPassword(Step):
    model = User
    permission = "users.change_user"
    name, label, tone = "password", gettext_lazy("Set password"), "main"
    form_class = PasswordForm

    @classmethod
    def is_allowed(cls, request: HttpRequest, obj: Any) -> bool:
        return super().is_allowed(request, obj) and may_change(request, obj)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.object}

    def act(self, data: dict[str, Any]) -> str:
        self.object.set_password(data["new_password1"])
        self.object.save(update_fields=["password"])
        return _("The password is set. All other sessions of this account have ended.")


class UserAdmin(ModelAdmin):
    """Accounts are switched off, not deleted: orders and movements remember who."""

    list_display = ("email", "first_name", "last_name", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("-is_staff", "email")
    formfield_overrides = TICKED
    readonly_fields = ("last_login", "date_joined")
    change_form_outer_before_template = "admin/users/set_password.html"

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewPersonForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        rights = ["is_staff", "groups"] if request.user.is_superuser else []
        if obj is None:
            return ["email", "first_name", "last_name", "password1", "password2", *rights]
        owner = ["is_superuser"] if request.user.is_superuser else []
        return ["email", "first_name", "last_name", "is_active", *rights, *owner, "last_login", "date_joined"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and obj.is_staff and not form.cleaned_data.get("groups"):
            messages.info(request, _("This person sees nothing yet: give them a group."))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(SetPassword.as_view(site=self.admin_site))
        return [path("<int:pk>/password/", view, name=SetPassword.url_name()), *super().get_urls()]


class GroupAdmin(ModelAdmin):
    """What a group may do; owners only."""

    search_fields = ("name",)
    formfield_overrides = TICKED

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    has_delete_permission = has_change_permission

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "permissions":
            kwargs["queryset"] = self._permissions(db_field.remote_field.model.objects)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _permissions(self, permissions: Any) -> QuerySet[Any]:
        """Return those for what the back office shows; the others give nothing here."""
        shown = Q()
        for model in self.admin_site._registry:
            shown |= Q(
                content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name
            )
        found: QuerySet[Any] = permissions.filter(shown).select_related("content_type")
        return found
