"""Readers write about products; the link of an order proves a buyer, once a bought line."""

import re

import pytest

from shop.limits.models import Tally
from shop.order import services as orders
from shop.order.selectors import order_page
from shop.reviews import selectors
from shop.reviews.models import ProductReview
from shop.reviews.services import NotReviewable, Words, write
from tests.factories import a_basket_with, a_garment, a_product
from tests.paying import pay_for

pytestmark = [pytest.mark.django_db, pytest.mark.both]

TYPED = {"score": "4", "title": "Soft", "body": "As soft as it looks.", "name": "Robin", "fit": "true"}


@pytest.fixture
def product():
    return a_product()


@pytest.fixture
def shipped(fake, product):
    """An order of two sizes of the product, all of it on its way."""
    basket = a_basket_with((product.first, 1), (product.variants["black", "M"], 1))
    order = pay_for(basket, fake)
    orders.ship(number=order.number, by="Sam", parcels_before=0)
    return order_page(order.number)


def path_of(product, order=None) -> str:
    proof = f"?order={order.number}&token={order.token}" if order else ""
    return f"/reviews/write/{product.parent.pk}/{proof}"


def test_anybody_may_write_and_it_waits_unmarked(client, product):
    response = client.post(path_of(product), TYPED)
    review = ProductReview.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/reviews/mine/{selectors.key_of(review)}/"
    assert (review.product, review.status) == (product.parent, ProductReview.FOR_MODERATION)
    assert (review.score, review.title, review.body, review.name, review.fit) == (
        4,
        "Soft",
        "As soft as it looks.",
        "Robin",
        "true",
    )
    assert not review.by_buyer


def test_a_buyer_is_proved_by_the_orders_link_and_marked(client, product, shipped):
    page = client.get(path_of(product, shipped))
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert "You bought it here" in page.content.decode()
    client.post(path_of(product, shipped), TYPED)
    review = ProductReview.objects.get()
    assert review.by_buyer
    assert review.line.order == shipped


def test_a_wrong_link_proves_nothing(client, product, shipped):
    proof = f"?order={shipped.number}&token=x{shipped.token}"
    client.post(path_of(product) + proof, TYPED)
    assert not ProductReview.objects.get().by_buyer


def test_an_order_proves_nothing_about_what_was_not_in_it(client, shipped):
    other = a_product()
    client.post(path_of(other, shipped), TYPED)
    assert not ProductReview.objects.get().by_buyer


def test_what_has_not_left_cannot_be_written_about_as_bought(fake, client, product):
    order = pay_for(a_basket_with((product.first, 1)), fake)
    assert selectors.lines_to_review(order) == []
    with pytest.raises(NotReviewable):
        write(product=product.parent, words=Words(4, "Soft", "Soft.", "Robin"), line=order.lines.get())
    assert not ProductReview.objects.exists()


def test_a_product_is_written_about_once_an_order(client, product, shipped):
    line = selectors.line_of(shipped, product.parent.pk)
    assert client.post(path_of(product, shipped), TYPED).status_code == 302
    assert selectors.lines_to_review(shipped) == []
    response = client.post(path_of(product, shipped), TYPED)
    assert response.status_code == 409
    assert "You have written about this already" in response.content.decode()
    assert 'name="score"' not in client.get(path_of(product, shipped)).content.decode()
    with pytest.raises(NotReviewable):
        write(product=product.parent, words=Words(1, "Again", "Again.", "Robin"), line=line)
    assert ProductReview.objects.count() == 1


def test_the_orders_page_offers_each_product_once_and_only_until_it_is_written_about(
    client, product, shipped
):
    text = client.get(shipped.link).content.decode()
    assert text.count(f"/reviews/write/{product.parent.pk}/") == 1
    client.post(path_of(product, shipped), TYPED)
    assert "/reviews/write/" not in client.get(shipped.link).content.decode()


@pytest.mark.parametrize("left_out", ["score", "title", "body", "name"])
def test_what_is_missing_is_said_at_its_field_and_nothing_is_kept(client, product, left_out):
    response = client.post(path_of(product), {**TYPED, left_out: "  "})
    text = response.content.decode()
    assert response.status_code == 422
    assert f'id="{left_out}-error"' in text
    assert TYPED["title"] in text or left_out == "title"
    assert not ProductReview.objects.exists()


@pytest.mark.parametrize("typed", [{"score": "0"}, {"score": "6"}, {"score": "NaN"}, {"fit": "huge"}])
def test_a_value_that_is_not_offered_is_refused(client, product, typed):
    assert client.post(path_of(product), TYPED | typed).status_code == 422
    assert not ProductReview.objects.exists()


def test_nothing_is_chosen_beforehand(client, product):
    assert not re.search(r"<input[^>]*\schecked", client.get(path_of(product)).content.decode())


def test_a_cushion_is_not_asked_how_it_fits(client):
    cushion = a_product(garment=a_garment("cushion", sizes=["S"]), sizes=["S"])
    assert 'name="fit"' not in client.get(path_of(cushion)).content.decode()
    client.post(path_of(cushion), TYPED)
    assert ProductReview.objects.get().fit == ""


def test_five_reviews_a_day_are_enough(client, product):
    for _ in range(5):
        assert client.post(path_of(product), TYPED).status_code == 302
    response = client.post(path_of(product), TYPED)
    assert response.status_code == 429
    assert "come back tomorrow" in response.content.decode()
    assert ProductReview.objects.count() == 5
    assert Tally.objects.get(what="review").tries == 5


def test_words_are_shown_as_words(client, product):
    response = client.post(path_of(product), {**TYPED, "body": "<script>alert(1)</script>"}, follow=True)
    assert "&lt;script&gt;alert(1)" in response.content.decode()


def test_a_writer_finds_the_review_again_and_deletes_it(client, product):
    key = selectors.key_of(ProductReview.objects.create(product=product.parent, **TYPED))
    page = client.get(f"/reviews/mine/{key}/")
    assert "As soft as it looks." in page.content.decode()
    assert ProductReview.objects.count() == 1
    assert "It is gone" in client.post(f"/reviews/mine/{key}/").content.decode()
    assert not ProductReview.objects.exists()
    assert client.get(f"/reviews/mine/{key}/").status_code == 404


@pytest.mark.parametrize("path", ["/reviews/write/999999/", "/reviews/mine/1:forged/"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_hidden_product_takes_no_reviews(client, product):
    type(product.parent).objects.filter(pk=product.parent.pk).update(is_public=False)
    assert client.post(path_of(product), TYPED).status_code == 404
