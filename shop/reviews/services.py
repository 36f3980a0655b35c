"""Write a review, decide on it, answer it, take it away. Each opens its own transaction and is safe to repeat."""

from dataclasses import dataclass

from django.db.models import Avg
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Product
from shop.order.models import Line
from shop.reviews.models import ProductReview
from shop.reviews.selectors import is_reviewed
from shop.testpoints import is_on
from shop.transactions import durably


class NotReviewable(Exception):
    """The line has not been shipped, or has its review already; the words say which."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a writer gave; a fit only for what is worn."""

    score: int
    title: str
    body: str
    name: str
    fit: str = ""


def write(*, product: Product, words: Words, line: Line | None = None) -> ProductReview:
    """Keep a review of a product (a parent with a garment) until staff have read it.

    `line` proves a buyer and must be a line of this product. Raises NotReviewable.
    """
    return durably(lambda: _write(product, words, line))


def _write(product: Product, words: Words, line: Line | None) -> ProductReview:
    if line is not None:
        _require_reviewable(product, line.pk)
    return ProductReview.objects.create(
        product=product,
        status=ProductReview.FOR_MODERATION,
        score=words.score,
        title=words.title,
        body=words.body,
        name=words.name,
        fit=words.fit,
        line=line,
        by_buyer=line is not None,
    )


def _require_reviewable(product: Product, line_id: int) -> None:
    """Lock the line, so that of two at once only one is written, and look at it again."""
    line = Line.objects.select_for_update(of=("self",)).select_related("product").get(pk=line_id)
    if line.product is None or line.product.parent_id != product.pk or not line.shipped:
        raise NotReviewable(_("This has not been sent to you yet."))
    if is_on("review") and is_reviewed(line, product.pk):
        raise NotReviewable(_("You have written about this already. Thank you!"))


def approve(*, review_id: int, by: str) -> None:
    """Show a review, and count its score."""
    durably(lambda: _decide(review_id, ProductReview.APPROVED, by))


def reject(*, review_id: int, by: str) -> None:
    """Hide a review, and do not count its score."""
    durably(lambda: _decide(review_id, ProductReview.REJECTED, by))


def _decide(review_id: int, status: int, by: str) -> None:
    review = ProductReview.objects.select_for_update(of=("self",)).get(pk=review_id)
    if review.status == status:
        return
    decision = {"status": status, "decided_by": by, "decided_at": timezone.now()}
    ProductReview.objects.filter(pk=review_id).update(**decision)
    rate(review.product_id)


def reply(*, review_id: int, text: str) -> None:
    """Set what the store says to a review; nothing takes the reply away."""
    durably(lambda: ProductReview.objects.filter(pk=review_id).update(reply=text))


def erase(*, review_id: int) -> None:
    """Delete a review for good, as its writer may ask; one that is gone is fine."""
    durably(lambda: _erase(review_id))


def _erase(review_id: int) -> None:
    review = ProductReview.objects.filter(pk=review_id).first()
    if review is not None:
        review.delete()
        rate(review.product_id)


def rate(product_id: int) -> None:
    """Keep the product's rating true to its approved reviews; in the caller's transaction.

    Locks the product first, so that of two at once the later one counts the other's review too.
    """
    rated = Product.objects.filter(pk=product_id)
    list(rated.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    approved = ProductReview.objects.filter(product=product_id, status=ProductReview.APPROVED)
    average = approved.aggregate(average=Avg("score"))["average"]
    rated.update(rating=average)
