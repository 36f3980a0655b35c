from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    name = "shop.order"

    def ready(self) -> None:
        super().ready()
        from shop.order.outcomes import OrderOutcomes
        from shop.payments import outcomes

        outcomes.register("order", OrderOutcomes())
