"""What pages read of reviews: approved ones only, and how a garment fits over all its designs."""

from decimal import Decimal

import pytest

from shop.reviews import selectors
from shop.reviews.models import ProductReview
from shop.reviews.selectors import Fit, reviews_of
from tests.factories import a_garment, a_product, a_review

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def product():
    return a_product().parent


def read(product, **values):
    return reviews_of(product.pk, product.garment_id, **values)


def test_without_reviews_there_is_nothing(product):
    found = read(product)
    assert (found.count, found.average, found.fit, found.shown) == (0, None, None, ())


def test_only_approved_reviews_count(product):
    a_review(product, score=5)
    a_review(product, score=2)
    a_review(product, score=1, is_shown=False)
    a_review(product, score=1, status=ProductReview.REJECTED)
    found = read(product)
    assert (found.count, found.average) == (2, Decimal("3.5"))
    assert [review.score for review in found.shown] == [2, 5]


def test_the_average_is_rounded_to_one_place(product):
    for score in (5, 5, 4):
        a_review(product, score=score)
    assert str(read(product).average) == "4.7"


def test_reviews_come_in_pages_the_newest_first(product):
    written = [a_review(product) for _ in range(7)]
    first, second = read(product), read(product, number=2)
    assert [review.pk for review in first.shown] == [review.pk for review in reversed(written[2:])]
    assert [review.pk for review in second.shown] == [written[1].pk, written[0].pk]
    assert (first.pages, second.number) == (2, 2)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (9, 2)])
def test_a_page_that_is_not_there_is_the_nearest_one(product, asked, given):
    for _ in range(6):
        a_review(product)
    assert read(product, number=asked).number == given


def test_fit_counts_over_all_designs_of_the_garment_and_only_of_it(product):
    other, cushion = a_product().parent, a_product(garment=a_garment("cushion")).parent
    for fit in ("true", "true", "small"):
        a_review(product, fit=fit)
    for fit in ("true", "large", ""):
        a_review(other, fit=fit)
    a_review(other, fit="large", is_shown=False)
    a_review(cushion, fit="large")
    assert read(product).fit == read(other).fit == Fit(small=1, true=3, large=1)
    assert read(other).count == 3


def test_a_new_design_inherits_how_its_garment_fits(product):
    for _ in range(5):
        a_review(product, fit="true")
    found = read(a_product().parent)
    assert (found.count, found.fit) == (0, Fit(small=0, true=5, large=0))


def test_fit_is_told_from_five_answers_on(product):
    for _ in range(4):
        a_review(product, fit="true")
    assert read(product).fit is None


def test_the_share_of_true_is_rounded():
    assert Fit(small=3, true=18, large=2).true_percent == 78
    assert Fit(small=1, true=0, large=4).true_percent == 0


def test_questions_are_few_however_many_reviews(product, django_assert_num_queries):
    with django_assert_num_queries(1):
        read(product)
    for _ in range(12):
        a_review(product, fit="true")
    with django_assert_num_queries(2):
        read(product, number=2)


def test_a_key_finds_its_review_and_no_other(product):
    review = a_review(product)
    key = selectors.key_of(review)
    assert selectors.review_of(key) == review
    assert selectors.review_of(key[:-1] + ("a" if key[-1] != "a" else "b")) is None
    assert selectors.review_of(f"{review.pk + 1}:{key.split(':')[1]}") is None
    assert selectors.review_of("") is None
    review.delete()
    assert selectors.review_of(key) is None
