from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.reviews.abstract_models import AbstractProductReview


class ProductReview(AbstractProductReview):
    """What somebody says of a product; shown once staff have approved it, under the name its writer chose.

    `line` is the bought line that proves a buyer: each has one review at most. How it fits is a fact of the garment,
    so it counts for every design on it. No address is kept.
    """

    class Fit(models.TextChoices):
        SMALL = "small", _("Runs small")
        TRUE = "true", _("True to size")
        LARGE = "large", _("Runs large")

    LEAST, MOST = 1, 5

    score = models.PositiveSmallIntegerField(
        _("score"), choices=[(n, str(n)) for n in range(LEAST, MOST + 1)]
    )
    fit = models.CharField(_("fit"), max_length=5, choices=Fit, blank=True)
    line = models.OneToOneField(
        "order.Line",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="review",
        verbose_name=_("bought line"),
    )
    by_buyer = models.BooleanField(_("by a buyer"), default=False)
    reply = models.TextField(_("our reply"), blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta(AbstractProductReview.Meta):
        ordering = ["-date_created", "-pk"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1) & Q(score__lte=5), name="review_score_1_to_5"),
            models.CheckConstraint(
                condition=Q(fit__in=["", "small", "true", "large"]), name="review_fit_known"
            ),
            models.CheckConstraint(condition=Q(line=None) | Q(by_buyer=True), name="review_line_means_buyer"),
        ]
        indexes = [models.Index(fields=["product", "status", "-date_created"], name="review_shown")]

    def __str__(self) -> str:
        return f"{self.score}/5: {self.title}"

    def save(self, *args, **kwargs) -> None:
        """Write this row only: Oscar would write a stale copy of the product with it (`services` keep its rating)."""
        models.Model.save(self, *args, **kwargs)

    def delete(self, *args, **kwargs):
        return models.Model.delete(self, *args, **kwargs)


from oscar.apps.catalogue.reviews.models import *  # noqa: E402,F403  (Oscar defines what we did not)
