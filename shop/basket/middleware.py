"""Gives each request its basket, found by a signed cookie and read only when something asks for it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from shop.basket import selectors
from shop.basket.selectors import COOKIE, COUNT_COOKIE

KEPT_SECONDS = 30 * 24 * 60 * 60


class BasketMiddleware:
    """Sets `request.basket`, and the two cookies when a view has touched it (never on public pages)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.basket = SimpleLazyObject(lambda: selectors.basket_of(request))
        response = self.get_response(request)
        if selectors.is_touched(request) and not getattr(request, "is_public", False):
            _remember(request, response)
            _tell_count(request, response)
        return response


def _remember(request: HttpRequest, response: HttpResponse) -> None:
    """Hand out the cookie of a basket that was saved, or take away one that leads nowhere."""
    basket = selectors.basket_of(request)
    if basket.pk is not None:
        value = selectors.sign(basket)
        if request.COOKIES.get(COOKIE) != value or request.method == "POST":
            _set(response, COOKIE, value, httponly=True)
    elif COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")


def _tell_count(request: HttpRequest, response: HttpResponse) -> None:
    count = str(selectors.pieces(selectors.basket_of(request)))
    if request.COOKIES.get(COUNT_COOKIE, "0") != count:
        _set(response, COUNT_COOKIE, count, httponly=False)


def _set(response: HttpResponse, name: str, value: str, *, httponly: bool) -> None:
    response.set_cookie(
        name, value, max_age=KEPT_SECONDS, secure=settings.IS_HTTPS, httponly=httponly, samesite="Lax"
    )
