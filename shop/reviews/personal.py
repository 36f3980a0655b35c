"""What reviews tell about a person, for the export and for erasure."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from shop.order.personal import orders_of
from shop.personal import Facts, Keeper, Person
from shop.reviews.models import ProductReview


class ReviewKeeper(Keeper):
    """Reviews of what the person bought: they stay, without a name."""

    name = "reviews"
    title = gettext_lazy("Reviews")
    models = ("reviews.ProductReview", "reviews.Vote")

    def export(self, person: Person) -> list[Facts]:
        return [
            {
                "written": review.date_created,
                "product": review.product.get_title() if review.product else "",
                "name": review.name,
                "score": review.score,
                "fit": str(review.get_fit_display()),
                "title": review.title,
                "text": review.body,
                "our reply": review.reply,
            }
            for review in _of(person).select_related("product__parent")
        ]

    def erase(self, person: Person) -> None:
        _of(person).update(user=None, name="", email="", line=None)


def _of(person: Person) -> QuerySet[ProductReview]:
    mine = Q(user=person.user_id) | person.wrote("email", "date_created")
    mine |= Q(line__order__in=orders_of(person))
    return ProductReview.objects.filter(mine).order_by("pk")
