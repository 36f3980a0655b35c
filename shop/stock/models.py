from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StockMovement(models.Model):
    """One change of stock, never edited or deleted: a record's numbers equal the sum of its movements.

    `reference` names the step that caused it (`line:7/payment:<uuid>`), so the same step cannot count twice.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("received")
        ALLOCATED = "allocated", _("allocated")
        RELEASED = "released", _("released")
        SOLD = "sold", _("sold")
        RETURNED = "returned", _("returned")
        CORRECTED = "corrected", _("corrected")

    stockrecord = models.ForeignKey(
        "partner.StockRecord", models.PROTECT, related_name="movements", verbose_name=_("variant")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    quantity = models.IntegerField(_("quantity"), help_text=_("Pieces; only a correction may be negative."))
    reference = models.CharField(_("reference"), max_length=120)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    on_hand_after = models.PositiveIntegerField(_("on hand after"))
    allocated_after = models.PositiveIntegerField(_("allocated after"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind", "stockrecord"], name="movement_step_once"),
            models.CheckConstraint(
                condition=Q(kind="corrected") & ~Q(quantity=0) & ~Q(reason="")
                | ~Q(kind="corrected") & Q(quantity__gt=0),
                name="movement_quantity_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(allocated_after__lte=F("on_hand_after")), name="movement_allocated_within_on_hand"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["received", "allocated", "released", "sold", "returned", "corrected"]),
                name="movement_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} ({self.reference})"


class SoldOutPick(models.Model):
    """How often a variant was chosen on a day when nothing of it was left. Nothing is kept of who chose."""

    stockrecord = models.ForeignKey(
        "partner.StockRecord", models.CASCADE, related_name="sold_out_picks", verbose_name=_("variant")
    )
    day = models.DateField(_("day"), db_index=True)
    picks = models.PositiveIntegerField(_("picks"), default=0)

    class Meta:
        verbose_name = _("sold-out pick")
        verbose_name_plural = _("sold-out picks")
        constraints = [
            models.UniqueConstraint(fields=["stockrecord", "day"], name="sold_out_picks_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.stockrecord_id} {self.day}: {self.picks}"
