"""The Atom feed of new products, `/feeds/new.atom`.

An entry's id is made of the store's name on the net and the product's number: neither a new title nor another address
or scheme makes readers see it twice.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from catalogue.models import Product
from catalogue.selectors import Card, cards_of, product_url, public_products
from shop.articles.selectors import withheld_designs
from shop.storefront.markup import plain
from shop.storefront.public import public
from shop.storefront.structured import absolute, picture_url

NEWEST = 30


@public
def new_feed(request: HttpRequest) -> HttpResponse:
    """Answer with the newest products (four queries)."""
    products = list(public_products().exclude(design__in=withheld_designs())[:NEWEST])
    feed = Atom1Feed(
        title=_("New at %(shop)s") % {"shop": settings.SHOP_NAME},
        link=absolute("/"),
        description=_("New prints on T-shirts and cushions"),
        language=settings.LANGUAGE_CODE,
        author_name=settings.SHOP_NAME,
        feed_url=absolute(reverse("new_feed")),
    )
    cards = {card.pk: card for card in cards_of([product.pk for product in products])}
    for product in products:
        if product.pk in cards:
            _add(feed, product, cards[product.pk])
    response = HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _add(feed: Atom1Feed, product: Product, card: Card) -> None:
    url = absolute(product_url(product))
    words = {"card": card, "url": url, "picture": picture_url(card.picture) if card.picture else ""}
    summary = product.design.summary if product.design else ""
    feed.add_item(
        title=plain(product.title),
        link=url,
        description=plain(render_to_string("feeds/product.html", {**words, "summary": summary})),
        unique_id=f"tag:{settings.SITE_HOST},2026:product:{product.pk}",
        pubdate=product.date_created,
        updateddate=product.date_updated,
    )
