"""Takes guards away in a live store, to show what they prevent. Only `tests.settings` installs this.

The guard `stock` (the condition of the UPDATE) is the ledger's own; `quote` is the look at the shelf before.
"""

from django.apps import AppConfig
from django.conf import settings


class Unguarded(AppConfig):
    name = "tests"
    label = "unguarded"

    def ready(self) -> None:
        if "quote" in settings.TEST_GUARDS_OFF:
            from shop.checkout import problems

            problems.of_line = lambda line, held: ""
