"""The sample store's first staff user."""

from django.conf import settings

from shop.users.models import User

EMAIL = "demo@example.org"
PASSWORD = "a-shirt-for-everyone"  # noqa: S105  (printed by `demo`, never made beside a live key)


def write_first_staff_user() -> bool:
    """Make the sample staff user, but never beside another or a live Stripe key; return whether it is there.

    An account whose password staff have changed is not the sample user any more.
    """
    if not settings.STRIPE_LIVEMODE and not User.objects.filter(is_staff=True).exists():
        User.objects.create_superuser(EMAIL, PASSWORD)
    user = User.objects.filter(email=EMAIL, is_staff=True).first()
    return user is not None and user.check_password(PASSWORD)
