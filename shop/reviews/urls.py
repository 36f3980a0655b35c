from django.urls import path

from shop.reviews import views

app_name = "reviews"
urlpatterns = [
    path("write/<int:pk>/", views.write, name="write"),
    path("mine/<str:key>/", views.mine, name="mine"),
]
