from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models import Design


class RangeDraft(models.Model):
    """A range on its way into the catalogue: all of it is there when the draft is *done*, nothing before.

    One that *redraws* adds nothing: it gives the mockups that a design has already other pictures.
    Its rows do not change once it is *drawing*. `pictures` names the staged picture of each view that is drawn.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("to be checked")
        DRAWING = "drawing", _("pictures are being drawn")
        DONE = "done", _("in the catalogue")
        FAILED = "failed", _("stopped")

    design = models.ForeignKey(Design, models.CASCADE, related_name="drafts", verbose_name=_("design"))
    choices = models.JSONField(_("choices"))
    rows = models.JSONField(_("rows"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, db_index=True)
    redraws = models.BooleanField(_("draws the pictures again"), default=False)
    pictures = models.JSONField(_("pictures drawn"), default=dict)
    picture_count = models.PositiveIntegerField(_("pictures to draw"), default=0)
    variants_made = models.PositiveIntegerField(_("new variants"), default=0)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    leased_by = models.CharField(_("worked on by"), max_length=40, blank=True)
    leased_until = models.DateTimeField(_("until"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("range")
        verbose_name_plural = _("ranges")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "drawing", "done", "failed"]), name="range_draft_state_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.design.title} · {self.pk}"
