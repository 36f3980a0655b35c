"""Whose basket a request is about, and what may be used with it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest

from catalogue.models import Product
from shop.basket.models import Basket, Line
from shop.partner.strategy import Strategy

COOKIE = "__Host-basket" if settings.IS_HTTPS else "basket"
#: Readable by the header's script; says nothing but a number.
COUNT_COOKIE = "basket_count"
#: A basket in another status is nobody's any more.
CURRENT = (Basket.OPEN, Basket.FROZEN)
_signer = Signer(salt="shop.basket")


def basket_of(request: Any) -> Basket:
    """Return the request's basket, the same object each time; a new one is saved when something is added."""
    if not hasattr(request, "_shop_basket"):
        request._shop_basket = _found(request.COOKIES.get(COOKIE, "")) or _new()
    return request._shop_basket


def is_touched(request: HttpRequest) -> bool:
    """Tell whether anything has asked for the request's basket."""
    return hasattr(request, "_shop_basket")


def look_again(request: Any) -> Basket:
    """Look the request's basket up anew, after something that may have ended it (a payment)."""
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
    if basket is None or basket.status not in CURRENT:
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
    """Return how many pieces are in the basket, with those added meanwhile (one query)."""
    if basket.pk is None:
        return 0
    mine = [pk for pk in (basket.pk, basket.meanwhile_id) if pk]
    lines = Line.objects.filter(basket__in=mine, basket__status__in=CURRENT)
    return sum(lines.values_list("quantity", flat=True))


def added_meanwhile(basket: Basket) -> list[tuple[int, str]]:
    """Return pieces and name of what waits beside a frozen basket: it joins on *Change* (one query)."""
    if basket.meanwhile_id is None:
        return []
    lines = Line.objects.filter(basket=basket.meanwhile_id).order_by("pk")
    lines = lines.select_related("product__parent", "product__colour", "product__size")
    return [(line.quantity, name_of(line.product)) for line in lines]


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


def product(pk: int) -> Product | None:
    """Return the product or variant with what adding it reads, or None."""
    related = ("parent__design", "parent__garment", "design", "garment", "colour", "size")
    return Product.objects.select_related(*related).filter(pk=pk).first()


def variant_of(chosen: Product, *, variant: str = "", colour: str = "", size: str = "") -> Product | None:
    """Return the variant meant: `chosen` itself, else its child by SKU, else by colour and size (code or id).

    Codes go first: a cushion's size code is a number, and so is an id.
    """
    if not chosen.is_parent:
        return chosen
    related = ("parent__design", "parent__garment", "colour", "size")
    children = Product.objects.filter(parent=chosen).select_related(*related).order_by("pk")
    if variant:
        return children.filter(stockrecords__partner_sku=variant).first()
    offered = list(children) if colour and size else []
    by_code = (child for child in offered if _has_code(child.colour, colour) and _has_code(child.size, size))
    by_any = (child for child in offered if _is_meant(child.colour, colour) and _is_meant(child.size, size))
    return next(by_code, None) or next(by_any, None)


def _has_code(option: Any, value: str) -> bool:
    return bool(option.code.lower() == value.lower())


def _is_meant(option: Any, value: str) -> bool:
    return _has_code(option, value) or str(option.pk) == value


def name_of(variant: Product) -> str:
    """Return the variant's name as messages say it: title, colour, size."""
    parts = [variant.get_title(), variant.colour and variant.colour.name, variant.size and variant.size.name]
    return ", ".join(part for part in parts if part)
