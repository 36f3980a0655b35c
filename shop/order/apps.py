from django.utils.translation import gettext_lazy as _
from oscar.apps.order import apps


class OrderConfig(apps.OrderConfig):
    name = "shop.order"
    verbose_name = _("Orders")

    def ready(self) -> None:
        super().ready()
        from shop import personal
        from shop.order.outcomes import OrderOutcomes
        from shop.order.personal import OrderKeeper
        from shop.payments import outcomes

        outcomes.register("order", OrderOutcomes())
        personal.register(OrderKeeper())
