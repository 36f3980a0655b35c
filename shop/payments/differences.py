"""A difference between Stripe's books and ours, and the words all comparisons share."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from shop.money import from_minor, shown
from shop.payments import gateway
from shop.payments.models import Payment


@dataclass(frozen=True)
class Difference:
    """One thing in which Stripe and the store differ; `fix` settles it, where that is safe."""

    kind: str
    about: str
    text: str
    fix: Callable[[], object] | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.about}: {self.text}"


def is_ours(metadata: dict[str, str]) -> bool:
    """Whether Stripe's metadata carries this site's name."""
    return metadata.get("site") == settings.SITE_HOST


def exists(look: Callable[[str], object], stripe_id: str) -> bool:
    """Whether Stripe knows the thing that `look` retrieves."""
    try:
        look(stripe_id)
    except gateway.Refused as error:
        if not error.missing:
            raise
        return False
    return True


def name_of(payment: Payment) -> str:
    """Name a payment by what it is for and by its own id."""
    return f"{payment.kind} {payment.reference} ({payment.pk})"


def amount_of(minor: int, currency: str) -> str:
    """Write an amount in minor units."""
    return shown(from_minor(minor, currency), currency)
