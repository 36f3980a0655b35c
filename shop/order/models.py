from django.conf import settings
from django.core.signing import TimestampSigner
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder, AbstractOrderStatusChange

from shop.order.statuses import STEPS, Status
from shop.payments.models import Refund
from shop.shipping import names


class Order(AbstractOrder):
    """A placed order. Its total is the truth: lines + delivery + gift = total, to the penny.

    `date_placed` is when *Pay* was pressed; `paid_at` is the time of the sale.
    """

    status = models.CharField(_("status"), max_length=100, choices=Status, default=Status.PENDING_PAYMENT)
    held_from = models.CharField(_("held from"), max_length=100, choices=Status, blank=True)
    hold_reason = models.CharField(_("reason for the hold"), max_length=300, blank=True)
    hold_cause = models.CharField(
        _("held because of"),
        max_length=20,
        blank=True,
        help_text=_("“dispute” when Stripe may end the hold."),
    )
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True, db_index=True)
    country = models.CharField(_("delivery country"), max_length=2, default="GB")
    vat_due = models.BooleanField(_("UK VAT is due"), default=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    customer_name = models.CharField(_("name"), max_length=255, blank=True)
    raw_address = models.JSONField(_("address as Stripe gave it"), null=True, blank=True)
    address_cut = models.BooleanField(_("address was cut to fit"), default=False)
    gift_note = models.CharField(_("gift note"), max_length=300, blank=True)
    gift_amount = models.DecimalField(_("donation"), max_digits=8, decimal_places=2, default=0)
    hide_prices = models.BooleanField(_("no prices in the parcel"), default=False)
    plain_parcel = models.BooleanField(_("plain parcel"), default=False)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    arrives_from = models.DateField(_("arrives from"), null=True, blank=True)
    arrives_until = models.DateField(_("arrives until"), null=True, blank=True)
    anonymised_at = models.DateTimeField(
        _("anonymised"), null=True, blank=True, help_text=_("Since then nothing in it tells who ordered.")
    )

    class Meta(AbstractOrder.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[s.value for s in Status]), name="order_status_known"
            ),
            models.CheckConstraint(condition=Q(total_incl_tax__gte=0), name="order_total_not_negative"),
        ]
        indexes = [
            models.Index(fields=["status", "-paid_at"], name="order_board"),
            models.Index(Lower("guest_email"), name="order_address"),
        ]

    #: Our own words and steps; Oscar reads the pipeline for its checks.
    pipeline = {status: tuple(steps) for status, steps in STEPS.items()}

    def set_status(self, new_status):
        raise TypeError("an order's status changes by shop.order.services")

    def may_become(self, status: str) -> bool:
        return status in STEPS[self.status]

    def get_absolute_url(self) -> str:
        return reverse("orders:detail", kwargs={"number": self.number})

    @property
    def shoppers_state(self) -> str:
        """The word that shoppers' pages know the status by."""
        return self.status.removesuffix("_payment")

    @property
    def delivery_shown(self) -> str:
        """How it is sent, in the active language."""
        return names.shown(self.shipping_method)

    @property
    def token(self) -> str:
        """A signed token that opens this order's page for a guest, and expires."""
        return TimestampSigner(salt="order-page").sign(self.number).split(":", 1)[1]

    @property
    def link(self) -> str:
        """The page's path with its token, as mails and the return page hand it out."""
        return f"{self.get_absolute_url()}?token={self.token}"


class Line(AbstractLine):
    """Some pieces of one variant as they were sold, in figures that never change.

    `num_allocated` is how many pieces of it hold stock now; `shipped` how many have left,
    `cancelled` how many were refunded before they left and never will, `taken_back` how many came back to the shelf.
    """

    colour_name = models.CharField(_("colour"), max_length=40, blank=True)
    size_name = models.CharField(_("size"), max_length=40, blank=True)
    shipped = models.PositiveIntegerField(_("shipped"), default=0)
    cancelled = models.PositiveIntegerField(_("cancelled"), default=0)
    taken_back = models.PositiveIntegerField(_("taken back"), default=0)
    story = models.CharField(_("story"), max_length=40, blank=True)

    class Meta(AbstractLine.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(num_allocated__gte=0)
                & Q(num_allocated__lte=F("quantity") - F("shipped") - F("cancelled")),
                name="order_line_allocated_within_unshipped",
            ),
            models.CheckConstraint(
                condition=Q(shipped__lte=F("quantity") - F("cancelled")),
                name="order_line_shipped_within_quantity",
            ),
            models.CheckConstraint(
                condition=Q(taken_back__lte=F("shipped")), name="order_line_taken_back_within_shipped"
            ),
        ]

    @property
    def unshipped(self) -> int:
        return self.quantity - self.shipped - self.cancelled

    @property
    def name(self) -> str:
        """Title, colour and size, as mails and lists name what was bought."""
        return ", ".join(part for part in (self.title, self.colour_name, self.size_name) if part)

    @property
    def vat(self):
        return self.line_price_incl_tax - self.line_price_excl_tax


class OrderStatusChange(AbstractOrderStatusChange):
    """One step of an order: from, to, when, by whom and why."""

    by = models.CharField(_("who"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(AbstractOrderStatusChange.Meta):
        ordering = ["date_created", "pk"]


class Parcel(models.Model):
    """What left in one go, with the carrier's tracking; its lines were sold from stock when it left."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="parcels", verbose_name=_("order"))
    carrier = models.CharField(_("carrier"), max_length=60, blank=True)
    tracking = models.CharField(_("tracking number"), max_length=80, blank=True)
    tracking_url = models.URLField(_("tracking page"), max_length=300, blank=True)
    by = models.CharField(_("who"), max_length=200, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), default=timezone.now)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("parcel")
        verbose_name_plural = _("parcels")

    def __str__(self) -> str:
        return f"{self.order.number}/{self.pk}"


class ParcelLine(models.Model):
    """How many pieces of a line are in a parcel."""

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="lines", verbose_name=_("parcel"))
    line = models.ForeignKey(Line, models.CASCADE, related_name="parcel_lines", verbose_name=_("line"))
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parcel", "line"], name="parcel_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="parcel_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.parcel_id}: {self.quantity} × {self.line_id}"


class RefundedLine(models.Model):
    """How many pieces of a line a refund gives back, and for how much; counts while the refund has not failed."""

    refund = models.ForeignKey(Refund, models.CASCADE, related_name="+", verbose_name=_("refund"))
    line = models.ForeignKey(Line, models.CASCADE, related_name="refunded_lines", verbose_name=_("line"))
    quantity = models.PositiveIntegerField(_("quantity"))
    amount_minor = models.PositiveIntegerField(_("amount in minor units"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "line"], name="refunded_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="refunded_line_quantity_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.quantity} × {self.line_id}"


class RefundedExtra(models.Model):
    """A refund gives back delivery or the donation, and how much of it; counts while the refund has not failed."""

    class What(models.TextChoices):
        DELIVERY = "delivery", _("delivery")
        DONATION = "donation", _("donation")

    refund = models.ForeignKey(Refund, models.CASCADE, related_name="+", verbose_name=_("refund"))
    order = models.ForeignKey(Order, models.CASCADE, related_name="refunded_extras", verbose_name=_("order"))
    what = models.CharField(_("what"), max_length=10, choices=What)
    amount_minor = models.PositiveIntegerField(_("amount in minor units"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["refund", "what"], name="refunded_extra_once"),
            models.CheckConstraint(
                condition=Q(what__in=["delivery", "donation"]), name="refunded_extra_known"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refunded_extra_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}: {self.what}"


from oscar.apps.order.models import *  # noqa: E402,F403  (Oscar defines what we did not)
