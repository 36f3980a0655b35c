from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.payments import gateway, reconcile
from shop.payments.differences import Difference

MOST_HOURS = 30 * 24


class Command(BaseCommand):
    help = "Compare what Stripe has of the last days with the store; name each difference in a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=int, default=48, help="how far back to look (48)")
        parser.add_argument("--fix", action="store_true", help="settle what can be settled safely")

    def handle(self, *args: Any, **options: Any) -> None:
        hours = options["hours"]
        if not 1 <= hours <= MOST_HOURS:
            raise CommandError(f"--hours takes a whole number from 1 to {MOST_HOURS}, not {hours}.")
        since = timezone.now() - timedelta(hours=hours)
        try:
            found = self._compare(since, fix=options["fix"])
        except gateway.NotConfigured as error:
            raise CommandError("This needs Stripe: set STRIPE_SECRET_KEY. Nothing was compared.") from error
        except gateway.TurnedAway as error:
            raise CommandError("Stripe does not accept STRIPE_SECRET_KEY. Nothing was compared.") from error
        except gateway.GatewayError as error:
            raise CommandError("Stripe does not answer. Try again in a few minutes.") from error
        if found:
            raise CommandError(f"{len(found)} difference(s) in the last {hours} hours.")
        self.stdout.write(f"Stripe and the store agree about the last {hours} hours.")

    def _compare(self, since: Any, *, fix: bool) -> list[Difference]:
        found = reconcile.differences(since)
        if fix and found:
            tried = reconcile.settle_safely(found)
            self.stdout.write(
                f"{len(found)} difference(s), {tried} of them settled with Stripe. What is left:"
            )
            found = reconcile.differences(since)
        for difference in found:
            self.stdout.write(str(difference))
        return found
