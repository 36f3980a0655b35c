from typing import Any

from django.core.management.base import BaseCommand

from shop.emails.services import send_due


class Command(BaseCommand):
    help = "Send the mails that are due, once."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{send_due(limit=10_000)} mails sent")
