from django.apps import AppConfig, apps


class ShopConfig(AppConfig):
    """The project itself: system checks, reference data, commands and template tags."""

    name = "shop"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from shop import checks, reference  # noqa: F401  (checks register themselves)

        # Django sends post_migrate only for apps with models, which this one has not.
        post_migrate.connect(reference.write_after_migrate, sender=apps.get_app_config("users"))
