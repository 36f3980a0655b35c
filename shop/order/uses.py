"""Uses of vouchers and offers: counted by conditional UPDATE when an order is placed, given back when cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q
from django.utils.translation import gettext as _
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.order.models import OrderDiscount
from oscar.apps.voucher.models import Voucher, VoucherApplication

from shop.money import ZERO
from shop.order.models import Order
from shop.testpoints import is_on
from shop.transactions import require_transaction


@dataclass(frozen=True)
class Use:
    """One offer applied to an order, `frequency` times, and the voucher it came by, if any."""

    offer_id: int
    name: str
    saved: Decimal
    frequency: int
    voucher_id: int | None = None
    voucher_code: str = ""
    is_delivery: bool = False


class UsedUp(Exception):
    """A voucher or offer has no use left; its text is for the shopper. Nothing was counted."""


def count_uses(order: Order, uses: Iterable[Use]) -> None:
    """Count each use, never beyond its bound; inside the caller's transaction. Raises UsedUp.

    Locks vouchers by id, then offers by id.
    """
    require_transaction()
    applied = list(uses)
    for voucher_id in sorted({use.voucher_id for use in applied if use.voucher_id}):
        _count_voucher(order, voucher_id, sum((u.saved for u in applied if u.voucher_id == voucher_id), ZERO))
    for use in sorted(applied, key=lambda use: use.offer_id):
        _count_offer(use)


def _count_voucher(order: Order, voucher_id: int, saved: Decimal) -> None:
    unused = ~Q(usage=Voucher.SINGLE_USE) | Q(num_orders=0) if is_on("voucher") else Q()
    free = Voucher.objects.filter(pk=voucher_id).filter(unused)
    if not free.update(num_orders=F("num_orders") + 1, total_discount=F("total_discount") + saved):
        raise UsedUp(_("This voucher has been used already."))
    VoucherApplication.objects.create(voucher_id=voucher_id, order=order)


def _count_offer(use: Use) -> None:
    unbounded = Q(max_global_applications=None)
    within = Q(num_applications__lte=F("max_global_applications") - use.frequency)
    counted = (
        ConditionalOffer.objects.filter(pk=use.offer_id)
        .filter(unbounded | within if is_on("offer") else Q())
        .update(
            num_applications=F("num_applications") + use.frequency,
            num_orders=F("num_orders") + 1,
            total_discount=F("total_discount") + use.saved,
        )
    )
    if not counted:
        raise UsedUp(_("The offer “%(offer)s” has just been used up.") % {"offer": use.name})
    _close_if_consumed(use.offer_id)


def _close_if_consumed(offer_id: int) -> None:
    ConditionalOffer.objects.filter(
        pk=offer_id, status=ConditionalOffer.OPEN, num_applications__gte=F("max_global_applications")
    ).update(status=ConditionalOffer.CONSUMED)


def give_back_uses(order: Order) -> None:
    """Give back what a cancelled order used, and reopen an offer it had consumed; called once per cancelling."""
    require_transaction()
    applications = VoucherApplication.objects.filter(order=order)
    discounts = list(order.discounts.all())
    for voucher_id in sorted(applications.values_list("voucher_id", flat=True)):
        saved = sum((d.amount for d in discounts if d.voucher_id == voucher_id), ZERO)
        Voucher.objects.filter(pk=voucher_id, num_orders__gt=0).update(
            num_orders=F("num_orders") - 1, total_discount=F("total_discount") - saved
        )
    applications.delete()
    for discount in sorted(discounts, key=lambda d: d.offer_id or 0):
        _give_back_offer(discount)


def _give_back_offer(discount: OrderDiscount) -> None:
    ConditionalOffer.objects.filter(
        pk=discount.offer_id, num_applications__gte=discount.frequency or 0
    ).update(
        num_applications=F("num_applications") - (discount.frequency or 0),
        num_orders=F("num_orders") - 1,
        total_discount=F("total_discount") - discount.amount,
    )
    ConditionalOffer.objects.filter(pk=discount.offer_id, status=ConditionalOffer.CONSUMED).filter(
        Q(max_global_applications=None) | Q(num_applications__lt=F("max_global_applications"))
    ).update(status=ConditionalOffer.OPEN)
