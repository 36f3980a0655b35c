from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.pages.defaults import PAGES, default_text
from shop.pages.markup import as_html


class PageText(models.Model):
    """Staff's own words for one page in one language; none, and the page says what it says by itself.

    `html` is made from `text` whenever it is written, and is clean from that moment. A text that is the default one
    is kept as none, so that the page follows the default when that becomes better.
    """

    page = models.CharField(_("page"), max_length=40)
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(editable=False, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["page", "language"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [models.UniqueConstraint(fields=["page", "language"], name="page_text_once")]

    def __str__(self) -> str:
        return f"{self.title}, {self.language_name}"

    def save(self, **kwargs: Any) -> None:
        self.set_text(self.text)
        super().save(**kwargs)

    def set_text(self, text: str) -> None:
        """Take the words as they will be shown; saves nothing."""
        lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
        self.text = "" if lines == self.default else lines
        self.html = as_html(self.text)

    @property
    def title(self) -> str:
        return str(PAGES[self.page].title) if self.page in PAGES else self.page

    @property
    def language_name(self) -> str:
        return dict(settings.LANGUAGES).get(self.language, self.language)

    @property
    def default(self) -> str:
        """What the page says without words of staff's own."""
        return default_text(self.page, self.language) if self.page in PAGES else ""
