"""Posts from shared pages, which carry no CSRF token: the browser says where they come from."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

View = Callable[..., HttpResponseBase]


def same_origin_post(*, otherwise: View) -> Callable[[View], View]:
    """Let a view answer POSTs of the store's own pages; hand any other to `otherwise`.

    `otherwise` shows what was asked with a button and a token, so that nobody is stuck; it changes nothing.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @require_POST
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_ours = is_same_origin(request) or has_token(request)
            return (view if is_ours else otherwise)(request, *args, **kwargs)

        return checked

    return decorate


def is_same_origin(request: HttpRequest) -> bool:
    """Tell by Sec-Fetch-Site, else by Origin, else by Referer, whether a page of the store sent it."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in _own_origins(request)
    return _origin_of(request.headers.get("Referer", "")) in _own_origins(request)


def has_token(request: HttpRequest) -> bool:
    """Tell whether the request carries the CSRF token of its own cookie."""
    try:
        middleware: Any = CsrfViewMiddleware(lambda _request: HttpResponse())
        middleware._check_token(request)
    except RejectRequest:
        return False
    return True


def _own_origins(request: HttpRequest) -> set[str]:
    origins = {_origin_of(settings.SITE_URL)}
    with suppress(DisallowedHost):
        origins.add(f"{request.scheme}://{request.get_host()}".lower())
    return origins


def _origin_of(url: str) -> str:
    """Return scheme and host of an address; "null", which is nobody's, when it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "null"
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme and parts.netloc else "null"
