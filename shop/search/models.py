from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelsearch import index
from modelsearch.queryset import SearchableQuerySetMixin


class EntryQuerySet(SearchableQuerySetMixin, models.QuerySet):
    """Entries that can be searched by words."""


class Entry(index.Indexed, models.Model):
    """Something shoppers can find: one for each product and story they may see, and none for anything else.

    Its words are folded and stemmed when it is written (`documents`), so that every engine finds the same.
    """

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Product")
        STORY = "story", _("Story")

    key = models.CharField(_("what it is"), max_length=40, primary_key=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    number = models.BigIntegerField(_("its number"))
    slug = models.CharField(_("address"), max_length=255)
    name = models.CharField(_("name"), max_length=255)
    note = models.CharField(_("note"), max_length=255, blank=True)
    #: The designs it shows or belongs to.
    designs = models.JSONField(_("designs"), default=list)
    title = models.TextField(_("words of its title"))
    labels = models.TextField(_("words of its themes, garment, colours and sizes"))
    text = models.TextField(_("words of its texts"))
    starts = models.TextField(_("words that typing may begin"))
    is_stale = models.BooleanField(_("waits for the worker"), default=False)

    #: Written by `services`, in the transaction of the change; never by signals.
    search_auto_update = False
    objects = EntryQuerySet.as_manager()
    search_fields = [
        index.SearchField("title", boost=8),
        index.SearchField("labels", boost=4),
        index.SearchField("heading", boost=8),
        index.SearchField("text", boost=1),
        index.AutocompleteField("starts"),
    ]

    class Meta:
        verbose_name = _("entry of the search index")
        verbose_name_plural = _("entries of the search index")
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="search_entry_once")]
        indexes = [models.Index(fields=["key"], condition=models.Q(is_stale=True), name="search_stale")]

    def __str__(self) -> str:
        return self.name

    @property
    def heading(self) -> str:
        """The title again: databases keep `title` apart, and all words of a query must stand in one column."""
        return self.title

    def says(self) -> tuple[Any, ...]:
        """What two entries must have in common to be the same."""
        return tuple(getattr(self, field) for field in CONTENT)


#: The fields an entry is written with.
CONTENT = ("kind", "number", "slug", "name", "note", "designs", "title", "labels", "text", "starts")


class Synonyms(models.Model):
    """Words that find each other: what is said to be one of them is found by all."""

    words = models.CharField(
        _("words"), max_length=300, unique=True, help_text=_("With commas between: cushion, pillow")
    )

    class Meta:
        ordering = ["words"]
        verbose_name = _("words that mean the same")
        verbose_name_plural = _("words that mean the same")

    def __str__(self) -> str:
        return self.words


class Word(models.Model):
    """A word that stands in the index, as it is written there; slips of the pen are led to these."""

    text = models.CharField(_("word"), max_length=40, primary_key=True)
    stem = models.CharField(_("stem"), max_length=40, db_index=True)
    uses = models.PositiveIntegerField(_("entries it stands in"), default=1)

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")

    def __str__(self) -> str:
        return self.text


class Trigram(models.Model):
    """Three letters in a row of a word, its ends counted as blanks; each once a word."""

    word = models.ForeignKey(Word, models.CASCADE, related_name="trigrams")
    letters = models.CharField(max_length=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letters", "word"], name="search_trigram_once")]

    def __str__(self) -> str:
        return f"{self.word_id}: {self.letters}"
