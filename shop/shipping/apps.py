from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping import apps


class ShippingConfig(apps.ShippingConfig):
    name = "shop.shipping"
    verbose_name = _("Delivery")
