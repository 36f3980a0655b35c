from typing import Any

from django.core.management.base import BaseCommand

from shop.search import services
from shop.search.models import Entry


class Command(BaseCommand):
    help = "Write the search index anew, from what the store shows now; shoppers may search meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        say = self.stdout.write if options["verbosity"] > 1 else lambda line: None
        written = services.rebuild(say=say)
        self.stdout.write(f"{written} entries written; shoppers can find {Entry.objects.count()}.")
