"""What the mail queue tells about a person, for the export and for erasure."""

from django.utils.translation import gettext_lazy

from shop.emails.models import Mail
from shop.personal import Facts, Keeper, Person


class MailKeeper(Keeper):
    """Mails to the person's addresses."""

    name = "mails"
    title = gettext_lazy("Mails")
    models = ("emails.Mail",)

    def export(self, person: Person) -> list[Facts]:
        mine = Mail.objects.filter(person.wrote("to", "created_at")).order_by("pk")
        return [
            {"queued": mail.created_at, "sent": mail.sent_at, "subject": mail.headline, "text": mail.text}
            for mail in mine
        ]

    def erase(self, person: Person) -> None:
        Mail.objects.filter(person.wrote("to", "created_at")).delete()
