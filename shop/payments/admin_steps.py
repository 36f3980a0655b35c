"""What staff do to a payment: refund one whose order is gone. Every other refund is made where the thing itself is."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from shop.admin import Step
from shop.money import from_minor, shown
from shop.payments import gateway, refunds
from shop.payments.models import Payment
from shop.payments.outcomes import handler_for


class TokenForm(forms.Form):
    """Why; `token` is made with the form and names the refund, so that the same form sent twice refunds once."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=UnfoldAdminTextInputWidget()
    )
    token = forms.UUIDField(widget=forms.HiddenInput)


class RefundGone(Step):
    model = Payment
    permission = "payments.add_refund"
    name, label, tone = "refund", gettext_lazy("Refund all of it"), "danger"
    form_class = TokenForm
    refusals = (refunds.TooMuch, gateway.GatewayError)

    @classmethod
    def is_possible(cls, obj: Payment) -> bool:
        return bool(refunds.refundable_minor(obj)) and handler_for(obj).is_gone(obj)

    def get_initial(self) -> dict[str, Any]:
        return {"token": uuid.uuid4()}

    def explain(self) -> list[str]:
        left = from_minor(refunds.refundable_minor(self.object), self.object.currency)
        return [
            _("What this payment was for does not exist any more (%(reference)s).")
            % {"reference": self.object.reference},
            _("%(left)s goes back to the shopper.") % {"left": shown(left, self.object.currency)},
        ]

    def act(self, data: dict[str, Any]) -> str:
        made = refunds.refund_rest(
            self.object.pk, reason=data["reason"], step=f"staff:{data['token']}", by=self.by
        )
        return refunds.said(made)
