"""Whose basket a request is about, and what may be used with it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from shop.basket.models import Basket, Line
from shop.partner.strategy import Strategy

COOKIE = "__Host-basket" if settings.IS_HTTPS else "basket"
#: Readable by the header's script; says nothing but a number.
COUNT_COOKIE = "basket_count"
_signer = Signer(salt="shop.basket")


def basket_of(request: HttpRequest) -> Basket:
    """Return the request's basket, the same object each time; a new one is not saved until something is added."""
    if not hasattr(request, "_shop_basket"):
        request._shop_basket = _found(request.COOKIES.get(COOKIE, "")) or _new()
    return request._shop_basket


def sign(basket: Basket) -> str:
    """Return the cookie's value for a saved basket."""
    return _signer.sign(str(basket.pk))


def _found(cookie: str) -> Basket | None:
    """Return the open or frozen basket the cookie names; for an ordered one, what was added meanwhile."""
    pk = _unsigned(cookie)
    if pk is None:
        return None
    basket = Basket.objects.select_related("meanwhile").filter(pk=pk, owner=None).first()
    if basket is not None and basket.is_submitted:
        basket = basket.meanwhile
    if basket is None or basket.status not in (Basket.OPEN, Basket.FROZEN):
        return None
    basket.strategy = Strategy()
    return basket


def _unsigned(cookie: str) -> int | None:
    try:
        return int(_signer.unsign(cookie))
    except (BadSignature, ValueError):
        return None


def _new() -> Basket:
    basket = Basket()
    basket.strategy = Strategy()
    return basket


def pieces(basket: Basket) -> int:
    """Return how many pieces are in the basket, with those added while it is being paid (one query)."""
    if basket.pk is None:
        return 0
    baskets = [pk for pk in (basket.pk, basket.meanwhile_id) if pk]
    return sum(Line.objects.filter(basket__in=baskets).values_list("quantity", flat=True))


def usable_vouchers(basket: Basket, *, now: datetime) -> list[Any]:
    """Return the basket's vouchers that can be used now."""
    if basket.pk is None:
        return []
    return [voucher for voucher in basket.vouchers.all() if is_usable(voucher, basket, now=now)]


def is_usable(voucher: Any, basket: Basket, *, now: datetime) -> bool:
    """Tell whether the voucher can be used now; a use by the basket's own unfinished order does not count.

    "Once per customer" is not offered: before paying, nobody has said who they are.
    """
    if not voucher.is_active(now) or voucher.usage == voucher.ONCE_PER_CUSTOMER:
        return False
    if voucher.usage == voucher.MULTI_USE:
        return True
    mine = {"order__basket": basket.pk, "order__status": settings.OSCAR_INITIAL_ORDER_STATUS}
    others = voucher.applications.exclude(**mine) if basket.pk else voucher.applications.all()
    return not others.exists()
