"""Whose basket a request is about, and what may be used with it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db.models import QuerySet
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
    """Return the request's basket, the same object each time; a new one is saved when something is added.

    It is the one the cookie names, if it is nobody's or of who is logged in; else that person's own.
    """
    if not hasattr(request, "_shop_basket"):
        request._shop_basket = _found(request) or _new(request)
    return request._shop_basket


def is_touched(request: HttpRequest) -> bool:
    """Tell whether anything has asked for the request's basket."""
    return hasattr(request, "_shop_basket")


def look_again(request: Any) -> Basket:
    """Look the request's basket up anew, after something that may have ended it (a payment)."""
    request.__dict__.pop("_shop_basket", None)
    return basket_of(request)


def hold(request: Any, basket: Basket) -> None:
    """Go on with another basket in this request, and by its cookie in the next ones."""
    basket.strategy = Strategy()
    request._shop_basket = basket


def sign(basket: Basket) -> str:
    """Return the cookie's value for a saved basket."""
    return _signer.sign(str(basket.pk))


def _found(request: Any) -> Basket | None:
    named = _named(request.COOKIES.get(COOKIE, ""))
    if named is not None and named.owner_id is None:
        return named
    person = _person(request)
    if person is None:
        return None
    return named if named is not None and named.owner_id == person else current_of(person)


def _person(request: Any) -> int | None:
    """Return who is logged in; asked only when a basket of somebody's is named, or none."""
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else None


def _named(cookie: str) -> Basket | None:
    """Return the open or frozen basket the cookie names; for an ordered one, what was added meanwhile."""
    pk = _unsigned(cookie)
    if pk is None:
        return None
    basket = Basket.objects.select_related("meanwhile").filter(pk=pk).first()
    if basket is not None and basket.is_submitted:
        basket = basket.meanwhile
    if basket is None or basket.status not in CURRENT:
        return None
    basket.strategy = Strategy()
    return basket


def current_of(person: int) -> Basket | None:
    """Return the account's newest basket that is open or being paid (one query)."""
    basket = baskets_of(person).select_related("meanwhile").order_by("-pk").first()
    if basket is not None:
        basket.strategy = Strategy()
    return basket


def baskets_of(person: int) -> QuerySet[Basket]:
    """Return the account's baskets that are open or being paid, without the companions of those being paid."""
    return Basket.objects.filter(owner=person, status__in=CURRENT).exclude(being_paid__status=Basket.FROZEN)


def _unsigned(cookie: str) -> int | None:
    try:
        return int(_signer.unsign(cookie))
    except (BadSignature, ValueError):
        return None


def _new(request: Any) -> Basket:
    basket = Basket(owner_id=_person(request))
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
