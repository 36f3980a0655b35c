from django.urls import path

from shop.payments import views

app_name = "payments"
urlpatterns = [path("webhooks/stripe/", views.webhook, name="webhook")]
