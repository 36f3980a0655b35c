"""The entry point of the web server (gunicorn shop.wsgi); refuses settings that must not serve shoppers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

application = get_wsgi_application()

from shop.checks import refuse_to_serve  # noqa: E402  (needs the apps)

refuse_to_serve()
