"""The store's settings as tests run them: nothing is read from the developer's own environment or `.env`.

A live process started by `tests.processes` says so with TEST_LIVE and brings its whole environment with it.
Only this module reads TEST_GUARDS_OFF, for the negative controls of the races, and TEST_FAULT, which kills a
process at a named point (`tests.faults`); the store itself cannot.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "TEST_FOLDER" not in os.environ:  # the first process of a run; those it starts inherit it
    os.environ["TEST_FOLDER"] = tempfile.mkdtemp(prefix="shop-")
    atexit.register(shutil.rmtree, os.environ["TEST_FOLDER"], ignore_errors=True)
FOLDER = os.environ["TEST_FOLDER"]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

if "TEST_LIVE" not in os.environ:
    os.environ |= {
        "SECRET_KEY": "test-key-of-no-worth-whatever-but-long-enough-for-the-checks",
        "DEBUG": "off",
        "ALLOWED_HOSTS": "testserver",
        "SITE_URL": "http://testserver",
        "SHOP_NAME": "Red Revolution Media",
        "DATABASE_URL": "postgres://postgres@localhost/test"
        if os.environ.get("TEST_DATABASE") == "postgres"
        else f"sqlite:///{FOLDER}/{WORKER}.sqlite3",
        "CACHE_URL": "locmemcache://",
        "EMAIL_URL": "memorymail://",
        "DEFAULT_FROM_EMAIL": "Red Revolution Media <shop@example.org>",
        "STAFF_EMAIL": "staff@example.org",
        "TRUSTED_PROXIES": "0",
        "DEFAULT_CURRENCY": "GBP",
        "EMBED_PARENTS": "https://paper.example",
        "MEDIA_STORAGE": "django.core.files.storage.FileSystemStorage",
        "MEDIA_URL_BASE": "/media/",
        "STRIPE_SECRET_KEY": "sk_test_tests",
        "STRIPE_WEBHOOK_SECRET": "whsec_tests",
        "STRIPE_API_BASE": "http://127.0.0.1:9",  # nobody listens: tests that need Stripe start the fake
        "WEB_THREADS": "4",
        "TEST_MEDIA": f"{FOLDER}/media-{WORKER}",
        "TEST_GUARDS_OFF": "",
        "TEST_FAULT": "",
    }

from shop.settings import *  # noqa: E402, F403
from tests import faults  # noqa: E402

MEDIA_ROOT = os.environ["TEST_MEDIA"]
# Not what the developer's own `make demo` has collected: styles of yesterday would be tested.
STATIC_ROOT = Path(os.environ.get("TEST_STATIC", f"{FOLDER}/static"))
STATIC_ROOT.mkdir(exist_ok=True)
TEST_GUARDS_OFF = frozenset(os.environ["TEST_GUARDS_OFF"].split())
TEST_HOOK = faults.hook(os.environ.get("TEST_FAULT", ""), os.environ.get("TEST_FAULT_ONCE", ""))
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if TEST_GUARDS_OFF:
    INSTALLED_APPS = [*INSTALLED_APPS, "tests.unguarded.Unguarded"]  # noqa: F405
