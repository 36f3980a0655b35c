from decimal import Decimal

from babel import Locale
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from shop.money import ZERO
from shop.shipping import names


class Zone(models.Model):
    """A group of countries that share delivery methods, prices and VAT treatment."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    vat_due = models.BooleanField(
        _("UK VAT is due"), help_text=_("Otherwise the whole price is net, and duties may be due on arrival.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("delivery zone")
        verbose_name_plural = _("delivery zones")

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """The name in the active language."""
        return names.shown(self.name)


class Destination(models.Model):
    """A country we deliver to; each country is in one zone."""

    code = models.CharField(
        _("country code"), max_length=2, unique=True, help_text=_("ISO 3166, two letters.")
    )
    name = models.CharField(_("country"), max_length=80)
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="destinations", verbose_name=_("zone"))
    is_open = models.BooleanField(_("we deliver there"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """The country in the active language; in the store's own it is called as staff call it."""
        language = get_language() or settings.LANGUAGE_CODE
        if language == settings.LANGUAGE_CODE:
            return self.name
        return str(Locale.parse(to_locale(language)).territories.get(self.code, self.name))


class DeliveryMethod(models.Model):
    """A way to send a parcel into one zone: its price, when it is free, and its working days."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    zone = models.ForeignKey(Zone, models.CASCADE, related_name="methods", verbose_name=_("zone"))
    name = models.CharField(_("name"), max_length=60)
    price = models.DecimalField(
        _("price"),
        max_digits=8,
        decimal_places=2,
        validators=[MinValueValidator(0)],
        help_text=_("Including VAT."),
    )
    free_from = models.DecimalField(
        _("free from"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Goods worth this or more, after discounts, travel free. Blank: never free."),
    )
    min_days = models.PositiveSmallIntegerField(_("working days, at least"))
    max_days = models.PositiveSmallIntegerField(_("working days, at most"))
    is_offered = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["zone", "position", "price"]
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="delivery_price_not_negative"),
            models.CheckConstraint(condition=Q(min_days__lte=F("max_days")), name="delivery_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.zone})"

    @property
    def shown(self) -> str:
        """The name in the active language; orders keep the one staff know."""
        return names.shown(self.name)

    def is_free_for(self, goods: Decimal) -> bool:
        """Tell whether goods of that value, after discounts, travel free."""
        return self.free_from is not None and goods >= self.free_from

    def price_for(self, goods: Decimal) -> Decimal:
        """Return what sending goods of that value, after discounts, costs."""
        return ZERO if self.is_free_for(goods) else self.price


class Dispatch(models.Model):
    """How we pack: up to what time an order goes out the same working day. There is one row, with pk 1."""

    cut_off = models.TimeField(_("same-day cut-off"), help_text=_("London time."))
    packing_days = models.PositiveSmallIntegerField(
        _("working days to pack"), default=1, help_text=_("Days between the order and the carrier.")
    )

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatch")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="dispatch_one_row")]

    def __str__(self) -> str:
        return str(_("Dispatch"))


class Holiday(models.Model):
    """A day on which nothing is packed or carried."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        ordering = ["day"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


from oscar.apps.shipping.models import *  # noqa: E402,F403  (Oscar defines what we did not)
