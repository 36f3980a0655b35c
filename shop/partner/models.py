from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractStockRecord

#: Only `stock.services` writes these, by conditional UPDATE with a movement beside it.
COUNTED = frozenset({"num_in_stock", "num_allocated"})


class StockRecord(AbstractStockRecord):
    """Price and numbers of one variant: 0 ≤ allocated ≤ on hand, and exactly one record per variant.

    Prices include VAT and are the same everywhere.
    """

    price = models.DecimalField(
        _("price"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    num_in_stock = models.PositiveIntegerField(_("on hand"), default=0)
    num_allocated = models.PositiveIntegerField(_("allocated"), default=0)

    class Meta(AbstractStockRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["product"], name="stockrecord_one_per_product"),
            models.CheckConstraint(condition=Q(num_in_stock__gte=0), name="stockrecord_on_hand_not_negative"),
            models.CheckConstraint(
                condition=Q(num_allocated__gte=0) & Q(num_allocated__lte=F("num_in_stock")),
                name="stockrecord_allocated_within_on_hand",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="stockrecord_price_not_negative"),
        ]
        indexes = [models.Index(fields=["price"], name="stockrecord_price")]

    def __str__(self) -> str:
        return self.partner_sku

    @property
    def available(self) -> int:
        """Pieces that can still be promised: on hand less allocated."""
        return self.num_in_stock - self.num_allocated

    def save(self, *args, **kwargs) -> None:
        """Write everything but the two numbers, which a stale copy would overwrite (they start at 0 on insert)."""
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name for field in self._meta.concrete_fields if field.name not in COUNTED | {"id"}
            ]
        super().save(*args, **kwargs)

    def allocate(self, quantity):
        raise TypeError("stock changes go through shop.stock.services")

    consume_allocation = cancel_allocation = allocate


class PriceChange(models.Model):
    """A price as it stood from a date on; the newest one of a record equals the record's price."""

    stockrecord = models.ForeignKey(StockRecord, models.CASCADE, related_name="price_changes")
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")

    def __str__(self) -> str:
        return f"{self.stockrecord_id}: {self.price}"


class PieceCost(models.Model):
    """What one piece of a garment costs us from a day on; the newest row that has begun counts."""

    garment = models.ForeignKey(
        "catalogue.Garment", models.CASCADE, related_name="costs", verbose_name=_("garment")
    )
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    cloth = models.DecimalField(
        _("the garment"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    printing = models.DecimalField(
        _("printing"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    packing = models.DecimalField(
        _("post and packing"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text=_("What a piece adds beyond what the shopper pays for delivery: envelope, label, hands."),
    )

    class Meta:
        ordering = ["garment", "-valid_from"]
        verbose_name = _("cost of a piece")
        verbose_name_plural = _("costs of a piece")
        constraints = [
            models.UniqueConstraint(fields=["garment", "valid_from"], name="piece_cost_once_a_day"),
            models.CheckConstraint(
                condition=Q(cloth__gte=0) & Q(printing__gte=0) & Q(packing__gte=0),
                name="piece_cost_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.garment}, {self.valid_from}"


class PaymentFee(models.Model):
    """What the payment provider keeps of each payment from a day on; the newest row that has begun counts."""

    valid_from = models.DateField(_("from"), default=timezone.localdate, unique=True)
    percent = models.DecimalField(
        _("percent of the sum"), max_digits=5, decimal_places=3, validators=[MinValueValidator(0)]
    )
    fixed = models.DecimalField(
        _("and a fixed sum"), max_digits=6, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("payment fee")
        verbose_name_plural = _("payment fees")
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0) & Q(percent__lte=100) & Q(fixed__gte=0),
                name="payment_fee_is_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.percent} % + {self.fixed}"


from oscar.apps.partner.models import *  # noqa: E402,F403  (Oscar defines what we did not)
