"""Where the money of a sale goes: what the parts cost on a day, and how a price is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from shop.money import ZERO, to_pence_parts
from shop.partner.models import PaymentFee, PieceCost


class Share(models.TextChoices):
    """What a price is made of, in the order in which it is told; the rest is what all this is for."""

    CLOTH = "cloth", _("The garment")
    PRINTING = "printing", _("Printing")
    PACKING = "packing", _("Post and packing")
    FEE = "fee", _("Card payment fee")
    VAT = "vat", _("VAT, to the state")
    GIFT = "gift", _("Your donation, to the newsroom")
    NEWSROOM = "newsroom", _("The rest, for the newsroom")


@dataclass(frozen=True, slots=True)
class Costs:
    """What a piece and a payment cost us on a day."""

    cloth: Decimal
    printing: Decimal
    packing: Decimal
    fee_percent: Decimal
    fee_fixed: Decimal

    def fee(self, paid: Decimal) -> Decimal:
        """Return what the payment provider keeps of a payment of that sum, not rounded."""
        return self.fee_fixed + paid * self.fee_percent / 100


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a price; `start` is where it begins, for a bar as long as the price."""

    share: Share
    amount: Decimal
    start: Decimal


def costs_of(garment_id: int, *, on: date) -> Costs | None:
    """Return what a piece of the garment cost us on that day, and a payment; None while nobody has written it.

    One query.
    """
    return costs_of_all({garment_id}, on=on).get(garment_id)


def costs_of_all(garment_ids: set[int], *, on: date) -> dict[int, Costs]:
    """Return the costs of each of the garments that has some (one query)."""
    fees = PaymentFee.objects.filter(valid_from__lte=on).order_by("-valid_from")
    rows = (
        PieceCost.objects.filter(garment__in=garment_ids, valid_from__lte=on)
        .annotate(
            fee_percent=Subquery(fees.values("percent")[:1]), fee_fixed=Subquery(fees.values("fixed")[:1])
        )
        .order_by("valid_from")
        .values_list("garment_id", "cloth", "printing", "packing", "fee_percent", "fee_fixed")
    )
    return {
        garment: Costs(cloth, printing, packing, percent or ZERO, fixed or ZERO)
        for garment, cloth, printing, packing, percent, fixed in rows
    }


def parts_of_price(price: Decimal, *, costs: Costs, vat_rate: Decimal) -> tuple[Part, ...]:
    """Return where the price of one piece goes; nothing when it does not even cover its costs."""
    return split(
        price,
        {
            Share.CLOTH: costs.cloth,
            Share.PRINTING: costs.printing,
            Share.PACKING: costs.packing,
            Share.FEE: costs.fee(price),
            Share.VAT: price - price / (1 + vat_rate),
        },
    )


def split(total: Decimal, known: Mapping[Share, Decimal]) -> tuple[Part, ...]:
    """Return the known parts and the rest in the order of `Share`, rounded so that they sum to `total` exactly.

    Parts of nothing are left out. When the known parts are more than the total there is no rest to tell of: the
    answer is empty.
    """
    exact = dict(known) | {Share.NEWSROOM: total - sum(known.values(), ZERO)}
    if exact[Share.NEWSROOM] < 0:
        return ()
    shares = [share for share in Share if exact.get(share)]
    amounts = to_pence_parts([exact[share] for share in shares])
    starts = [sum(amounts[:place], ZERO) for place in range(len(amounts))]
    return tuple(Part(*one) for one in zip(shares, amounts, starts, strict=True) if one[1])
