"""What templates know on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {"shop_name": settings.SHOP_NAME, "site_url": settings.SITE_URL}
