from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonationsConfig(AppConfig):
    name = "shop.donations"
    label = "donations"
    verbose_name = _("Donations")

    def ready(self) -> None:
        from shop import personal
        from shop.donations.outcomes import KIND, DonationOutcomes
        from shop.donations.personal import DonationKeeper
        from shop.payments import outcomes

        outcomes.register(KIND, DonationOutcomes())
        personal.register(DonationKeeper())
