"""Addresses of the storefront, in lists that `shop.urls` puts together."""

from django.urls import path, re_path

from shop.storefront import basket, product_parts, search, views
from shop.storefront.embed import embed, shop_story
from shop.storefront.merchant_feed import merchant_feed
from shop.storefront.new_feed import new_feed
from shop.storefront.oembed import oembed
from shop.storefront.prepared import buy
from shop.storefront.sitemap import part, robots, sitemap

public_urlpatterns = [
    path("", views.home, name="home"),
    path("pages/<slug:slug>/", views.page, name="page"),
    path("designs/<slug:slug>/", views.design, name="design"),
    re_path(r"^buy/(?P<wanted>[^/]{1,1000})/?$", buy, name="buy"),
]
#: What other programs ask for: the same in every language.
machine_urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    re_path(
        r"^sitemap-(?P<kind>pages|stories|designs|products)-(?P<number>\d{1,6})\.xml$",
        part,
        name="sitemap_part",
    ),
    path("feeds/products.xml", merchant_feed, name="merchant_feed"),
    path("feeds/new.atom", new_feed, name="new_feed"),
    path("oembed/", oembed, name="oembed"),
    path("embed/", embed, name="embed"),
    path("shop-story.js", shop_story, name="shop_story"),
]
_PRODUCT = r"^(?P<product_slug>[\w-]*)_(?P<pk>\d{1,18})/"
catalogue_urlpatterns = [
    path("", views.product_list, name="index"),
    re_path(rf"{_PRODUCT}$", views.product, name="detail"),
    re_path(rf"{_PRODUCT}size/$", product_parts.size, name="size"),
    re_path(rf"{_PRODUCT}delivery/$", product_parts.delivered, name="delivery"),
]
search_urlpatterns = [
    path("", search.results, name="results"),
    path("suggest/", search.suggestions, name="suggest"),
]
stories_urlpatterns = [
    path("", views.story_list, name="list"),
    path("<slug:slug>/", views.story, name="detail"),
]
basket_page = basket.summary
