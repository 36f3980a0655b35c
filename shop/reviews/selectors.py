"""What pages read of reviews: approved ones only; how a garment fits counts over all its designs."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.core.signing import BadSignature, Signer
from django.db.models import Count

from shop.order.models import Line, Order
from shop.reviews.models import ProductReview

PER_PAGE = 5
#: From how many answers on a garment's fit is told.
ENOUGH = 5
_signer = Signer(salt="shop.reviews")


@dataclass(frozen=True, slots=True)
class Fit:
    """How a garment fits the people who said so; `total` is how many they are."""

    small: int
    true: int
    large: int

    @property
    def total(self) -> int:
        return self.small + self.true + self.large

    @property
    def true_percent(self) -> int:
        return int((Decimal(100 * self.true) / self.total).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Reviews:
    """A product's approved reviews: how many, their average to one place, a page of them; and the garment's fit."""

    count: int = 0
    average: Decimal | None = None
    fit: Fit | None = None
    shown: tuple[ProductReview, ...] = ()
    number: int = 1
    pages: int = field(default=1)


def reviews_of(product_id: int, garment_id: int | None, *, number: int = 1) -> Reviews:
    """Return page `number` of a product's reviews, the newest first (one query, two when there are any).

    A page that is not there is the last one.
    """
    rows = (
        ProductReview.objects.filter(product__garment=garment_id, status=ProductReview.APPROVED)
        .order_by()
        .values_list("product", "score", "fit")
        .annotate(Count("pk"))
    )
    counted = [(product == product_id, score, fit, n) for product, score, fit, n in rows]
    scores = Counter[int]()
    fits = Counter[str]()
    for is_own, score, fit, n in counted:
        fits[fit] += n
        scores[score] += n if is_own else 0
    count = scores.total()
    if not count:
        return Reviews(fit=_fit(fits))
    pages = -(-count // PER_PAGE)
    number = min(max(number, 1), pages)
    return Reviews(count, _average(scores), _fit(fits), _page(product_id, number), number, pages)


def _average(scores: Counter[int]) -> Decimal:
    total = sum(score * n for score, n in scores.items())
    return (Decimal(total) / scores.total()).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _fit(fits: Counter[str]) -> Fit | None:
    fit = Fit(*(fits[answer] for answer in ProductReview.Fit.values))
    return fit if fit.total >= ENOUGH else None


def _page(product_id: int, number: int) -> tuple[ProductReview, ...]:
    approved = ProductReview.objects.filter(product=product_id, status=ProductReview.APPROVED)
    first = (number - 1) * PER_PAGE
    return tuple(approved.order_by("-date_created", "-pk")[first : first + PER_PAGE])


def lines_to_review(order: Order) -> list[Line]:
    """Return a line of each product of an order that was sent and that nobody has written about (one query)."""
    lines = (
        Line.objects.filter(order=order, shipped__gt=0, product__parent__garment__isnull=False)
        .exclude(product__parent__in=_reviewed(order))
        .select_related("product__parent")
        .order_by("pk")
    )
    first: dict[int, Line] = {}
    for line in lines:
        first.setdefault(line.product.parent_id, line)
    return list(first.values())


def line_of(order: Order, product_id: int) -> Line | None:
    """Return the line that proves that the order's buyer was sent that product, or None."""
    return Line.objects.filter(order=order, shipped__gt=0, product__parent=product_id).order_by("pk").first()


def is_reviewed(line: Line, product_id: int) -> bool:
    """Tell whether the line's order has a review of that product already."""
    return ProductReview.objects.filter(line__order=line.order_id, product=product_id).exists()


def _reviewed(order: Order) -> object:
    return ProductReview.objects.filter(line__order=order).values("product")


def key_of(review: ProductReview) -> str:
    """Return the signed key by which its writer finds a review again."""
    return _signer.sign(str(review.pk))


def review_of(key: str) -> ProductReview | None:
    """Return the review whose key that is; None alike for a wrong key and a review that is gone."""
    try:
        pk = int(_signer.unsign(key))
    except (BadSignature, ValueError):
        return None
    return ProductReview.objects.select_related("product__design", "product__garment").filter(pk=pk).first()
