from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How often one asker tried one thing since `since`; the asker is kept as a keyed hash only.

    It is counted by conditional updates, so that of many tries at once no more pass than may.
    """

    what = models.CharField(_("what"), max_length=40)
    who = models.CharField(_("who"), max_length=64, help_text=_("As a keyed hash."))
    tries = models.PositiveIntegerField(_("tries"), default=0)
    since = models.DateTimeField(_("since"), db_index=True)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [models.UniqueConstraint(fields=["what", "who"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.what}: {self.tries}"
