"""Addresses of the room, in lists that `shop.urls` puts together; each group of pages has its own."""

from django.urls import path

from shop.customer import accounts_views as doors
from shop.customer import alerts_views as alerts
from shop.customer import members_views as members
from shop.customer import privacy_views as privacy
from shop.customer import wishlist_views as wishlist

account_urlpatterns = [
    path("", members.overview, name="overview"),
    path("log-in/", doors.log_in, name="log_in"),
    path("log-out/", doors.log_out, name="log_out"),
    path("new/", doors.new, name="new"),
    path("new/<str:token>/", doors.make, name="make"),
    path("sent/", doors.sent, name="sent"),
    path("forgotten/", doors.forgotten, name="forgotten"),
    path("forgotten/<str:uid>/<str:token>/", doors.choose_password, name="choose_password"),
    path("orders/", members.orders, name="orders"),
    path("addresses/", members.addresses, name="addresses"),
    path("addresses/<slug:key>/remove/", members.address_remove, name="address_remove"),
    path("alerts/", alerts.mine, name="alerts"),
    path("alerts/<int:pk>/stop/", alerts.stop_mine, name="alert_stop"),
    path("details/", members.details, name="details"),
    path("details/name/", members.change_name, name="change_name"),
    path("details/email/", members.change_email, name="change_email"),
    path("details/password/", members.change_password, name="change_password"),
    path("email/<str:token>/", doors.confirm_email, name="confirm_email"),
    path("data/", privacy.data, name="data"),
    path("data/my-data.json", privacy.data_json, name="data_json"),
    path("data/my-data.html", privacy.data_html, name="data_html"),
    path("erase/", privacy.erase, name="erase"),
    path("erase/now/", privacy.erase_now, name="erase_now"),
]
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
