"""Addresses of the room, in lists that `shop.urls` puts together; each group of pages has its own."""

from django.urls import URLPattern, path

from shop.customer import alerts_views as alerts

account_urlpatterns: list[URLPattern] = []
alert_urlpatterns = [
    path("<int:pk>/", alerts.ask, name="ask"),
    path("<int:pk>/asked/", alerts.asked, name="asked"),
    path("<int:pk>/picked/", alerts.picked, name="picked"),
    path("confirm/<str:key>/", alerts.confirm, name="confirm"),
    path("stop/<str:key>/", alerts.stop, name="stop"),
]
wishlist_urlpatterns: list[URLPattern] = []
