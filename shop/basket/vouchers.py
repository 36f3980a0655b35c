"""Codes: at most one voucher on a basket, and no guessing."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from oscar.core.loading import get_model

from shop.basket.errors import TooManyCodes, VoucherRefused
from shop.basket.locking import committed, locked_open
from shop.basket.models import Basket
from shop.basket.selectors import is_usable


def apply_voucher(*, basket: Basket, code: str, client: str = "") -> Any:
    """Put the voucher with that code on the basket in place of any other, and return it; again is fine.

    `client` is whose wrong codes are counted (`shop.client.client_key`). Raises VoucherRefused, TooManyCodes,
    BasketFrozen. Whether the voucher saves anything, the quote says.
    """
    if _wrong(client) >= settings.MAX_WRONG_CODES_PER_ADDRESS:
        raise TooManyCodes
    voucher = get_model("voucher", "Voucher").objects.filter(code=code.strip().upper()).first()
    if voucher is None or not is_usable(voucher, basket, now=timezone.now()):
        _count_wrong(client)
        raise VoucherRefused
    committed(basket, lambda: _put(basket, voucher))
    return voucher


def remove_voucher(*, basket: Basket, code: str) -> None:
    """Take the voucher with that code off; one that is not there is fine. Raises BasketFrozen."""
    committed(basket, lambda: _take(basket, code))


def _put(basket: Basket, voucher: Any) -> None:
    if basket.pk is None:
        basket.save()
    locked_open(basket.pk)
    basket.vouchers.set([voucher])


def _take(basket: Basket, code: str) -> None:
    if basket.pk is not None:
        locked_open(basket.pk)
        basket.vouchers.remove(*basket.vouchers.filter(code=code.strip().upper()))


def _key(client: str) -> str:
    return f"wrong-codes:{client}"


def _wrong(client: str) -> int:
    return int(cache.get(_key(client), 0)) if client else 0


def _count_wrong(client: str) -> None:
    """Count one wrong code; the count is forgotten ten minutes after the first."""
    if client and not cache.add(_key(client), 1, timeout=settings.WRONG_CODES_MINUTES * 60):
        try:
            cache.incr(_key(client))
        except ValueError:  # it ran out between the two calls
            cache.add(_key(client), 1, timeout=settings.WRONG_CODES_MINUTES * 60)
