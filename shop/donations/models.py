from django.conf import settings
from django.core.signing import TimestampSigner
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.numbers import random_number
from shop.payments.models import Payment

#: Signs the links that manage a monthly donation. A dot between the parts survives every mail program.
SIGNER = TimestampSigner(sep=".", salt="donation-page")


class Donation(models.Model):
    """Money given, one row a gift; it counts from *received* on, less what was given back.

    Each has one payment, and each payment one donation at most: so a paid invoice, which is one payment, counts once.
    What came with an order has that order's number. `first` is where a monthly donation began.
    """

    class Way(models.TextChoices):
        ONCE = "once", _("once")
        MONTHLY = "monthly", _("monthly")
        ORDER = "order", _("with an order")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for the donor")
        PROCESSING = "processing", _("waiting for the bank")
        RECEIVED = "received", _("received")
        REFUNDED = "refunded", _("given back")
        NOT_GIVEN = "not_given", _("not given")
        REVIEW = "review", _("needs a look")

    #: States in which the money has come, whatever became of it.
    CAME = (State.RECEIVED, State.REFUNDED)

    number = models.CharField(_("number"), max_length=20, unique=True, default=random_number)
    way = models.CharField(_("how"), max_length=10, choices=Way)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    given_back = models.DecimalField(_("given back"), max_digits=10, decimal_places=2, default=0)
    payment = models.OneToOneField(
        Payment, models.PROTECT, related_name="donation", null=True, blank=True, verbose_name=_("payment")
    )
    first = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="months",
        null=True,
        blank=True,
        verbose_name=_("began with"),
        help_text=_("The first of these monthly donations."),
    )
    order_number = models.CharField(_("order"), max_length=128, unique=True, null=True, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    message = models.CharField(_("message"), max_length=500, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True, db_index=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("donation")
        verbose_name_plural = _("donations")
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=["once", "monthly", "order"]), name="donation_way_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "processing", "received", "refunded", "not_given", "review"]
                ),
                name="donation_state_known",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="donation_amount_positive"),
            models.CheckConstraint(
                condition=Q(given_back__gte=0) & Q(given_back__lte=F("amount")),
                name="donation_given_back_within_amount",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["received", "refunded"]) | Q(received_at__isnull=False),
                name="donation_received_has_date",
            ),
            models.CheckConstraint(
                condition=Q(way="order", order_number__isnull=False)
                | (~Q(way="order") & Q(order_number__isnull=True)),
                name="donation_order_has_number",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_monthly(self) -> bool:
        return self.way == self.Way.MONTHLY

    @property
    def kept(self):
        """What of it the newsroom has, once it has come."""
        return self.amount - self.given_back

    @property
    def manage_path(self) -> str:
        """The signed link by which the donor changes or stops a monthly donation; the mails carry it."""
        number = self.first.number if self.first else self.number
        return reverse("donations:manage", args=[SIGNER.sign(number)])
