from django.utils.translation import gettext_lazy as _
from oscar.apps.partner import apps


class PartnerConfig(apps.PartnerConfig):
    name = "shop.partner"
    verbose_name = _("Stock")
