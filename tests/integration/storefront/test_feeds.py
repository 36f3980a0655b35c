"""What other programs read: complete, valid, and no more than everybody may see."""

import gzip
from datetime import datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Product
from shop.partner.services import set_price
from shop.storefront import merchant_feed, sitemap
from tests.factories import a_design, a_garment, a_product, an_article, record_of
from tests.public_pages import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.both]

SITE = "http://testserver"
G = "{http://base.google.com/ns/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"
XHTML = "{http://www.w3.org/1999/xhtml}"
#: What Google Merchant refuses an item without.
REQUIRED = ["id", "title", "description", "link", "image_link", "availability", "price", "brand", "condition"]
APPAREL = ["color", "size", "gender", "age_group", "item_group_id"]


def read(client: Client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200
    return ElementTree.fromstring(response.getvalue())  # noqa: S314  (we wrote it)


def items(client: Client) -> list[dict[str, str]]:
    """Return the Merchant feed's items by their attributes' names; of repeated ones the last."""
    found = read(client, "/feeds/products.xml").findall("channel/item")
    return [{each.tag.removeprefix(G): each.text or "" for each in item} for item in found]


def path_of(product: Any) -> str:
    return f"/catalogue/{product.parent.slug}_{product.parent.pk}/"


# --- Google Merchant --------------------------------------------------------------------------------


def test_every_variant_is_an_item_with_all_that_is_required(client):
    product = a_product(design=a_design(title="Read Slowly", code="SNAIL", summary="A snail who reads."))
    found = items(client)
    assert {item["id"] for item in found} == {record.partner_sku for record in product.records}
    for item in found:
        assert [name for name in (*REQUIRED, *APPAREL) if not item.get(name)] == []
        assert item["link"] == f"{SITE}{path_of(product)}?variant={item['id']}"
        assert item["image_link"].startswith(f"{SITE}/media/")
    black = next(item for item in found if item["id"] == "SNAIL-TSHIRT-BLACK-M")
    assert black["title"] == "Read Slowly Tshirt, Black, M"
    assert black["description"] == "A snail who reads. How it came to be."
    assert (black["price"], black["availability"], black["condition"]) == ("25.00 GBP", "in_stock", "new")
    assert (black["color"], black["size"], black["item_group_id"]) == ("Black", "M", "SNAIL-TSHIRT")
    assert (black["brand"], black["identifier_exists"]) == ("Red Revolution Media", "no")
    assert (black["gender"], black["age_group"]) == ("unisex", "adult")
    assert black["google_product_category"] == "Apparel & Accessories > Clothing > Shirts & Tops"
    assert black["shipping_weight"] == "180 g"


def test_an_items_picture_has_its_colour(client):
    product = a_product(sizes=["M"])
    names = {
        image.colour.code: image.original.name.removesuffix(".png") for image in product.parent.images.all()
    }
    for item in items(client):
        assert names[item["color"].lower()] in item["image_link"]


def test_delivery_is_priced_as_the_basket_prices_it(client):
    a_product(price="25.00", sizes=["M"], colours=["white"])
    (shipping,) = read(client, "/feeds/products.xml").findall(f"channel/item/{G}shipping")
    said = {each.tag.removeprefix(G): each.text for each in shipping}
    assert (said["country"], said["price"]) == ("GB", "3.95 GBP")
    assert (said["min_handling_time"], said["max_handling_time"]) == ("0", "1")
    assert (said["min_transit_time"], said["max_transit_time"]) == ("2", "3")


def test_cushions_are_no_clothes(client):
    a_product(garment=a_garment("cushion", sizes=["45"], colours=["white"]), sizes=["45"], colours=["white"])
    (item,) = items(client)
    assert item["google_product_category"] == "Home & Garden > Decor > Throw Pillows"
    assert "gender" not in item


def test_a_reduced_price_is_told_beside_the_earlier_one(client):
    product = a_product(sizes=["M"], colours=["white"], price="25.00")
    with transaction.atomic():
        set_price(stockrecord=record_of(product.first), price=Decimal("20.00"))
    (item,) = items(client)
    assert (item["price"], item["sale_price"]) == ("25.00 GBP", "20.00 GBP")


def test_what_is_sold_out_is_called_so(client):
    a_product(stock=0, sizes=["M"], colours=["white"])
    (item,) = items(client)
    assert item["availability"] == "out_of_stock"


def test_what_nobody_may_see_or_has_no_picture_is_in_no_feed(client):
    a_product(design=a_design(is_public=False))
    a_product(is_public=False)
    a_product().parent.images.all().delete()
    assert items(client) == []


@pytest.mark.parametrize("state", ["retracted", "sensitive"])
@pytest.mark.parametrize("path", ["/feeds/products.xml", "/feeds/new.atom"])
def test_merch_of_a_story_that_may_not_sell_leaves_the_feeds_at_once(client, state, path):
    design = a_design(title="Gone Quiet")
    a_product(design=design)
    article = an_article(design)
    assert b"Gone Quiet" in client.get(path).getvalue()
    type(article).objects.update(state=state)
    assert b"Gone Quiet" not in client.get(path).getvalue()


def test_texts_that_xml_cannot_hold_break_no_feed(client):
    a_product(design=a_design(title='Bell\x07 & "Wire" <b>', summary="Vertical\x0btab"))
    assert items(client)[0]["title"].startswith('Bell & "Wire" <b> Tshirt')
    (entry,) = read(client, "/feeds/new.atom").findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == 'Bell & "Wire" <b> Tshirt'


def test_a_feed_of_many_products_is_read_in_chunks(client, monkeypatch):
    monkeypatch.setattr(merchant_feed, "CHUNK", 4)
    for _ in range(9):
        a_product(sizes=["M"])
    with CaptureQueriesContext(connection) as asked:
        found = items(client)
    assert len({item["id"] for item in found}) == len(found) == 18
    fixed, chunks = 5, 3
    assert len(asked) == fixed + 4 * chunks


def test_an_empty_store_has_feeds_too(client):
    assert items(client) == []
    assert read(client, "/feeds/new.atom").findall(f"{ATOM}entry") == []


def test_who_has_the_feed_already_is_told_so_until_something_changes(client):
    product = a_product()
    response = client.get("/feeds/products.xml")
    assert response["Cache-Control"] == "public, no-cache"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    mark = {"if-none-match": response["ETag"]}
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/feeds/products.xml", headers=mark).status_code == 304
    assert len(asked) == 1
    Product.objects.filter(pk=product.parent.pk).update(title="Renamed")
    assert client.get("/feeds/products.xml", headers=mark).status_code == 200


def test_a_feed_is_compressed_on_its_way(client):
    a_product()
    response = client.get("/feeds/products.xml", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.getvalue()).startswith(b"<?xml")


# --- Atom -----------------------------------------------------------------------------------------


def test_the_newest_products_are_entries_that_keep_their_ids(client):
    old, new = a_product(), a_product(design=a_design(title="Ink & Bread", summary="Fresh."))
    feed = read(client, "/feeds/new.atom")
    assert feed.findtext(f"{ATOM}title") == "New at Red Revolution Media"
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{SITE}/feeds/new.atom"
    first, second = feed.findall(f"{ATOM}entry")
    assert second.find(f"{ATOM}link").get("href") == SITE + path_of(old)
    assert first.findtext(f"{ATOM}title") == "Ink & Bread Tshirt"
    assert first.findtext(f"{ATOM}id") == f"tag:testserver,2026:product:{new.parent.pk}"
    assert "Fresh." in first.findtext(f"{ATOM}summary")
    assert f'src="{SITE}/media/' in first.findtext(f"{ATOM}summary")
    for moment in (feed, first):
        assert datetime.fromisoformat(moment.findtext(f"{ATOM}updated")).tzinfo

    Product.objects.filter(pk=new.parent.pk).update(title="Another", slug="another")
    again = read(client, "/feeds/new.atom").find(f"{ATOM}entry")
    assert again.findtext(f"{ATOM}title") == "Another"
    assert again.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id")


def test_the_atom_feed_asks_no_more_for_many_products(client):
    counts = []
    for _ in range(2):
        a_product()
        client.get("/pages/about/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/feeds/new.atom")
        counts.append(len(asked))
    assert counts == [5, 5]


# --- Sitemap and robots ---------------------------------------------------------------------------


def locations(document: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in document.iter(f"{MAP}loc")]


def test_the_sitemap_names_what_everybody_may_see(client):
    product = a_product()
    article = an_article(product.parent.design)
    a_product(is_public=False)
    hidden = an_article(product.parent.design, state="retracted")
    document = read(client, "/sitemap.xml")
    found = locations(document)
    assert found[:4] == [f"{SITE}{path}" for path in ("/", "/fr/", "/catalogue/", "/fr/catalogue/")]
    assert f"{SITE}/stories/{article.slug}/" in found
    assert f"{SITE}/stories/{hidden.slug}/" not in found
    assert f"{SITE}/designs/{product.parent.design.slug}/" in found
    assert [url for url in found if "_" in url] == [SITE + path_of(product), f"{SITE}/fr{path_of(product)}"]
    assert len(found) == len(set(found)) == 2 * (4 + 6 + 1 + 1 + 1)
    for url in found:
        assert client.get(url.removeprefix(SITE)).status_code == 200, url


def test_a_product_in_the_sitemap_has_its_pictures_and_when_it_changed(client):
    product = a_product()
    url = read(client, "/sitemap.xml").findall(f"{MAP}url")[-1]
    pictures = [each.text for each in url.iter(f"{IMAGE}loc")]
    assert len(pictures) == 2
    assert all(picture.startswith(f"{SITE}/media/") for picture in pictures)
    assert datetime.fromisoformat(url.findtext(f"{MAP}lastmod")) == product.parent.date_updated.replace(
        microsecond=0
    )


def test_a_page_in_the_sitemap_names_itself_in_every_language(client):
    a_product()
    for url in read(client, "/sitemap.xml").findall(f"{MAP}url"):
        others = {link.get("hreflang"): link.get("href") for link in url.findall(f"{XHTML}link")}
        english = others["en-gb"].removeprefix(SITE)
        assert others == {"en-gb": SITE + english, "fr": f"{SITE}/fr{english}"}
        assert url.findtext(f"{MAP}loc") in others.values()


def test_a_big_stores_sitemap_is_an_index_of_parts(client, monkeypatch):
    monkeypatch.setattr(sitemap, "PART", 2)
    design = a_design()
    for _ in range(5):
        a_product(sizes=["M"])
    an_article(design)
    document = read(client, "/sitemap.xml")
    assert document.tag == f"{MAP}sitemapindex"
    parts = [url.removeprefix(SITE) for url in locations(document)]
    assert parts[-7:] == [
        *(f"/sitemap-products-{number}.xml" for number in (1, 2, 3)),
        *(f"/sitemap-designs-{number}.xml" for number in (1, 2, 3)),
        "/sitemap-stories-1.xml",
    ]
    pages = [url for path in parts for url in locations(read(client, path))]
    assert len(pages) == len(set(pages)) == 2 * (4 + 6 + 5 + 5 + 1)
    for path in ("/sitemap-products-4.xml", "/sitemap-products-0.xml", "/sitemap-pages-99.xml"):
        assert client.get(path).status_code == 404


def test_the_sitemap_asks_no_more_for_many_products(client):
    counts = []
    for _ in range(2):
        an_article(a_product().parent.design)
        client.get("/pages/about/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/sitemap.xml")
        counts.append(len(asked))
    assert counts == [8, 8]


def test_robots_are_asked_to_leave_alone_what_is_somebodys_own(client):
    text = client.get("/robots.txt").content.decode()
    rules = [line.removeprefix("Disallow: ") for line in text.splitlines() if line.startswith("Disallow")]
    assert text.startswith("User-agent: *\n")
    assert text.endswith(f"\nSitemap: {SITE}/sitemap.xml\n")
    assert {"/admin/", "/basket/", "/checkout/", "/account/", "/orders/", "/fr/basket/"} <= set(rules)
    wanted = {"/", "/catalogue/", "/stories/", "/feeds/new.atom", "/media/"}
    assert [path for path in wanted for rule in rules if path.startswith(rule)] == []


def test_machines_are_told_what_they_get(client):
    kinds = {
        "/robots.txt": "text/plain",
        "/sitemap.xml": "application/xml",
        "/feeds/products.xml": "application/xml",
        "/feeds/new.atom": "application/atom+xml",
    }
    for path, kind in kinds.items():
        assert path in ADDRESSES.values()
        assert client.get(path)["Content-Type"] == f"{kind}; charset=utf-8"
