"""Vouchers and offers in plain words: one form makes what Oscar keeps in four tables."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range

from shop.money import shown

EVERYTHING = "everything"


class Kind(models.TextChoices):
    """What a voucher or an offer does."""

    PERCENT = "percent", gettext_lazy("… % off")
    AMOUNT = "amount", gettext_lazy("£ … off")
    DELIVERY = "delivery", gettext_lazy("Free delivery")
    THREE_FOR_TWO = "three", gettext_lazy("3 for 2 (the cheapest is free)")


@dataclass(frozen=True)
class Saving:
    """What is taken off; the value is percent or pounds, and means nothing for the other kinds."""

    kind: Kind
    value: Decimal | None = None


def make_offer(saving: Saving, *, name: str, offer_type: str, **values: Any) -> ConditionalOffer:
    """Write an offer over all products with its condition and benefit, inside the caller's transaction."""
    pieces = 3 if saving.kind == Kind.THREE_FOR_TWO else 1
    condition = Condition.objects.create(range=_everything(), type=Condition.COUNT, value=pieces)
    once = None if saving.kind == Kind.THREE_FOR_TWO else 1
    return ConditionalOffer.objects.create(
        name=name,
        offer_type=offer_type,
        condition=condition,
        benefit=_benefit(saving),
        max_basket_applications=once,
        **values,
    )


def _everything() -> Range:
    return Range.objects.get_or_create(
        slug=EVERYTHING, defaults={"name": EVERYTHING, "includes_all_products": True}
    )[0]


def _benefit(saving: Saving) -> Benefit:
    match saving.kind:
        case Kind.PERCENT:
            return Benefit.objects.create(range=_everything(), type=Benefit.PERCENTAGE, value=saving.value)
        case Kind.AMOUNT:
            return Benefit.objects.create(range=_everything(), type=Benefit.FIXED, value=saving.value)
        case Kind.THREE_FOR_TWO:
            return Benefit.objects.create(range=_everything(), type=Benefit.MULTIBUY)
    return Benefit.objects.create(type=Benefit.SHIPPING_PERCENTAGE, value=100)


def in_words(offer: ConditionalOffer) -> str:
    """Say what an offer does."""
    benefit = offer.benefit
    match benefit.type:
        case Benefit.PERCENTAGE:
            return _("%(percent)s %% off") % {"percent": f"{benefit.value.normalize():f}"}
        case Benefit.FIXED:
            return _("%(amount)s off") % {"amount": shown(benefit.value)}
        case Benefit.MULTIBUY:
            return _("%(pieces)s for %(paid)s") % {
                "pieces": int(offer.condition.value),
                "paid": int(offer.condition.value) - 1,
            }
        case Benefit.SHIPPING_PERCENTAGE if benefit.value == 100:
            return _("free delivery")
    return str(offer.name)
