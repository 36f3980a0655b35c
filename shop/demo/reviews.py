"""Sample reviews of the sample products: a few kind words and some that are not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from catalogue.models import Design, Product
from shop.reviews.models import ProductReview
from shop.reviews.services import rate


@dataclass(frozen=True)
class Opinion:
    """A sample review of a design on a garment (its template's name)."""

    slug: str
    blank: str
    days_ago: int
    score: int
    title: str
    body: str
    name: str
    fit: str = ""
    by_buyer: bool = True
    reply: str = ""


OPINIONS = (
    Opinion(
        "read-slowly", "tshirt", 4, 5, "My snail and I",
        "Washed it six times and the snail has not lost a shade. It does read slowly, as promised.",
        "Nell", "true",
    ),
    Opinion(
        "read-slowly", "tshirt", 11, 4, "Lovely print, long in the body",
        "Softer than I expected, and the red is a proper red. On me it is a little long.",
        "Tobias", "large",
    ),
    Opinion(
        "read-slowly", "tshirt", 19, 2, "Arrived creased",
        "Nothing an iron could not mend, but it looked as if it had slept in the envelope.",
        "A. from the hills", "true",
        reply="You are right, and we are sorry. We fold around card now.",
    ),
    Opinion(
        "read-slowly", "tshirt", 27, 5, "Bought one for the whole book club",
        "Nine of us, four sizes, and everybody fits into theirs.",
        "The Thursday table", "true",
    ),
    Opinion(
        "read-slowly", "tshirt", 40, 4, "Good cotton",
        "Heavier than most printed shirts I own. The neck keeps its shape.",
        "Imke", "true",
    ),
    Opinion(
        "read-slowly", "tshirt", 52, 5, "Seen on a train",
        "A stranger wore it and let me feel the sleeve. I do not own one yet.",
        "Window seat", by_buyer=False,
    ),
    Opinion(
        "keep-a-light-on", "tshirt", 8, 5, "For the night shift",
        "The beams are bright even in the lift. I took my usual size and it sits well.",
        "Oskar", "true",
    ),
    Opinion(
        "keep-a-light-on", "tshirt", 33, 3, "Take a size up",
        "A beautiful print on a shirt that is narrower across the chest than my others.",
        "M. with the long arms", "small",
    ),
    Opinion(
        "the-kettle-is-on", "cushion", 15, 5, "The cat has claimed it",
        "It was meant for the sofa. It is now in a basket, and not to be moved.",
        "Household of three",
    ),
)  # fmt: skip


def write_reviews(designs: Mapping[str, Design]) -> None:
    """Write the reviews that are missing, as if staff had read them; in the caller's transaction."""
    products = {
        (product.design_id, product.garment.blank): product
        for product in Product.objects.filter(structure=Product.PARENT, design__in=designs.values())
        .select_related("garment")
        .exclude(garment=None)
        if product.garment
    }
    for place, opinion in enumerate(OPINIONS):
        _write(f"sample-{place}", opinion, products[designs[opinion.slug].pk, opinion.blank])


def _write(code: str, opinion: Opinion, product: Product) -> None:
    values = {
        "product": product,
        "status": ProductReview.APPROVED,
        "score": opinion.score,
        "title": opinion.title,
        "body": opinion.body,
        "name": opinion.name,
        "fit": opinion.fit,
        "by_buyer": opinion.by_buyer,
        "reply": opinion.reply,
    }
    review, is_new = ProductReview.objects.get_or_create(code=code, defaults=values)
    if is_new:
        written = timezone.now() - timedelta(days=opinion.days_ago)
        ProductReview.objects.filter(pk=review.pk).update(date_created=written)
        rate(product.pk)
