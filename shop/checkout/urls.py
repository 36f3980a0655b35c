from django.urls import path

from shop.checkout import views

app_name = "checkout"
urlpatterns = [
    path("pay/", views.pay, name="pay"),
    path("change/", views.change, name="change"),
    path("return/", views.come_back, name="return"),
    path("cancelled/<uuid:payment_id>/", views.cancelled, name="cancelled"),
]
