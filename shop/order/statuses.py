"""The statuses of an order and the steps between them; stored as these words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PENDING_PAYMENT = "pending_payment", _("waiting for payment")
    PROCESSING_PAYMENT = "processing_payment", _("payment on its way")
    PAID = "paid", _("to pack")
    PART_SHIPPED = "part_shipped", _("part shipped")
    SHIPPED = "shipped", _("shipped")
    ON_HOLD = "on_hold", _("on hold")
    CANCELLED = "cancelled", _("cancelled")


S = Status
#: What each status may become. `cancelled` comes back only by settle, when money arrives late.
STEPS: dict[str, frozenset[str]] = {
    S.PENDING_PAYMENT: frozenset({S.PROCESSING_PAYMENT, S.PAID, S.ON_HOLD, S.CANCELLED}),
    S.PROCESSING_PAYMENT: frozenset({S.PAID, S.ON_HOLD, S.CANCELLED}),
    S.PAID: frozenset({S.PART_SHIPPED, S.SHIPPED, S.ON_HOLD, S.CANCELLED}),
    S.PART_SHIPPED: frozenset({S.SHIPPED, S.ON_HOLD}),
    S.SHIPPED: frozenset({S.ON_HOLD}),
    S.ON_HOLD: frozenset(
        {S.PENDING_PAYMENT, S.PROCESSING_PAYMENT, S.PAID, S.PART_SHIPPED, S.SHIPPED, S.CANCELLED}
    ),
    S.CANCELLED: frozenset({S.PAID, S.ON_HOLD}),
}
#: Statuses in which the pieces of a line that were not shipped are allocated.
HOLDS_STOCK = frozenset({S.PENDING_PAYMENT, S.PROCESSING_PAYMENT, S.PAID, S.PART_SHIPPED, S.ON_HOLD})
#: Statuses staff can pack from.
PACKABLE = frozenset({S.PAID, S.PART_SHIPPED})
#: Statuses a shopper never sees in lists and reports never count.
UNPLACED = frozenset({S.PENDING_PAYMENT})
