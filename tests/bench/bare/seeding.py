"""Makes the one table and its rows, and prints the paths of the pages as JSON."""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402

from tests.bench.bare.models import Thing  # noqa: E402
from tests.bench.bare.views import SUMMARY  # noqa: E402


def seed(things: int) -> dict[str, str]:
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    Thing.objects.bulk_create(
        Thing(title=f"Thing {n}", slug=f"thing-{n}", summary=SUMMARY, price=20 + n % 9)
        for n in range(1, max(things, 30) + 1)
    )
    return {"0 queries": "/0/", "5 queries": "/5/", "kept": "/kept/0/", "kept, 1 query": "/kept/1/"}


if __name__ == "__main__":
    print(json.dumps(seed(int(sys.argv[1]))))
