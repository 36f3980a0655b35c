"""The pages people see when something is not as it should be."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _plain("errors/403.html", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say so without context processors: the request is what cannot be read."""
    return _plain("errors/400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that we failed, without context processors: the database may be what is broken."""
    return _plain("errors/500.html", 500)


class NotAllowedPage:
    """Middleware: gives Django's empty 405 words, for whoever reloads the answer to a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("errors/405.html", _context())
        return response


def _plain(template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template, _context()), status=status)


def _context() -> dict[str, str]:
    return {"shop_name": settings.SHOP_NAME, "site_url": settings.SITE_URL, "here": ""}
