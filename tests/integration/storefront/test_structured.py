"""What machines read on a product's page is what the page itself says."""

import json
import re
from typing import Any

import pytest

from tests.factories import a_design, a_product, a_review, record_of

pytestmark = pytest.mark.django_db

SITE = "http://testserver"


def things(client, path: str) -> dict[str, Any]:
    """Return the page's things by their type."""
    text = client.get(path).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert len(found) == 1
    document = json.loads(found[0])
    assert document["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in document["@graph"]}


def path_of(product) -> str:
    return f"/catalogue/{product.parent.slug}_{product.parent.pk}/"


@pytest.fixture
def product():
    return a_product(design=a_design(title="Read Slowly", code="SNAIL", summary="A snail who reads."))


def test_a_product_is_a_group_of_its_variants(client, product):
    group = things(client, path_of(product))["ProductGroup"]
    assert group["productGroupID"] == "SNAIL-TSHIRT"
    assert group["name"] == "Read Slowly Tshirt"
    assert group["description"] == "A snail who reads."
    assert group["url"] == SITE + path_of(product)
    assert group["brand"] == {"@type": "Brand", "name": "Red Revolution Media"}
    assert group["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    assert len(group["hasVariant"]) == 6
    assert all(image.startswith(f"{SITE}/media/") for image in group["image"])


def test_each_variant_has_its_offer(client, product):
    record = record_of(product.variants["black", "M"])
    variants = things(client, path_of(product))["ProductGroup"]["hasVariant"]
    variant = next(one for one in variants if one["sku"] == record.partner_sku)
    assert (variant["color"], variant["size"]) == ("Black", "M")
    offer = variant["offers"]
    assert offer["url"] == f"{SITE}{path_of(product)}?variant={record.partner_sku}"
    assert (offer["price"], offer["priceCurrency"]) == ("25.00", "GBP")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["itemCondition"] == "https://schema.org/NewCondition"


def test_a_sold_out_variant_is_called_so(client):
    product = a_product(stock=0, colours=["white"], sizes=["M"])
    (variant,) = things(client, path_of(product))["ProductGroup"]["hasVariant"]
    assert variant["offers"]["availability"] == "https://schema.org/OutOfStock"


def test_the_terms_are_written_once_and_named_by_every_other_offer(client, product):
    first, *others = [
        variant["offers"] for variant in things(client, path_of(product))["ProductGroup"]["hasVariant"]
    ]
    delivery, returns = first["shippingDetails"], first["hasMerchantReturnPolicy"]
    assert delivery["shippingRate"] == {"@type": "MonetaryAmount", "value": "3.95", "currency": "GBP"}
    assert delivery["shippingDestination"]["addressCountry"] == "GB"
    assert delivery["deliveryTime"]["transitTime"]["minValue"] == 2
    assert returns["merchantReturnDays"] == 14
    for offer in others:
        assert offer["shippingDetails"] == {"@id": delivery["@id"]}
        assert offer["hasMerchantReturnPolicy"] == {"@id": returns["@id"]}


def test_the_way_to_the_page_is_told(client, product):
    steps = things(client, path_of(product))["BreadcrumbList"]["itemListElement"]
    assert [(step["position"], step["name"]) for step in steps] == [
        (1, "Shop"),
        (2, "Tshirt"),
        (3, "Read Slowly Tshirt"),
    ]
    assert steps[1]["item"] == f"{SITE}/catalogue/?garment=tshirt"


def test_nobody_has_rated_it_so_no_rating_is_told(client, product):
    group = things(client, path_of(product))["ProductGroup"]
    assert "aggregateRating" not in group
    assert "review" not in group


def test_no_text_can_end_the_script(client):
    evil = "</script><script>alert('x')</script>&amp;\u2028<!--"
    product = a_product(design=a_design(title="Plain", summary=evil))
    text = client.get(path_of(product)).content.decode()
    assert "</script><script>alert" not in text
    assert things(client, path_of(product))["ProductGroup"]["description"] == evil


def test_a_product_without_variants_is_no_offer(client):
    product = a_product(colours=[], sizes=[])
    assert set(things(client, path_of(product))) == {"BreadcrumbList"}


def test_the_rating_comes_from_approved_reviews(client, product):
    a_review(product.parent, score=5, title="Soft", name="Robin")
    a_review(product.parent, score=2)
    a_review(product.parent, score=1, is_shown=False)
    group = things(client, path_of(product))["ProductGroup"]
    assert group["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "3.5",
        "reviewCount": 2,
        "bestRating": 5,
        "worstRating": 1,
    }
    assert [(one["author"]["name"], one["reviewRating"]["ratingValue"]) for one in group["review"]][1] == (
        "Robin",
        5,
    )
