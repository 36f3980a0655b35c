"""A bought line has one review however often the button is pressed; the second press is told so in words."""

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.contrib.sites.models import Site
from django.db import IntegrityError

from catalogue.models import Product
from shop.order.models import Line, Order
from shop.reviews.models import ProductReview
from shop.reviews.services import NotReviewable, Words, approve, write
from tests.factories import MadeProduct, a_product, a_review
from tests.races.parallel import at_once

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

TIMES = 6
WORDS = Words(score=5, title="Soft", body="As soft as it looks.", name="Robin", fit="true")


def a_shipped_line(product: MadeProduct) -> Line:
    price = dict.fromkeys(
        (
            *("line_price_incl_tax", "line_price_excl_tax"),
            *("line_price_before_discounts_incl_tax", "line_price_before_discounts_excl_tax"),
        ),
        Decimal("25.00"),
    )
    totals = {"total_incl_tax": Decimal("25.00"), "total_excl_tax": Decimal("25.00")}
    order = Order.objects.create(
        number="ABCDEFGHJK", site=Site.objects.get_current(), currency="GBP", **totals
    )
    line: Line = order.lines.create(
        product=product.first,
        title="Shirt",
        partner_sku="SKU",
        quantity=1,
        shipped=1,
        num_allocated=0,
        **price,
    )
    return line


@pytest.mark.parametrize(("off", "refusal"), [("", NotReviewable), ("review", IntegrityError)])
def test_a_line_is_written_about_once(off: str, refusal: type[Exception], settings: Any) -> None:
    settings.TEST_GUARDS_OFF = frozenset(off.split())
    product = a_product()
    line = a_shipped_line(product)
    done = at_once([partial(write, product=product.parent, words=WORDS, line=line)] * TIMES)
    assert sum(isinstance(one, ProductReview) for one in done) == 1
    assert sum(isinstance(one, refusal) for one in done) == TIMES - 1
    assert ProductReview.objects.count() == 1


def test_the_rating_is_that_of_all_reviews_approved_at_once() -> None:
    product = a_product()
    reviews = [a_review(product.parent, is_shown=False, score=1 + n % 5) for n in range(TIMES)]
    done = at_once([partial(approve, review_id=review.pk, by="Sam") for review in reviews])
    assert done == [None] * TIMES
    average = sum(review.score for review in reviews) / TIMES
    assert Product.objects.get(pk=product.parent.pk).rating == pytest.approx(average)
