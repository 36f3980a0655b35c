import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


def new_mark() -> str:
    """Return a mark nobody had before, so that a version never comes back, not even with an old backup."""
    return uuid.uuid4().hex


class CatalogueVersion(models.Model):
    """A part of the catalogue version, which is all marks together; raising it gives one row a new mark.

    There is one row until transactions raise at the same time: each takes a row that no other holds, or adds
    one, so that nobody waits for anybody (on SQLite writers take turns anyway, and one row is enough).
    """

    mark = models.CharField(_("mark"), max_length=36, default=new_mark)

    class Meta:
        verbose_name = _("catalogue version")
        verbose_name_plural = _("catalogue versions")

    def __str__(self) -> str:
        return self.mark
