"""Which release renders the pages: two that could render them differently never share kept bytes."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.views.debug import SafeExceptionReporterFilter

_FOLDERS = ("shop", "catalogue", "templates")
_ENDINGS = {".py", ".html", ".txt", ".mo"}


@cache
def release() -> str:
    """Return a digest of code, templates, translations, packages, static files' names and settings."""
    digest = hashlib.blake2b(repr(_settings()).encode(), digest_size=12)
    for path in _files():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    base = Path(settings.BASE_DIR)
    for folder in _FOLDERS:
        yield from sorted(path for path in (base / folder).rglob("*") if path.suffix in _ENDINGS)
    for path in (base / "requirements.lock", Path(settings.STATIC_ROOT) / "staticfiles.json"):
        if path.is_file():
            yield path


def _settings() -> list[tuple[str, Any]]:
    """The plain settings, secrets blotted out."""
    found = SafeExceptionReporterFilter().get_safe_settings()
    return sorted(
        (name, value) for name, value in found.items() if isinstance(value, str | int | float | list)
    )
