from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.partner.models import StockRecord
from shop.stock.selectors import differences


class Command(BaseCommand):
    help = "Prove that every stock number equals the sum of its movements; name each difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = differences()
        for difference in found:
            self.stderr.write(str(difference))
        if found:
            raise CommandError(f"{len(found)} stock record(s) differ from their movements.")
        self.stdout.write(f"The ledger is exact: {StockRecord.objects.count()} stock records.")
