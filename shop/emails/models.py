from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One mail about one thing: unique by kind and subject, so a cause repeated queues it once.

    Sent under a lease with a Message-ID fixed when it was queued: handed over at least once.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("about"), max_length=120, help_text=_("What it is about: order:4K7X…"))
    to = models.EmailField(_("to"), blank=True)
    headline = models.CharField(_("subject line"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    leave_url = models.URLField(_("where to leave"), max_length=300, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"))
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("queued"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], name="mail_once_per_subject"),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sent", "failed"]), name="mail_state_known"
            ),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="queued"), name="mail_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class StaffAlert(models.Model):
    """Something staff must look at, shown on the back office's home until somebody says it is done.

    At most one of a subject is open; raised again, it shows the newer words.
    """

    subject = models.CharField(_("about"), max_length=100, help_text=_("What it is about: dispute:du_1…"))
    text = models.CharField(_("what happened"), max_length=400)
    path = models.CharField(_("page"), max_length=200, blank=True)
    raised_at = models.DateTimeField(_("raised"))
    closed_at = models.DateTimeField(_("done"), null=True, blank=True)
    closed_by = models.CharField(_("by"), max_length=200, blank=True)

    class Meta:
        ordering = ["-raised_at"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(closed_at=None), name="alert_open_once_per_subject"
            )
        ]

    def __str__(self) -> str:
        return self.text
