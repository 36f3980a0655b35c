from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmailsConfig(AppConfig):
    name = "shop.emails"
    label = "emails"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from shop import personal
        from shop.emails.personal import MailKeeper

        personal.register(MailKeeper())
