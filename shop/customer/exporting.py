"""Everything the store keeps about a person, in one file: for programs as JSON, for reading as HTML."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customer.addresses import person_of
from shop.personal import Facts, keepers
from shop.users.models import User


def everything_about(user: User) -> dict[str, Any]:
    """Return all of it: who, when it was asked, and a list of facts per kind of thing."""
    person = person_of(user)
    return {
        "store": settings.SHOP_NAME,
        "site": settings.SITE_URL,
        "made": timezone.now(),
        "account": _account(user),
        "kept": [
            {"what": keeper.name, "title": str(keeper.title), "entries": keeper.export(person)}
            for keeper in keepers()
        ],
        "elsewhere": _(
            "Stripe, which takes the payments, and the carriers keep records of their own; ask them for those."
        ),
    }


def _account(user: User) -> Facts:
    joined: datetime = user.date_joined
    return {
        "e-mail": user.email,
        "name": user.get_full_name(),
        "since": joined,
        "last log-in": user.last_login,
        "password": _("kept as a hash that nobody can read"),
    }
