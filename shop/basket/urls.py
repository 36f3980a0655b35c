"""The basket's forms; its page is the storefront's, its delivery form checkout's (it needs shipping)."""

from django.urls import path

from shop.basket import views

urlpatterns = [
    path("add/<int:pk>/", views.add, name="add"),
    path("lines/<int:pk>/", views.line, name="line"),
    path("voucher/", views.voucher, name="voucher"),
    path("voucher/remove/", views.voucher_remove, name="voucher_remove"),
    path("extras/", views.extras, name="extras"),
]
