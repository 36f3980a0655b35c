"""Prints as JSON how many queries each page takes that the process has shown before.

python -m tests.bench.counting shop.wsgi /catalogue/ /stories/
"""

import json
import sys
from importlib import import_module

import_module(sys.argv[1])

from django.conf import settings  # noqa: E402  (the application has set it up)
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402


def queries(path: str) -> int:
    client = Client()
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return len(asked)


settings.ALLOWED_HOSTS = ["*"]
print(json.dumps([queries(path) for path in sys.argv[2:]]))
