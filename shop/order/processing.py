"""Oscar's hook for events on an order, answered by our own services so that no second way exists."""

from oscar.apps.order.processing import EventHandler as Core

from shop.order import services


class EventHandler(Core):
    """Shipping sells stock and cancelling releases it; nothing of Oscar's unlocked handling is left."""

    def handle_shipping_event(self, order, event_type, lines, line_quantities, **kwargs):
        quantities = {line.pk: number for line, number in zip(lines, line_quantities, strict=True)}
        return services.ship(
            number=order.number, quantities=quantities, by=self._person(), parcels_before=order.parcels.count(), **kwargs
        )

    def handle_order_status_change(self, order, new_status, note_msg=None):
        raise services.NotPossible("an order's status changes by shop.order.services")

    def handle_payment_event(self, order, event_type, amount, lines=None, line_quantities=None, **kwargs):
        raise services.NotPossible("money changes by shop.payments")

    def _person(self) -> str:
        return str(self.user) if self.user else ""
