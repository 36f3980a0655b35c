"""Reviews wait for staff, count once approved, and go for good when their writer wants it."""

import pytest
from django.db import IntegrityError, transaction

from shop.reviews import services
from shop.reviews.models import ProductReview
from shop.reviews.services import Words
from tests.factories import a_product, a_review

pytestmark = [pytest.mark.django_db, pytest.mark.both]

WORDS = Words(score=4, title="Good", body="Very good.", name="Robin", fit="true")


@pytest.fixture
def product():
    return a_product().parent


def rating(product) -> float | None:
    return type(product).objects.values_list("rating", flat=True).get(pk=product.pk)


def again(review) -> ProductReview:
    return ProductReview.objects.get(pk=review.pk)


def test_a_new_review_waits_and_counts_nothing(product):
    review = services.write(product=product, words=WORDS)
    assert review.status == ProductReview.FOR_MODERATION
    assert (review.by_buyer, review.line, review.email) == (False, None, "")
    assert rating(product) is None


def test_an_approved_review_counts_and_a_rejected_one_does_not(product):
    a_review(product, score=2)
    review = a_review(product, score=5, is_shown=False)
    services.approve(review_id=review.pk, by="Sam")
    assert (again(review).status, again(review).decided_by) == (ProductReview.APPROVED, "Sam")
    assert rating(product) == 3.5
    services.reject(review_id=review.pk, by="Kim")
    assert (again(review).status, again(review).decided_by) == (ProductReview.REJECTED, "Kim")
    assert rating(product) == 2.0


def test_approving_again_changes_nothing(product):
    review = a_review(product, is_shown=False)
    services.approve(review_id=review.pk, by="Sam")
    first = again(review).decided_at
    services.approve(review_id=review.pk, by="Kim")
    assert (again(review).decided_by, again(review).decided_at) == ("Sam", first)


def test_an_erased_review_is_gone_and_counts_no_more(product):
    review = a_review(product, score=1)
    services.approve(review_id=a_review(product, score=5, is_shown=False).pk, by="Sam")
    services.erase(review_id=review.pk)
    assert not ProductReview.objects.filter(pk=review.pk).exists()
    assert rating(product) == 5.0
    services.erase(review_id=review.pk)


def test_writing_a_review_writes_nothing_of_its_product(product):
    type(product).objects.filter(pk=product.pk).update(title="Renamed meanwhile")
    a_review(product)
    assert type(product).objects.get(pk=product.pk).title == "Renamed meanwhile"


def test_a_reply_is_set_and_taken_away(product):
    review = a_review(product)
    services.reply(review_id=review.pk, text="Thank you.")
    assert again(review).reply == "Thank you."
    services.reply(review_id=review.pk, text="")
    assert again(review).reply == ""


@pytest.mark.parametrize("values", [{"score": 0}, {"score": 6}, {"fit": "huge"}])
def test_the_database_refuses_what_is_no_review(product, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_review(product, **values)
