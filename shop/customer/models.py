from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer.abstract_models import AbstractProductAlert

from shop.testpoints import is_on
from shop.users.models import User


class ProductAlert(AbstractProductAlert):
    """A request to be told when a sold-out variant is back; one of an address and a variant is open at a time.

    Unconfirmed → active → closed (with its mail, in one transaction) or cancelled; each step is one conditional
    update, so that of two that come at once only one takes it. Addresses are kept in lower case.
    """

    OPEN = (AbstractProductAlert.UNCONFIRMED, AbstractProductAlert.ACTIVE)

    mail_due = models.BooleanField(
        _("to be looked at"),
        default=True,
        help_text=_("The worker has still to confirm it, or to write and ask whether the address is theirs."),
    )

    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    class Meta(AbstractProductAlert.Meta):
        verbose_name = _("back-in-stock request")
        verbose_name_plural = _("back-in-stock requests")
        indexes = [
            models.Index(fields=["email"], condition=Q(mail_due=True), name="stock_request_due"),
            models.Index(fields=["date_created"], condition=Q(status="Active"), name="stock_request_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "email"],
                condition=Q(status__in=["Unconfirmed", "Active"]),
                name="stock_request_open_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["Unconfirmed", "Active", "Cancelled", "Closed"]),
                name="stock_request_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.status}"

    def confirm(self) -> bool:
        """Take the step unconfirmed → active; return whether this call took it."""
        return self._step((self.UNCONFIRMED,), self.ACTIVE, "date_confirmed")

    def cancel(self) -> bool:
        """Take the step open → cancelled; return whether this call took it."""
        return self._step(self.OPEN, self.CANCELLED, "date_cancelled")

    def close(self) -> bool:
        """Take the step active → closed; return whether this call took it."""
        return self._step((self.ACTIVE,), self.CLOSED, "date_closed")

    def _step(self, sources: tuple[str, ...], target: str, stamp: str) -> bool:
        rows = type(self).objects.filter(pk=self.pk)
        if is_on("request"):
            rows = rows.filter(status__in=sources)
        taken = rows.update(status=target, **{stamp: timezone.now()})
        if taken:
            self.status = target
        return bool(taken)


class FormerAddress(models.Model):
    """An address that an account had proved and has given up, in lower case: what it did with it until then is its own.

    Goes with the account.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="former_addresses", verbose_name=_("account"))
    email = models.EmailField(_("e-mail"), max_length=254, db_index=True)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.until}"


class SavedFrom(models.Model):
    """The story whose reader saved a thing for later, which the basket's line takes over; goes with the thing."""

    line = models.OneToOneField(
        "wishlists.Line", models.CASCADE, related_name="saved_from", verbose_name=_("saved thing")
    )
    story = models.CharField(_("story"), max_length=40)

    class Meta:
        verbose_name = _("story of a saved thing")
        verbose_name_plural = _("stories of saved things")

    def __str__(self) -> str:
        return f"{self.line_id}: {self.story}"


class Customer(User):
    """An account as staff look it up; not one of theirs."""

    class Meta:
        proxy = True
        verbose_name = _("customer")
        verbose_name_plural = _("customers")


from oscar.apps.customer.models import *  # noqa: E402,F403  (Oscar defines what we did not)
