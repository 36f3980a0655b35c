"""ModelAdmin classes of Oscar's vouchers and offers, which no room of ours forks."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from shop.backoffice.saving import Kind, Saving, in_words, make_offer

USES = (
    (Voucher.SINGLE_USE, gettext_lazy("one order")),
    (Voucher.MULTI_USE, gettext_lazy("any number of orders")),
)

DATES = {"start_datetime": gettext_lazy("Starts"), "end_datetime": gettext_lazy("Ends")}


class SavingForm(forms.ModelForm):
    """What is saved can be chosen once, when the voucher or offer is made."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What it does"), choices=Kind.choices, widget=UnfoldAdminSelectWidget()
    )
    value = forms.DecimalField(
        label=gettext_lazy("Percent or pounds"),
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text=gettext_lazy("20 for 20 % off, 5 for £5 off; blank for the others."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind, value = data.get("kind"), data.get("value")
        if kind in (Kind.PERCENT, Kind.AMOUNT) and not value and "value" not in self.errors:
            self.add_error("value", _("Say how much is taken off."))
        if kind == Kind.PERCENT and value and value > 100:
            self.add_error("value", _("More than 100 % cannot be taken off."))
        start, end = data.get("start_datetime"), data.get("end_datetime")
        if start and end and end <= start:
            self.add_error("end_datetime", _("The end must be later than the start."))
        return data

    @property
    def saving(self) -> Saving:
        return Saving(Kind(self.cleaned_data["kind"]), self.cleaned_data["value"])


class VoucherForm(SavingForm):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("Letters, digits and dashes; capitals do not matter."),
    )
    usage = forms.ChoiceField(
        label=gettext_lazy("Can be used for"), choices=USES, widget=UnfoldAdminSelectWidget()
    )

    class Meta:
        model = Voucher
        fields = ("name", "code", "usage", "start_datetime", "end_datetime")
        labels = DATES
        help_texts = {"name": gettext_lazy("Shoppers see it in the basket.")}

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip().upper()
        RegexValidator(
            r"^[A-Z0-9-]{3,40}$", _("Use three or more letters, digits and dashes, without spaces.")
        )(code)
        return code


class OfferForm(SavingForm):
    class Meta:
        model = ConditionalOffer
        fields = ("name", "description", "start_datetime", "end_datetime")
        labels = DATES
        help_texts = {
            "name": gettext_lazy("Shoppers see it in the basket."),
            "start_datetime": gettext_lazy("Blank: at once."),
            "end_datetime": gettext_lazy("Blank: until you end it."),
        }


class SavingAdmin(ModelAdmin):
    """Shared: kind and value are chosen when it is made, and shown in words afterwards."""

    shared_fields: tuple[str, ...] = ()

    @display(description=DATES["start_datetime"], ordering="start_datetime", empty_value="–")
    def starts(self, obj: Any) -> Any:
        return obj.start_datetime

    @display(description=DATES["end_datetime"], ordering="end_datetime", empty_value="–")
    def ends(self, obj: Any) -> Any:
        return obj.end_datetime

    @display(description=gettext_lazy("orders"), ordering="num_orders")
    def orders(self, obj: Any) -> int:
        return obj.num_orders

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.shared_fields, *(("kind", "value") if obj is None else ("does",)))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else ("does",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None:
            form = type(form.__name__, (form,), {"kind": None, "value": None})
        return form


class VoucherAdmin(SavingAdmin):
    form = VoucherForm
    shared_fields = ("name", "code", "usage", "start_datetime", "end_datetime")
    list_display = ("code", "name", "does", "used_for", "starts", "ends", "orders")
    search_fields = ("code", "name")
    ordering = ("-date_created",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Voucher]:
        return super().get_queryset(request).prefetch_related("offers__benefit", "offers__condition")

    @display(description=gettext_lazy("what it does"))
    def does(self, voucher: Voucher) -> str:
        return ", ".join(in_words(offer) for offer in voucher.offers.all()) or "–"

    @display(description=gettext_lazy("can be used for"), ordering="usage")
    def used_for(self, voucher: Voucher) -> str:
        return str(dict(USES).get(voucher.usage, voucher.usage))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A voucher somebody used is ended, not deleted: orders name it."""
        unused = obj is None or not obj.applications.exists()
        return super().has_delete_permission(request, obj) and unused

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            voucher = form.instance
            name = f"{voucher.code}: {voucher.name}"[:128]
            voucher.offers.add(make_offer(form.saving, name=name, offer_type=ConditionalOffer.VOUCHER))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}


class OfferAdmin(SavingAdmin):
    """Offers for everybody; those of vouchers are reached through their voucher."""

    form = OfferForm
    shared_fields = ("name", "description", "start_datetime", "end_datetime")
    list_display = ("name", "does", "starts", "ends", "orders")
    search_fields = ("name",)
    list_select_related = ("benefit", "condition")
    ordering = ("-date_created",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConditionalOffer]:
        return super().get_queryset(request).filter(offer_type=ConditionalOffer.SITE)

    @display(description=gettext_lazy("what it does"))
    def does(self, offer: ConditionalOffer) -> str:
        return in_words(offer)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        unused = obj is None or not obj.num_orders
        return super().has_delete_permission(request, obj) and unused

    def save_model(self, request: HttpRequest, obj: ConditionalOffer, form: Any, change: bool) -> None:
        if change:
            obj.save()
            return
        made = make_offer(
            form.saving,
            offer_type=ConditionalOffer.SITE,
            **{name: form.cleaned_data[name] for name in self.shared_fields},
        )
        obj.pk = made.pk
        obj.refresh_from_db()

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}
