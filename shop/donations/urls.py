from django.urls import path

from shop.donations import views

urlpatterns = [
    path("thanks/", views.thanks, name="thanks"),
    path("cancelled/<uuid:payment_id>/", views.cancelled, name="cancelled"),
    path("manage/<str:token>/", views.manage, name="manage"),
    path("manage/<str:token>/stripe/", views.to_stripe, name="to_stripe"),
]
