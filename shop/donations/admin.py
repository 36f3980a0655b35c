"""Donations in the back office: a list and a page to read; what staff do goes through the steps."""

import uuid
from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from shop.admin import OwnPage, Step, badge
from shop.donations import selectors, services
from shop.donations.models import Donation
from shop.money import from_minor, places, shown, to_minor
from shop.payments import disputes, gateway, refunds, settlement
from shop.payments.admin_steps import TokenForm
from shop.payments.models import Payment, Subscription
from shop.payments.selectors import captured_minor

TONES = {
    Donation.State.RECEIVED: "good",
    Donation.State.REFUNDED: "warn",
    Donation.State.PROCESSING: "warn",
    Donation.State.REVIEW: "bad",
}


class RefundForm(TokenForm):
    """How much: an amount, or all that is left."""

    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        required=False,
        max_digits=8,
        help_text=gettext_lazy("Empty: all that is left."),
        widget=UnfoldAdminDecimalFieldWidget(),
    )
    field_order = ("amount", "reason", "token")

    def __init__(self, *args: Any, donation: Donation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["amount"]
        currency = donation.payment.taken_currency if donation.payment else donation.currency
        field.min_value, field.decimal_places = from_minor(1, currency), places(currency)
        field.validators = forms.DecimalField(
            min_value=field.min_value, max_digits=8, decimal_places=field.decimal_places
        ).validators


class DonationStep(Step):
    model = Donation
    permission = "donations.change_donation"
    refusals = (refunds.TooMuch, services.NothingToAccept, gateway.GatewayError)

    def words(self, error: Exception) -> str:
        if isinstance(error, gateway.NotConfigured):
            return _("The store has no Stripe key, so Stripe cannot be asked. Nothing was changed.")
        if isinstance(error, gateway.GatewayError):
            return _("Stripe does not answer, so nothing was changed. Try again in a minute.")
        return str(error)


class Refund(DonationStep):
    """Give money back. What came with an order is refunded on the order's own page."""

    name, label, tone = "refund", gettext_lazy("Refund"), "danger"
    permission = "payments.add_refund"
    form_class = RefundForm

    @classmethod
    def is_possible(cls, obj: Donation) -> bool:
        is_own = obj.way != Donation.Way.ORDER and obj.payment is not None
        return is_own and refunds.refundable_minor(obj.payment) > 0

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"donation": self.object}

    def get_initial(self) -> dict[str, Any]:
        return {"token": uuid.uuid4()}

    def explain(self) -> list[str]:
        payment = self.object.payment
        left = from_minor(refunds.refundable_minor(payment), payment.taken_currency)
        said = [_("%(left)s can still be refunded.") % {"left": shown(left, payment.taken_currency)}]
        if self.object.is_monthly:
            said.append(
                _("This is one month's donation: the next is taken all the same, unless the donor stops it.")
            )
        return said

    def act(self, data: dict[str, Any]) -> str:
        amount = data["amount"]
        made = services.refund(
            donation_id=self.object.pk,
            amount_minor=None if amount is None else to_minor(amount, self.object.payment.taken_currency),
            reason=data["reason"],
            step=f"staff:{data['token']}",
            by=self.by,
        )
        return refunds.said(made)


class Recheck(DonationStep):
    name, label, is_direct = "recheck", gettext_lazy("Check again at Stripe"), True

    @classmethod
    def is_possible(cls, obj: Donation) -> bool:
        return obj.way != Donation.Way.ORDER and obj.payment is not None and not obj.payment.is_paid

    def act(self, data: dict[str, Any]) -> str:
        settlement.settle(self.object.payment_id)
        self.object.refresh_from_db()
        return _("Checked at Stripe. The donation is: %(state)s.") % {
            "state": self.object.get_state_display()
        }


class Accept(DonationStep):
    name, label = "accept", gettext_lazy("Accept payment")

    @classmethod
    def is_possible(cls, obj: Donation) -> bool:
        return is_in_review(obj) and refunds.refundable_minor(obj.payment) > 0

    def explain(self) -> list[str]:
        payment = self.object.payment
        taken = shown(from_minor(captured_minor(payment), payment.taken_currency), payment.taken_currency)
        said = _("Accepting counts the donation as received, with the %(taken)s that Stripe took.")
        return [payment.problem, said % {"taken": taken}]

    def act(self, data: dict[str, Any]) -> str:
        services.accept(donation_id=self.object.pk, now=timezone.now())
        return _("The payment is accepted, and the donor gets a receipt.")


class Dismiss(DonationStep):
    name, label = "dismiss", gettext_lazy("Put aside")

    @classmethod
    def is_possible(cls, obj: Donation) -> bool:
        is_seen = obj.state == Donation.State.REVIEW
        return is_seen and is_in_review(obj) and not captured_minor(obj.payment)

    def explain(self) -> list[str]:
        said = _(
            "Stripe has taken no money. The donation is put aside as not given; if money comes, it is back."
        )
        return [self.object.payment.problem, said]

    def act(self, data: dict[str, Any]) -> str:
        services.dismiss(donation_id=self.object.pk)
        return _("The donation is put aside.")


def is_in_review(donation: Donation) -> bool:
    """Whether what Stripe holds differs from what was asked for, so that a person must decide."""
    return donation.payment is not None and donation.payment.state == Payment.State.REVIEW


class DonationAdmin(OwnPage, ModelAdmin):
    page_template = "admin/donations/page.html"
    steps = (Accept, Dismiss, Recheck, Refund)
    list_display = ("number", "shown_state", "how_much", "shown_way", "donor", "when")
    list_display_links = ("number",)
    list_filter = ("state", "way", "received_at")
    search_fields = ("number", "email", "name", "order_number", "payment__invoice_id", "payment__intent_id")
    search_help_text = gettext_lazy("Number, e-mail, name, order number or Stripe's id")
    ordering = (F("received_at").desc(nulls_last=True), "-pk")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Donation]:
        return super().get_queryset(request).select_related("payment", "first")

    @display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, donation: Donation) -> str:
        state = badge(donation.get_state_display(), TONES.get(Donation.State(donation.state), ""))
        part = donation.given_back and donation.state == Donation.State.RECEIVED
        return format_html("{} {}", state, badge(_("part given back"), "warn")) if part else state

    @display(description=gettext_lazy("amount"), ordering="amount")
    def how_much(self, donation: Donation) -> str:
        return shown(donation.amount, donation.currency)

    @display(description=gettext_lazy("how"), ordering="way")
    def shown_way(self, donation: Donation) -> str:
        return donation.get_way_display()

    @display(description=gettext_lazy("donor"), ordering="name")
    def donor(self, donation: Donation) -> str:
        return format_html("{}<br><small>{}</small>", donation.name or "–", donation.email)

    @display(description=gettext_lazy("received"), ordering="received_at", empty_value="–")
    def when(self, donation: Donation) -> str | None:
        at = donation.received_at
        return date_format(localtime(at), "j M Y, H:i") if at else None

    def page(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        payment = obj.payment
        return {
            "donation": obj,
            "title": _("Donation %(number)s") % {"number": obj.number},
            "state_badge": self.shown_state(obj),
            "payment": payment,
            "refunds": payment.refunds.all() if payment else [],
            "disputes": [disputes.words(row) for row in payment.disputes.all()] if payment else [],
            "monthly": _monthly(obj),
        }


def _monthly(donation: Donation) -> dict[str, Any] | None:
    """Return the subscription a monthly donation belongs to, and the other months that have come."""
    if not donation.is_monthly or donation.payment is None:
        return None
    number = donation.payment.reference
    return {
        "subscription": Subscription.objects.filter(payment__reference=number).first(),
        "months": selectors.series(number).order_by("-received_at")[:24],
    }
