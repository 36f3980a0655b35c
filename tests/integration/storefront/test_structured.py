"""What machines read on a product's page is what the page itself says."""

import json
import re
from typing import Any

import pytest

from catalogue.models import ProductImage
from tests.factories import a_design, a_picture, a_product, a_review, an_article, record_of

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


# --- The store, its lists and its stories -----------------------------------------------------------


def test_the_home_page_says_who_we_are(client):
    found = things(client, "/")
    assert found["OnlineStore"]["name"] == found["WebSite"]["name"] == "Red Revolution Media"
    assert found["OnlineStore"]["url"] == f"{SITE}/"
    assert found["OnlineStore"]["logo"].startswith(f"{SITE}/static/img/icon")
    assert found["WebSite"]["publisher"] == {"@id": found["OnlineStore"]["@id"]}


def test_the_list_numbers_its_products_from_page_to_page(client):
    made = [a_product(sizes=["M"]) for _ in range(25)]
    first, second = (
        things(client, path)["ItemList"]["itemListElement"] for path in ("/catalogue/", "/catalogue/?page=2")
    )
    assert first[0] == {"@type": "ListItem", "position": 1, "url": SITE + path_of(made[-1])}
    assert [each["position"] for each in first + second] == list(range(1, 26))
    assert second[-1]["url"] == SITE + path_of(made[0])


def test_a_filtered_list_is_a_step_further(client, product):
    steps = things(client, "/catalogue/?colour=white")["BreadcrumbList"]["itemListElement"]
    assert [(step["name"], step["item"]) for step in steps] == [
        ("Shop", f"{SITE}/catalogue/"),
        ("White", f"{SITE}/catalogue/?colour=white"),
    ]


def test_a_story_is_an_article_of_the_publication(client, product):
    article = an_article(product.parent.design, title="The Long Night", authors="Ash Reed", image=a_picture())
    path = f"/stories/{article.slug}/"
    found = things(client, path)
    said = found["Article"]
    assert (said["headline"], said["url"]) == ("The Long Night", article.url)
    assert said["datePublished"] == article.published_at.isoformat(timespec="seconds")
    assert said["author"] == {"@type": "Person", "name": "Ash Reed"}
    assert said["image"] == f"{SITE}/media/{article.image.name}"
    assert [step["item"] for step in found["BreadcrumbList"]["itemListElement"]] == [
        f"{SITE}/stories/",
        SITE + path,
    ]
    (listed,) = things(client, "/stories/")["ItemList"]["itemListElement"]
    assert listed["url"] == SITE + path


def test_a_story_that_may_not_sell_is_kept_out_of_searching(client, product):
    article = an_article(product.parent.design, state="sensitive")
    text = client.get(f"/stories/{article.slug}/").content.decode()
    assert '<meta name="robots" content="noindex">' in text
    assert f'<link rel="canonical" href="{article.url}">' in text
    assert "ld+json" not in text


@pytest.mark.parametrize(
    "path", ["/", "/catalogue/", "/stories/", "/donate/", "/pages/about/", "{product}", "{story}"]
)
def test_a_page_that_is_shared_unfolds_with_its_name_and_picture(client, product, path):
    article = an_article(product.parent.design)
    path = path.format(product=path_of(product), story=f"/stories/{article.slug}/")
    text = client.get(path).content.decode()
    said = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', text))
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', text) == [SITE + path]
    assert said["og:url"] == SITE + path
    assert said["og:site_name"] == "Red Revolution Media"
    assert all(said[name] for name in ("og:type", "og:title", "og:description", "twitter:card"))
    assert said["og:image"].startswith(SITE)
    assert said["og:image:alt"]
    assert said["twitter:card"] == "summary_large_image"


def test_a_page_without_a_picture_of_its_own_has_the_stores_card(client, product):
    ProductImage.objects.all().delete()
    for path in ("/pages/about/", path_of(product)):
        text = client.get(path).content.decode()
        card = re.findall(r'<meta property="og:image" content="([^"]+)">', text)
        assert len(card) == 1
        assert re.fullmatch(rf"{SITE}/static/img/card(\.\w+)?\.png", card[0])
