"""Staff read reviews, show or hide them, and answer; nobody changes their words."""

import pytest

from shop.reviews.models import ProductReview
from tests.factories import a_product, a_review, a_staff_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return a_review(a_product().parent, is_shown=False, title="Soft", fit="small")


@pytest.fixture(autouse=True)
def staff(client):
    user = a_staff_user()
    client.force_login(user)
    return user


def page(review) -> str:
    return f"/admin/reviews/productreview/{review.pk}/change/"


def step(review, name: str) -> str:
    return f"/admin/reviews/productreview/{review.pk}/{name}/"


def again(review) -> ProductReview:
    return ProductReview.objects.get(pk=review.pk)


def test_the_list_and_the_home_page_say_what_there_is_to_read(client, review):
    assert "to read" in client.get("/admin/reviews/productreview/").content.decode()
    home = client.get("/admin/").content.decode()
    assert "Reviews to read" in home


def test_a_review_is_read_and_shown(client, review, staff):
    text = client.get(page(review)).content.decode()
    assert review.body in text
    assert "not by a buyer" in text
    assert client.post(step(review, "approve")).status_code == 302
    assert (again(review).status, again(review).decided_by) == (ProductReview.APPROVED, staff.email)
    client.post(step(review, "reject"))
    assert again(review).status == ProductReview.REJECTED


def test_staff_answer_a_review(client, review):
    client.post(step(review, "reply"), {"text": "We have told the printer."})
    assert again(review).reply == "We have told the printer."
    assert "We have told the printer." in client.get(page(review)).content.decode()


def test_a_review_is_deleted_when_its_writer_asks(client, review):
    assert "only when its writer asks" in client.get(step(review, "erase")).content.decode()
    assert ProductReview.objects.count() == 1
    client.post(step(review, "erase"))
    assert not ProductReview.objects.exists()


def test_a_reviews_words_cannot_be_changed(client, review):
    assert client.post(page(review), {"title": "Hard", "score": 1}).status_code == 405
    assert client.get("/admin/reviews/productreview/add/").status_code == 403
    assert again(review).title == "Soft"


def test_whoever_may_not_see_reviews_sees_none(client, review, staff):
    staff.is_superuser = False
    staff.save()
    assert client.get(page(review)).status_code == 403
    assert client.post(step(review, "approve")).status_code == 403
    assert again(review).status == ProductReview.FOR_MODERATION
