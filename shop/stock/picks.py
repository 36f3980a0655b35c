"""How often people choose what is sold out: a number per variant and day, to know what to print again."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from shop.limits.services import Limit, take_all
from shop.stock.models import SoldOutPick

#: One browser counts once a day for a variant, and cannot run through the whole shop.
PER_CLIENT = Limit("sold-out-picks", 30, timedelta(hours=1))
ONCE = Limit("sold-out-pick", 1, timedelta(days=1))
#: The retention table's part.
KEPT = timedelta(days=365)


def note(*, variant: Any, client: str) -> bool:
    """Count that somebody chose the variant although nothing of it is left; return whether it counted.

    `client` is who chose (`shop.client.client_key`), known only to count them once a day. A pick of what is in
    stock does not count.
    """
    gone = variant.stockrecords.filter(num_in_stock__lte=F("num_allocated")).first()
    if gone is None or not take_all((PER_CLIENT, client), (ONCE, f"{client}:{gone.pk}")):
        return False
    day = {"stockrecord": gone, "day": timezone.localdate()}
    SoldOutPick.objects.bulk_create([SoldOutPick(**day)], ignore_conflicts=True)
    SoldOutPick.objects.filter(**day).update(picks=F("picks") + 1)
    return True
