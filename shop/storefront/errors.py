"""The pages people see when something is not as it should be."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed, without context processors: the database may be what is broken."""
    page = render_to_string(
        "errors/500.html", {"shop_name": settings.SHOP_NAME, "site_url": settings.SITE_URL}
    )
    return HttpResponse(page, status=500)
