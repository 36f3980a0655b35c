from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine


class Basket(AbstractBasket):
    """What a shopper has chosen, and how it shall travel.

    Open → frozen (being paid) → submitted (ordered) or open again; each step is one conditional update,
    so that of two clicks only one takes it.
    """

    country = models.CharField(_("country"), max_length=2, default="GB")
    delivery_code = models.CharField(_("delivery method"), max_length=40, blank=True)
    gift_note = models.CharField(_("gift note"), max_length=300, blank=True)
    hide_prices = models.BooleanField(_("no prices in the parcel"), default=False)
    plain_parcel = models.BooleanField(_("plain parcel"), default=False)
    gift_amount = models.DecimalField(
        _("donation"), max_digits=8, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    meanwhile = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="being_paid",
        verbose_name=_("added meanwhile"),
        help_text=_("The basket that takes what is added while this one is being paid."),
    )

    class Meta(AbstractBasket.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(gift_amount__gte=0), name="basket_gift_not_negative")
        ]

    @property
    def is_frozen(self) -> bool:
        return self.status == self.FROZEN

    def freeze(self) -> bool:
        """Take the step open → frozen; return whether this call took it."""
        return self._step((self.OPEN,), self.FROZEN)

    def thaw(self) -> bool:
        """Take the step frozen → open; return whether this call took it."""
        return self._step((self.FROZEN,), self.OPEN)

    def submit(self) -> bool:
        """Take the step frozen → submitted; return whether this call took it."""
        return self._step((self.FROZEN,), self.SUBMITTED, date_submitted=timezone.now())

    def _step(self, sources: tuple[str, ...], target: str, **also) -> bool:
        taken = type(self).objects.filter(pk=self.pk, status__in=sources).update(status=target, **also)
        if taken:
            self.status = target
        return bool(taken)

    def all_lines(self):
        """Return the lines with all that pricing and pages read of them; kept, as offers mark the objects."""
        if self.pk is None:
            return self.lines.model.objects.none()
        if self._lines is None:
            self._lines = self.lines.select_related(
                "stockrecord",
                "product__colour",
                "product__size",
                "product__product_class",
                "product__parent__product_class",
                "product__parent__garment",
                "product__parent__design",
                "product__garment",
                "product__design",
            ).order_by("pk")
            for line in self._lines:
                line.basket = self
        return self._lines


class Line(AbstractLine):
    """Some pieces of one variant; at most MAX_OF_ONE_VARIANT of them."""

    story = models.CharField(
        _("story"), max_length=40, blank=True, help_text=_("The id of the story the reader came from.")
    )

    class Meta(AbstractLine.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & Q(quantity__lte=settings.MAX_OF_ONE_VARIANT),
                name="basket_line_quantity_in_bounds",
            )
        ]


from oscar.apps.basket.models import *  # noqa: E402,F403  (Oscar defines what we did not)
