"""A product's page and the two questions it asks back: which country, and which size."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from shop.partner.models import PriceChange
from shop.partner.services import set_price
from shop.shipping.models import Destination
from tests.factories import a_garment, a_piece_cost, a_product, a_review, record_of

pytestmark = pytest.mark.django_db


def path_of(product) -> str:
    return f"/catalogue/{product.parent.slug}_{product.parent.pk}/"


def text_of(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    return response.content.decode()


@pytest.fixture
def product():
    return a_product()


# --- Pictures and prices --------------------------------------------------------------------------


def test_only_the_first_picture_is_urgent_and_each_leads_to_a_large_one(client, product):
    text = text_of(client, path_of(product))
    assert text.count('fetchpriority="high"') == 1
    assert text.count('class="shot__link"') == 2
    assert text.count('class="shot__link" href="/media/') == 2


def test_thumbnails_stand_only_beside_pictures_that_have_others_of_their_colour(client, product):
    assert 'class="thumb"' not in text_of(client, path_of(product))
    first = product.parent.images.first()
    first.pk, first.display_order, first.code = None, 99, None
    first.save()
    assert text_of(client, path_of(product)).count('class="thumb"') == 2


def test_a_size_in_the_address_is_chosen_and_an_unknown_one_ignored(client, product):
    assert 'value="L" required checked' in text_of(client, f"{path_of(product)}?size=L")
    assert client.get(f"{path_of(product)}?size=9XL").content == client.get(path_of(product)).content


def test_a_reduced_price_stands_beside_the_lowest_of_the_30_days_before(client):
    product = a_product(colours=["white"], sizes=["M"], price="30.00")
    record = record_of(product.first)
    PriceChange.objects.update(changed_at=timezone.now() - timedelta(days=60))
    assert '<s class="picker__was" hidden>' in text_of(client, path_of(product))
    with transaction.atomic():
        set_price(stockrecord=record, price=Decimal("24.00"))
    text = text_of(client, path_of(product))
    assert '<s class="picker__was"><span' in text
    assert '<span data-picker="was">£30.00</span>' in text
    assert '"was": "\\u00a330.00"' in text


def test_a_sold_out_choice_leads_to_the_form_that_waits_for_it(client):
    product = a_product(stock=0, colours=["white"], sizes=["M"])
    sku = record_of(product.first).partner_sku
    text = text_of(client, path_of(product))
    assert '<div class="picker__alert" data-when="sold-out">' in text
    assert f'action="/alerts/{product.parent.pk}/"' in text
    assert f'name="variant" value="{sku}" data-picker="variant"' in text
    assert "Add to basket" in text


def test_what_is_in_stock_asks_for_no_address(client, product):
    assert '<div class="picker__alert" data-when="sold-out" hidden>' in text_of(client, path_of(product))


# --- Which country --------------------------------------------------------------------------------


def test_delivery_to_another_country_is_told_without_a_script(client, product):
    assert f'href="{path_of(product)}delivery/?variant=' in text_of(client, path_of(product))
    text = text_of(client, f"{path_of(product)}delivery/?country=FR")
    assert "£9.50</strong> to France" in text
    assert "No UK VAT is charged there" in text
    assert '<option value="FR" selected>France</option>' in text


def test_delivery_is_priced_for_the_variant_that_was_chosen(client):
    product = a_product(price="95.00", colours=["white"], sizes=["M"])
    sku = record_of(product.first).partner_sku
    text = text_of(client, f"{path_of(product)}delivery/?country=FR&variant={sku}")
    assert "<strong>Free</strong> to France" in text


@pytest.mark.parametrize("country", ["", "XX", "fr", "<script>"])
def test_an_unknown_country_is_ours(client, product, country):
    text = text_of(client, f"{path_of(product)}delivery/?country={country}")
    assert "to United Kingdom" in text
    assert "<script>" not in text.replace("<script ", "")


def test_a_country_that_is_closed_cannot_be_chosen(client, product):
    Destination.objects.filter(code="FR").update(is_open=False)
    text = text_of(client, f"{path_of(product)}delivery/?country=FR")
    assert "France" not in text
    assert "to United Kingdom" in text


# --- Which size -----------------------------------------------------------------------------------


def test_the_nearest_size_is_told_without_a_script(client, product):
    text = text_of(client, f"{path_of(product)}size/?width=52&length=71.5&unit=cm")
    assert "M comes nearest" in text
    assert "1 cm (0.4 in) narrower than yours" in text
    assert "0.5 cm (0.2 in) longer than yours" in text
    assert f'href="{path_of(product)}?size=M"' in text


def test_inches_are_understood(client, product):
    text = text_of(client, f"{path_of(product)}size/?width=22&unit=in")
    assert "L comes nearest" in text
    assert '<option value="in" selected>' in text


def test_what_is_nothing_like_ours_is_told_so(client, product):
    assert "Nothing of ours comes near; the nearest is L" in text_of(
        client, f"{path_of(product)}size/?width=90"
    )


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("width=abc", "width", "Please give a number"),
        ("width=NaN", "width", "Please give a number"),
        ("width=900", "width", "not a size of clothes"),
        ("width=1e999999", "width", "Please give a number"),
        ("length=-3", "length", "not a size of clothes"),
        ("width=&length=", "width", "at least one of the two"),
        ("width=9999999999999999999999999999", "width", "Please give a number"),
    ],
)
def test_a_measure_that_makes_no_sense_is_said_at_its_field(client, product, query, field, words):
    text = text_of(client, f"{path_of(product)}size/?{query}")
    assert f'id="{field}-error"' in text
    assert f'aria-invalid="true" aria-describedby="{field}-error"' in text
    assert words in text
    assert "comes nearest" not in text


def test_a_garment_without_measures_says_so(client):
    product = a_product(garment=a_garment("poster", sizes=[]), sizes=[], colours=[])
    assert "no measurements" in text_of(client, f"{path_of(product)}size/?width=50")


@pytest.mark.parametrize("part", ["size/", "delivery/"])
def test_what_is_not_sold_has_no_such_page(client, product, part):
    type(product.parent).objects.filter(pk=product.parent.pk).update(is_public=False)
    assert client.get(path_of(product) + part).status_code == 404


# --- Where the money goes -------------------------------------------------------------------------


def test_where_the_money_goes_is_told_to_the_penny(client, product):
    a_piece_cost(product.parent.garment)
    text = text_of(client, path_of(product))
    assert "Where your £25.00 goes" in text
    amounts = re.findall(r'<tr class="money__row money__row--(\w+)">.*?<td>£([\d.]+)</td>', text, re.DOTALL)
    assert [name for name, _ in amounts] == [
        *("cloth", "printing", "packing", "fee", "vat", "newsroom", "total"),
    ]
    *parts, total = [Decimal(amount) for _, amount in amounts]
    assert sum(parts) == total == Decimal("25.00")


def test_each_price_has_its_own_parts_and_the_chosen_ones_are_shown(client):
    product = a_product(colours=["white"], sizes=["S", "M"])
    a_piece_cost(product.parent.garment)
    record = record_of(product.variants["white", "M"])
    type(record).objects.filter(pk=record.pk).update(price=Decimal("30.00"))
    text = text_of(client, f"{path_of(product)}?size=M")
    assert '<section class="money" data-price="£25.00" hidden>' in text
    assert '<section class="money" data-price="£30.00">' in text


def test_without_costs_nothing_is_claimed(client, product):
    assert "Where your" not in text_of(client, path_of(product))
    a_piece_cost(product.parent.garment, cloth="24.00")
    assert "Where your" not in text_of(client, path_of(product))


# --- What people say ------------------------------------------------------------------------------


def test_approved_reviews_are_shown_with_who_wrote_them(client, product):
    a_review(product.parent, score=5, title="Soft", name="Robin", by_buyer=True, reply="Thank you.")
    a_review(product.parent, score=2, title="Thin", name="Kim")
    a_review(product.parent, title="Not read yet", is_shown=False)
    text = text_of(client, path_of(product))
    assert "3.5 of 5, 2 reviews" in text
    assert "bought it here" in text
    assert "did not say that they bought it here" in text
    assert "Thank you." in text
    assert "Not read yet" not in text


def test_reviews_are_leafed_through_without_a_script(client, product):
    for number in range(6):
        a_review(product.parent, title=f"Number {number}")
    first, second = (text_of(client, path_of(product) + query) for query in ("", "?reviews=2"))
    assert "Number 5" in first
    assert "Number 0" not in first
    assert f'href="{path_of(product)}?reviews=2#reviews"' in first
    assert "Number 0" in second
    assert f'href="{path_of(product)}#reviews"' in second
    for odd in ("0", "-1", "abc", "٢", "99999999999"):
        assert client.get(f"{path_of(product)}?reviews={odd}").status_code == 200


def test_how_the_garment_fits_stands_at_the_sizes_of_every_design(client, product):
    for fit in ("true", "true", "true", "small", "large"):
        a_review(product.parent, fit=fit)
    assert text_of(client, path_of(a_product())).count("True to size: 60 % of 5") == 2
