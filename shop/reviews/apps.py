from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.reviews import apps


class ReviewsConfig(apps.CatalogueReviewsConfig):
    name = "shop.reviews"
    verbose_name = _("Reviews")

    def ready(self) -> None:
        """Load none of Oscar's review views: they are not mounted."""
        from shop import personal
        from shop.reviews.personal import ReviewKeeper

        personal.register(ReviewKeeper())
