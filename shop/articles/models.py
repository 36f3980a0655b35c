from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Article(models.Model):
    """A story of the publication, known by its canonical address; only a normal or corrected one sells merch."""

    class State(models.TextChoices):
        NORMAL = "normal", _("normal")
        CORRECTED = "corrected", _("corrected")
        RETRACTED = "retracted", _("retracted")
        SENSITIVE = "sensitive", _("sensitive")

    #: States in which merch may stand beside the story.
    SELLING = (State.NORMAL, State.CORRECTED)

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("address here"), max_length=200, unique=True)
    url = models.URLField(_("canonical address"), max_length=500, unique=True)
    summary = models.TextField(_("summary"), blank=True)
    image = models.ImageField(_("image"), upload_to="stories", max_length=255, blank=True)
    image_alt = models.CharField(_("text for people who cannot see it"), max_length=250, blank=True)
    authors = models.CharField(_("authors"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published"), default=timezone.now, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NORMAL)
    designs = models.ManyToManyField(
        "catalogue.Design", through="ArticleDesign", related_name="articles", verbose_name=_("designs")
    )

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["normal", "corrected", "retracted", "sensitive"]),
                name="article_state_known",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sells_merch(self) -> bool:
        return self.state in self.SELLING


class ArticleDesign(models.Model):
    """A story and a design that belong together, in staff's order, with a note why; each pair once."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="links", verbose_name=_("story"))
    design = models.ForeignKey(
        "catalogue.Design", models.CASCADE, related_name="article_links", verbose_name=_("design")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("“The shirt from this story.”")
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("link to a design")
        verbose_name_plural = _("links to designs")
        constraints = [models.UniqueConstraint(fields=["article", "design"], name="article_design_once")]

    def __str__(self) -> str:
        return f"{self.article} – {self.design}"
