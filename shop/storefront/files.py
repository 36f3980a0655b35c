"""Media files kept in a folder, served by the store itself; an S3-compatible store serves its own."""

import mimetypes
import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils._os import safe_join
from django.views.decorators.http import require_safe

from shop.storefront.public import public

_TYPES = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
#: Artwork is what we print: it is for staff, not for everybody.
_PUBLIC_FOLDERS = re.compile(r"^(products|cards|stories)/[\w./-]+$")


@public(kept=False)
@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a public picture, cacheable for ever (its name comes from its content)."""
    file = _file(path)
    kind = _TYPES.get(file.suffix.lower()) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    response = FileResponse(file.open("rb"), content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _file(path: str) -> Path:
    if not _PUBLIC_FOLDERS.match(path) or ".." in path:
        raise Http404
    file = Path(safe_join(settings.MEDIA_ROOT, path))
    if not file.is_file():
        raise Http404
    return file
