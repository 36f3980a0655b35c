"""What templates know on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """`here` is the page's address, of a shared page without what only a link may have said."""
    is_public = getattr(request, "is_public", False)
    return {
        "shop_name": settings.SHOP_NAME,
        "site_url": settings.SITE_URL,
        "here": request.path if is_public else request.get_full_path(),
    }
