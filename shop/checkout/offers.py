"""Oscar's offers and vouchers on a basket, in a fixed number of queries an offer and right for every line.

What Oscar 4.2.1's own classes do wrong here: a benefit asks the database about each line; a percentage stops
at the first line another offer has taken; "3 for 2" gives one piece free however many threes there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, Sum
from oscar.apps.offer.applicator import Applicator as Core
from oscar.apps.offer.benefits import apply_discount
from oscar.apps.offer.models import Benefit, ConditionalOffer
from oscar.apps.offer.results import (
    SHIPPING_DISCOUNT,
    ZERO_DISCOUNT,
    ApplicationResult,
    BasketDiscount,
    OfferApplications,
)
from oscar.apps.order.models import OrderDiscount

from shop.basket.models import Basket
from shop.basket.selectors import usable_vouchers
from shop.order.models import Line as OrderLine
from shop.order.models import Order
from shop.order.statuses import Status

DELIVERY_BENEFITS = (
    Benefit.SHIPPING_ABSOLUTE,
    Benefit.SHIPPING_FIXED_PRICE,
    Benefit.SHIPPING_PERCENTAGE,
)


@dataclass(frozen=True)
class OwnHold:
    """What this basket's own unfinished order holds: it is given back when the shopper pays again."""

    pieces: dict[int, int] = field(default_factory=dict)
    offer_uses: dict[int, int] = field(default_factory=dict)


def own_hold(basket: Basket) -> OwnHold:
    """Return pieces by stock record and uses by offer that the basket's unfinished orders hold."""
    orders = list(
        Order.objects.filter(basket_id=basket.pk, status=Status.PENDING_PAYMENT).values_list("pk", flat=True)
    )
    if not orders:
        return OwnHold()
    lines = OrderLine.objects.filter(order__in=orders, stockrecord__isnull=False)
    uses = OrderDiscount.objects.filter(order__in=orders, offer_id__isnull=False)
    return OwnHold(
        pieces=_summed(lines, "stockrecord_id", "num_allocated"),
        offer_uses=_summed(uses, "offer_id", "frequency"),
    )


def _summed(rows: Any, key: str, figure: str) -> dict[int, int]:
    sums = rows.order_by().values_list(key).annotate(total=Sum(figure))
    return {pk: total or 0 for pk, total in sums}


class Applicator(Core):
    """Applies what is open at `now`; what the basket's own unfinished order has used counts as unused."""

    def __init__(self, *, now: datetime, hold: OwnHold) -> None:
        self.now = now
        self.hold = hold

    def get_site_offers(self) -> list[Any]:
        return [offer for offer in self._open(ConditionalOffer.objects.all()) if self._is_left(offer)]

    def _open(self, offers: Any) -> Any:
        started = Q(start_datetime=None) | Q(start_datetime__lte=self.now)
        not_ended = Q(end_datetime=None) | Q(end_datetime__gte=self.now)
        mine = Q(status=ConditionalOffer.CONSUMED, pk__in=self.hold.offer_uses)
        return (
            offers.filter(started, not_ended, Q(status=ConditionalOffer.OPEN) | mine)
            .filter(offer_type=ConditionalOffer.SITE)
            .select_related("condition", "benefit")
        )

    def get_basket_offers(self, basket: Basket, user: Any = None) -> list[Any]:
        """Return the offers of the basket's usable vouchers; a voucher's own dates count, not its offers'."""
        offers = []
        for voucher in usable_vouchers(basket, now=self.now):
            for offer in voucher.offers.select_related("condition", "benefit"):
                offer.set_voucher(voucher)
                if not offer.is_suspended and self._is_left(offer):
                    offers.append(offer)
        return offers

    def _is_left(self, offer: Any) -> bool:
        offer.num_applications -= min(offer.num_applications, self.hold.offer_uses.get(offer.pk, 0))
        return offer.get_max_applications() > 0

    def apply_offers(self, basket: Basket, offers: Iterable[Any]) -> None:
        applications = OfferApplications()
        for offer in sorted(offers, key=is_about_delivery, reverse=True):
            _prepare(offer, basket)
            for _time in range(offer.get_max_applications()):
                result = _apply_once(offer, basket)
                if not result.is_successful:
                    break
                applications.add(offer, result)
                if result.is_final:
                    break
        basket.offer_applications = applications


def is_about_delivery(offer: Any) -> bool:
    """Tell whether the offer makes delivery cheaper; such offers come first and take no goods from others."""
    return offer.benefit.type in DELIVERY_BENEFITS


def _prepare(offer: Any, basket: Basket) -> None:
    """Give the offer's condition and benefit ranges that know which lines they hold without asking again."""
    offer.condition = offer.condition.proxy()
    offer.benefit = offer.benefit.proxy()
    for part in (offer.condition, offer.benefit):
        if part.range_id:
            _remember_members(part.range, basket)
    _skip_taken_lines(offer)


def _remember_members(products: Any, basket: Basket) -> None:
    if products.proxy is not None:
        return
    asked = {line.product_id for line in basket.all_lines()}
    members = set(products.product_queryset.filter(pk__in=asked).values_list("pk", flat=True))
    products.contains_product = lambda product: product.pk in members


def _skip_taken_lines(offer: Any) -> None:
    """Make the benefit pass over lines that other offers have taken whole."""
    applicable = offer.benefit.get_applicable_lines

    def untaken(given: Any, basket: Basket, range: Any = None) -> list[Any]:
        return [
            (price, line)
            for price, line in applicable(given, basket, range=range)
            if line.quantity_available_for_offer(given) > 0
        ]

    offer.benefit.get_applicable_lines = untaken


def _apply_once(offer: Any, basket: Basket) -> ApplicationResult:
    if not offer.condition.is_satisfied(offer, basket):
        return ZERO_DISCOUNT
    if is_about_delivery(offer):
        return SHIPPING_DISCOUNT
    if offer.benefit.type == Benefit.MULTIBUY:
        return _cheapest_free(offer, basket)
    return offer.benefit.apply(basket, offer.condition, offer)


def _cheapest_free(offer: Any, basket: Basket) -> ApplicationResult:
    """Give the cheapest piece that this offer has not used yet, and use up what the condition asks for."""
    for price, line in offer.benefit.get_applicable_lines(offer, basket):
        if line.quantity_without_offer_discount(offer) > 0:
            apply_discount(line, price, 1, offer)
            offer.condition.consume_items(offer, basket, [(line, price, 1)])
            return BasketDiscount(price)
    return ZERO_DISCOUNT
