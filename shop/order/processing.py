"""Oscar's hook for events on an order, answered by our own services so that no second way exists."""

from typing import Any

from oscar.apps.order.processing import EventHandler as Core

from shop.order import services


class EventHandler(Core):
    """Shipping sells stock and cancelling releases it; nothing of Oscar's unlocked handling is left."""

    def handle_shipping_event(
        self, order: Any, event_type: Any, lines: Any, line_quantities: Any, **kwargs: Any
    ) -> Any:
        quantities = {line.pk: number for line, number in zip(lines, line_quantities, strict=True)}
        return services.ship(
            number=order.number,
            quantities=quantities,
            by=self._person(),
            parcels_before=order.parcels.count(),
            **kwargs,
        )

    def handle_order_status_change(self, order: Any, new_status: str, note_msg: str | None = None) -> None:
        raise services.NotPossible("an order's status changes by shop.order.services")

    def handle_payment_event(
        self, order: Any, event_type: Any, amount: Any, *args: Any, **kwargs: Any
    ) -> None:
        raise services.NotPossible("money changes by shop.payments")

    def _person(self) -> str:
        return str(self.user) if self.user else ""
