"""What people type about their account. Whether an address has one, no form says."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from shop.users.models import User

_EMAIL = {
    "required": _("Please give your e-mail address."),
    "invalid": _("This does not look like an e-mail address: name@example.org is one."),
    "max_length": _("This address is too long."),
}
#: Longer than any password manager's.
_LONGEST = 256


class DrawnForm(forms.Form):
    """A form whose fields look like the store's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "input")


def _email(label: Any, autocomplete: str = "email") -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": autocomplete})
    return forms.EmailField(label=label, max_length=254, error_messages=_EMAIL, widget=widget)


def _password(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=_LONGEST,
        error_messages={"required": _("Please give the password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **options,
    )


def _new_password() -> forms.CharField:
    return _password(
        _("New password"),
        "new-password",
        help_text=_("At least 12 characters; three odd words are a good one."),
    )


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("Only to greet you; leave it blank if you like."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class LogInForm(DrawnForm):
    email = _email(_("E-mail"), "username")
    password = _password(_("Password"), "current-password")
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class AddressForm(DrawnForm):
    """An address that gets a mail."""

    email = _email(_("E-mail"))


class PersonForm(DrawnForm):
    """A form of somebody's account; a password is judged by what is known of the person."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        new: str = self.cleaned_data["new_password"]
        validate_password(new, self.user)
        return new

    def clean_password(self) -> str:
        """Ask for the password again, so that an open browser is not enough."""
        given: str = self.cleaned_data["password"]
        if not self.user.check_password(given):
            raise forms.ValidationError(_("This is not your password."))
        return given


class MakeForm(PersonForm):
    name = _name()
    new_password = _new_password()


class ChooseForm(PersonForm):
    new_password = _new_password()


class NameForm(PersonForm):
    name = _name()


class EmailForm(PersonForm):
    email = _email(_("New e-mail"))
    password = _password(_("Your password"), "current-password")


class PasswordForm(PersonForm):
    password = _password(_("Your password now"), "current-password")
    new_password = _new_password()


class EraseForm(PersonForm):
    password = _password(_("Your password"), "current-password")


class FindOrderForm(DrawnForm):
    number = forms.CharField(
        label=_("Order number"),
        max_length=20,
        error_messages={"required": _("Please give the order's number.")},
        help_text=_("Ten letters and digits; it is in every mail about the order."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    email = _email(_("E-mail"))
