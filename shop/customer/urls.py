"""Addresses of the room, in lists that `shop.urls` puts together; each page group has its own."""

from django.urls import URLPattern

account_urlpatterns: list[URLPattern] = []
alert_urlpatterns: list[URLPattern] = []
wishlist_urlpatterns: list[URLPattern] = []
