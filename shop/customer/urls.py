"""Addresses of the room, in lists that `shop.urls` puts together; each group of pages has its own."""

from django.urls import URLPattern, path

from shop.customer import alerts_views as alerts
from shop.customer import wishlist_views as wishlist

account_urlpatterns: list[URLPattern] = []
alert_urlpatterns = [
    path("<int:pk>/", alerts.ask, name="ask"),
    path("<int:pk>/asked/", alerts.asked, name="asked"),
    path("<int:pk>/picked/", alerts.picked, name="picked"),
    path("confirm/<str:key>/", alerts.confirm, name="confirm"),
    path("stop/<str:key>/", alerts.stop, name="stop"),
]
wishlist_urlpatterns = [
    path("", wishlist.page, name="page"),
    path("share/", wishlist.share, name="share"),
    path("shared/<str:token>/", wishlist.shared, name="shared"),
    path("add/<int:pk>/", wishlist.save, name="save"),
    path("later/<int:pk>/", wishlist.from_basket, name="from_basket"),
    path("<int:pk>/remove/", wishlist.remove, name="remove"),
    path("<int:pk>/basket/", wishlist.to_basket, name="to_basket"),
]
