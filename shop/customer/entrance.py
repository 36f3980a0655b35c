"""In and out: who logs in takes their basket and their guest orders along; a readable cookie says no more than "in"."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from shop.basket import selectors as baskets
from shop.basket.owning import take_home
from shop.customer import wishlist
from shop.customer.accounts import TooMany, claim
from shop.limits.services import Limit, forget, take_all
from shop.users.models import User

#: Guesses: from one place, from one place for one account, and for one account from anywhere.
BY_CLIENT = Limit("log-in:client", most=40, within=timedelta(minutes=15))
BY_BOTH = Limit("log-in:both", most=8, within=timedelta(minutes=15))
BY_ADDRESS = Limit("log-in:address", most=60, within=timedelta(hours=1))
#: Readable by the header's script; says nothing but that somebody is logged in.
COOKIE = "signed_in"

View = Callable[..., HttpResponse]


class MemberRequest(HttpRequest):
    """A request of somebody who is logged in, as `members_only` lets through."""

    user: User


def find(request: HttpRequest, *, email: str, password: str, client: str) -> User | None:
    """Return the active account of this address and password, or None for whatever is wrong. Raises TooMany.

    It takes as long when there is no such account.
    """
    both = f"{client}|{email}"
    if not take_all((BY_CLIENT, client), (BY_BOTH, both), (BY_ADDRESS, email)):
        raise TooMany
    user = auth.authenticate(request, username=email, password=password)
    if user is not None:
        forget(BY_BOTH, both)
    return user


def enter(request: HttpRequest, user: User) -> int:
    """Log in under a new session key; return how many pieces of two baskets were too many for one order."""
    guest = baskets.basket_of(request)
    auth.login(request, user)
    claim(user)
    wishlist.take_home(session=request.session, user=user)
    home = take_home(basket=guest, owner_id=user.pk)
    if home.basket is None:
        baskets.look_again(request)
    else:
        baskets.hold(request, home.basket)
    return home.left_out


def leave(request: HttpRequest) -> None:
    """Log out and forget the session; the account's basket stays with the account."""
    auth.logout(request)
    baskets.look_again(request)


def tell_browser(response: HttpResponse, *, signed_in: bool) -> HttpResponse:
    """Set or take away the cookie that the header's script reads."""
    if signed_in:
        age = settings.SESSION_COOKIE_AGE
        response.set_cookie(COOKIE, "1", max_age=age, secure=settings.IS_HTTPS, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def members_only(view: View) -> View:
    """Let a view answer who is logged in, and lead anybody else to the log-in and back; keep the cookie true."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            back = request.get_full_path() if request.method == "GET" else reverse("account:overview")
            response: HttpResponse = redirect(f"{reverse('account:log_in')}?{urlencode({'next': back})}")
        else:
            response = view(request, *args, **kwargs)
        is_in = request.user.is_authenticated
        is_told = bool(request.COOKIES.get(COOKIE))
        return response if is_in == is_told else tell_browser(response, signed_in=is_in)

    return checked


def way_back(path: str) -> str:
    """Return the path somebody came from when it is one of ours, else the account's first page."""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else reverse("account:overview")
