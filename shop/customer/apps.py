from django.utils.translation import gettext_lazy as _
from oscar.apps.customer import apps


class CustomerConfig(apps.CustomerConfig):
    name = "shop.customer"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Load none of Oscar's account views and receivers: they are not mounted."""
        from shop import personal
        from shop.customer.personal import AlertKeeper, FormerAddressKeeper, WishListKeeper

        for keeper in (AlertKeeper(), FormerAddressKeeper(), WishListKeeper()):
            personal.register(keeper)
