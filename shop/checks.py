"""System checks: values that cannot be right, and combinations that must not serve shoppers, each saying why.

The first stop every command; the second are for deployment, so that they stop the web server and the worker
only (see `refuse_to_serve`).
"""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register, run_checks
from django.core.exceptions import ValidationError
from django.core.management.base import SystemCheckError
from django.core.validators import validate_email
from django.utils.module_loading import import_string

SERVING = "serving"


@register(SERVING)
def environment(app_configs: Any, **kwargs: Any) -> list[Error]:
    return [Error(problem, id="shop.E005") for problem in (*settings.ENVIRONMENT_PROBLEMS, *_late_problems())]


def _late_problems() -> list[str]:
    """What can be judged only when Django is ready."""
    problems = []
    try:
        import_string(settings.STORAGES["default"]["BACKEND"])
    except ImportError:
        problems.append("MEDIA_STORAGE must be the dotted name of a storage class.")
    try:
        validate_email(settings.STAFF_EMAIL or "nobody@example.org")
    except ValidationError:
        problems.append("STAFF_EMAIL must be one e-mail address.")
    return problems


@register(SERVING, deploy=True)
def stripe_settings(app_configs: Any, **kwargs: Any) -> list[Error]:
    live = settings.STRIPE_LIVEMODE
    rules = [
        (
            live and settings.STRIPE_API_BASE,
            "A live Stripe key may not be sent to STRIPE_API_BASE.",
            "shop.E001",
        ),
        (live and settings.DEBUG, "DEBUG must be off with a live Stripe key.", "shop.E002"),
        (
            settings.STRIPE_SECRET_KEY and not settings.STRIPE_WEBHOOK_SECRETS,
            "STRIPE_SECRET_KEY is set but STRIPE_WEBHOOK_SECRET is not: no payment would be confirmed.",
            "shop.E003",
        ),
        (
            live and not settings.IS_HTTPS,
            "SITE_URL must be the store's https address with a live key.",
            "shop.E004",
        ),
    ]
    return [Error(why, id=code) for broken, why, code in rules if broken]


def refuse_to_serve() -> None:
    """Raise SystemCheckError when the settings must not serve shoppers."""
    problems = run_checks(tags=[SERVING], include_deployment_checks=True)
    if problems:
        raise SystemCheckError("\n".join(f"{p.id}: {p.msg}" for p in problems))
