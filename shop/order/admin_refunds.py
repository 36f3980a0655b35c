"""The refund button of an order's page and its form, and what the page says of disputes."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from shop.money import from_minor, places, shown, to_minor
from shop.order import refunding
from shop.order.admin_steps import OrderStep
from shop.order.models import Order, RefundedExtra
from shop.order.refunding import Asked, Left
from shop.order.statuses import PACKABLE
from shop.payments import disputes
from shop.payments.models import Dispute

EVERYTHING, PIECES, AMOUNT = "everything", "pieces", "amount"


class RefundForm(forms.Form):
    """How much goes back: everything left, by line (pieces, delivery, donation), or an amount; and why.

    `token` is made with the form and names the refund, so that the same form sent twice refunds once.
    """

    how = forms.ChoiceField(
        label=gettext_lazy("Refund"),
        choices=[
            (EVERYTHING, gettext_lazy("everything that is left")),
            (PIECES, gettext_lazy("what is chosen below")),
            (AMOUNT, gettext_lazy("an amount")),
        ],
        widget=UnfoldAdminRadioSelectWidget(),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget()
    )
    restock = forms.BooleanField(
        label=gettext_lazy("The pieces are back: put them on the shelf"),
        required=False,
        widget=UnfoldBooleanWidget(),
        help_text=gettext_lazy(
            "Only for pieces that had been shipped; others become available by themselves."
        ),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = order
        fields = {f"pieces_{left.line.pk}": self._pieces(left) for left in self._left}
        extras = {f"extra_{what}": self._extra(what, minor) for what, minor in self._extras.items()}
        self.fields = {"how": self.fields["how"]} | fields | extras | {"amount": self._amount()} | self.fields

    def _amount(self) -> forms.DecimalField:
        return forms.DecimalField(
            label=_("Amount"),
            required=False,
            min_value=from_minor(1, self.order.currency),
            max_digits=8,
            decimal_places=places(self.order.currency),
            widget=UnfoldAdminDecimalFieldWidget(),
        )

    @cached_property
    def _left(self) -> list[Left]:
        return [left for left in refunding.left_of_lines(self.order) if left.pieces]

    @cached_property
    def _extras(self) -> dict[str, int]:
        return refunding.left_of_extras(self.order)

    def _extra(self, what: str, minor: int) -> forms.BooleanField:
        amount = shown(from_minor(minor, self.order.currency), self.order.currency)
        label = RefundedExtra.What(what).label
        return forms.BooleanField(
            label=f"{label}: {amount}".capitalize(), required=False, widget=UnfoldBooleanWidget()
        )

    @staticmethod
    def _pieces(left: Left) -> forms.IntegerField:
        line = left.line
        what = " · ".join(part for part in (line.title, line.colour_name, line.size_name) if part)
        return forms.IntegerField(
            label=what,
            min_value=0,
            max_value=left.pieces,
            initial=0,
            required=False,
            help_text=_("%(left)s left to refund") % {"left": left.pieces},
            widget=UnfoldAdminIntegerFieldWidget(),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if data["how"] == AMOUNT and not data["amount"]:
            self.add_error("amount", _("Say how much."))
        chosen = bool(self.pieces or self.extras)
        if data["how"] == PIECES and not chosen:
            raise forms.ValidationError(_("Choose at least one piece, delivery or the donation to refund."))
        if data["how"] != PIECES and (chosen or data["restock"]):
            raise forms.ValidationError(_("Choose “what is chosen below” to refund or take back pieces."))
        return data

    @property
    def extras(self) -> tuple[str, ...]:
        """Return which of delivery and donation to refund."""
        return tuple(what for what in self._extras if self.cleaned_data.get(f"extra_{what}"))

    @property
    def pieces(self) -> dict[int, int]:
        """Return the pieces to refund by line id."""
        found = {left.line.pk: self.cleaned_data.get(f"pieces_{left.line.pk}") or 0 for left in self._left}
        return {pk: number for pk, number in found.items() if number}

    @property
    def asked(self) -> Asked:
        """Return what was asked for, in the service's words."""
        match self.cleaned_data["how"]:
            case "pieces":
                return Asked(pieces=self.pieces, extras=self.extras)
            case "amount":
                return Asked(amount_minor=to_minor(self.cleaned_data["amount"], self.order.currency))
        return Asked()


class Refund(OrderStep):
    name, label, tone = "refund", gettext_lazy("Refund"), "danger"
    permission = "payments.add_refund"
    form_class = RefundForm

    @classmethod
    def is_possible(cls, obj: Order) -> bool:
        return refunding.refundable(obj) > 0

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"order": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"how": PIECES, "token": uuid.uuid4()}

    def form_valid(self, form: RefundForm) -> Any:
        self.asked = form.asked
        return super().form_valid(form)

    def explain(self) -> list[str]:
        left = from_minor(refunding.refundable(self.object), self.object.currency)
        said = [_("%(left)s can still be refunded.") % {"left": shown(left, self.object.currency)}]
        if self.object.status in PACKABLE:
            said.append(_("Pieces that have not left are not shipped once they are refunded."))
            said.append(
                _("With the last piece of an order of which nothing has left, delivery is refunded too.")
            )
            said.append(_("To refund everything and ship nothing, cancel the order instead."))
        return said

    def act(self, data: dict[str, Any]) -> str:
        made = refunding.refund(
            number=self.object.number,
            asked=self.asked,
            reason=data["reason"],
            step=f"staff:{data['token']}",
            by=self.by,
            restock=data["restock"],
        )
        return refunding.said(made)


def disputes_of(order: Order) -> list[dict[str, Any]]:
    """Return the disputes of an order in words, open ones first."""
    rows: QuerySet[Dispute] = Dispute.objects.filter(payment__kind="order", payment__reference=order.number)
    found = rows.select_related("payment").order_by("-is_open", "-created_at")
    return [{"dispute": row, "words": disputes.words(row)} for row in found]
