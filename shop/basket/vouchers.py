"""Codes: at most one voucher on a basket, and no guessing."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from oscar.core.loading import get_model

from shop.basket.errors import TooManyCodes, VoucherRefused
from shop.basket.locking import committed, locked_open
from shop.basket.models import Basket
from shop.basket.selectors import is_usable
from shop.limits.services import Limit, give_back, take


def apply_voucher(*, basket: Basket, code: str, client: str = "") -> Any:
    """Put the voucher with that code on the basket in place of any other, and return it; again is fine.

    `client` is whose wrong codes are counted (`shop.client.client_key`). Raises VoucherRefused, TooManyCodes,
    BasketFrozen. Whether the voucher saves anything, the quote says.
    """
    if client and not take(_wrong_codes(), client):
        raise TooManyCodes
    voucher = get_model("voucher", "Voucher").objects.filter(code=code.strip().upper()).first()
    if voucher is None or not is_usable(voucher, basket, now=timezone.now()):
        raise VoucherRefused
    give_back(_wrong_codes(), client)
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


def _wrong_codes() -> Limit:
    """So many wrong codes of one client, then none is looked up for a while.

    Each code counts before it is looked up, so that asking for many at once finds no more; a right one is given back.
    """
    within = timedelta(minutes=settings.WRONG_CODES_MINUTES)
    return Limit("wrong-codes", settings.MAX_WRONG_CODES_PER_ADDRESS, within)
