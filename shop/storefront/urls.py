"""Addresses of the storefront, in lists that `shop.urls` puts together."""

from django.urls import path, re_path

from shop.storefront import basket, views

public_urlpatterns = [
    path("", views.home, name="home"),
    path("pages/<slug:slug>/", views.page, name="page"),
]
catalogue_urlpatterns = [
    path("", views.product_list, name="index"),
    re_path(r"^(?P<product_slug>[\w-]*)_(?P<pk>\d{1,18})/$", views.product, name="detail"),
]
stories_urlpatterns = [
    path("", views.story_list, name="list"),
    path("<slug:slug>/", views.story, name="detail"),
]
basket_page = basket.summary
