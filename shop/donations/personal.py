"""What donations tell about a person, for the export and for erasure."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.donations.models import Donation
from shop.donations.outcomes import KIND
from shop.payments.erasing import forget_buyer
from shop.payments.models import Subscription
from shop.personal import Facts, Keeper, Person


class DonationKeeper(Keeper):
    """Donations made with the person's address."""

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
        numbers = [donation.number for donation in _of(person) if donation.is_monthly]
        running = Subscription.objects.filter(
            payment__kind=KIND, payment__reference__in=numbers, is_running=True
        )
        return (
            [_("You give every month: stop that first, by the link in its mails.")]
            if running.exists()
            else []
        )

    def erase(self, person: Person) -> None:
        for donation in _of(person):
            forget_buyer(donation.number, kind=KIND)
        _of(person).update(email="", name="", message="")


def _of(person: Person) -> QuerySet[Donation]:
    return Donation.objects.filter(email__iexact=person.email).order_by("pk")
