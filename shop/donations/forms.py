"""What a donor fills in."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import sanitize_separators
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.donations.services import Wish
from shop.money import shown

ONCE, MONTHLY = "once", "monthly"
#: Digits with the language's own sign for decimals; no exponents or other scripts' digits, which are easily misread.
_AMOUNT = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
_SYMBOLS = "£€$ "


class DonateForm(forms.Form):
    """How often, how much (one of the suggestions, or `other`, which wins), and a word to the newsroom."""

    frequency = forms.ChoiceField(
        choices=[(ONCE, gettext_lazy("Once")), (MONTHLY, gettext_lazy("Every month"))],
        error_messages={
            "required": gettext_lazy("Please choose: once or every month."),
            "invalid_choice": gettext_lazy("Please choose: once or every month."),
        },
    )
    amount = forms.CharField(required=False, max_length=40)
    other = forms.CharField(required=False, max_length=40)
    message = forms.CharField(
        required=False,
        max_length=500,
        error_messages={
            "max_length": gettext_lazy("The message can have %(limit_value)d characters at most.")
        },
    )

    def clean_message(self) -> str:
        return str(self.cleaned_data["message"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = sanitize_separators(str(data.get("other") or data.get("amount") or "").strip(_SYMBOLS))
        unreadable = [self.errors.pop(name) for name in ("amount", "other") if name in self.errors]
        data["sum"] = self._sum("?" if unreadable else given)
        return data

    def _sum(self, given: str) -> Decimal | None:
        problem = self._problem(given)
        if problem:
            self.add_error("amount", problem)
            return None
        return Decimal(given)

    @staticmethod
    def _problem(given: str) -> str:
        least, most = settings.LEAST_DONATION, settings.MOST_DONATION
        if not given:
            return _("Please choose an amount, or write one.")
        if not _AMOUNT.fullmatch(given):
            return _("Please write the amount in figures, like 5 or 7.50.")
        if Decimal(given) < least:
            return _("The smallest donation is %(least)s.") % {"least": shown(least)}
        if Decimal(given) > most:
            return _("Here we take up to %(most)s. Please write to us about a larger donation.") % {
                "most": shown(most)
            }
        return ""

    @property
    def wish(self) -> Wish:
        """Return what a valid form asks for."""
        data = self.cleaned_data
        return Wish(
            amount=data["sum"].quantize(Decimal("0.01")),
            is_monthly=data["frequency"] == MONTHLY,
            message=data["message"],
        )
