"""What donations tell about a person, for the export and for erasure."""

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.donations.erasing import forget_givers, running
from shop.donations.models import Donation
from shop.emails.services import forget
from shop.personal import Facts, Keeper, Person


class DonationKeeper(Keeper):
    """Donations made with the person's addresses."""

    name = "donations"
    title = gettext_lazy("Donations")
    models = ("donations.Donation",)

    def export(self, person: Person) -> list[Facts]:
        return [
            {
                "number": donation.number,
                "how": str(donation.get_way_display()),
                "state": str(donation.get_state_display()),
                "amount": donation.amount,
                "given back": donation.given_back,
                "currency": donation.currency,
                "received": donation.received_at,
                "e-mail": donation.email,
                "name": donation.name,
                "message": donation.message,
            }
            for donation in _of(person)
        ]

    def refusals(self, person: Person) -> list[str]:
        mine = _of(person).values("payment__reference")
        is_running = running().filter(payment__reference__in=mine).exists()
        return [_("You give every month: stop that first, by the link in its mails.")] if is_running else []

    def payments(self, person: Person) -> Iterable[uuid.UUID]:
        return _of(person).filter(payment__isnull=False).values_list("payment", flat=True)

    def erase(self, person: Person) -> None:
        mine = list(_of(person).values_list("pk", "number"))
        forget(about=[f"donation:{number}" for _pk, number in mine])
        forget_givers(Donation.objects.filter(pk__in=[pk for pk, _number in mine]))


def _of(person: Person) -> QuerySet[Donation]:
    """Return what was given with the person's addresses, and every month that such a donation began."""
    began = Donation.objects.filter(person.wrote("email", "created_at"))
    return Donation.objects.filter(Q(pk__in=began) | Q(first__in=began)).order_by("pk")
