"""What settings.py needs from the machine: its variables, the swap to a sound SQLite, a secret key made once.

Imports nothing of ours.
"""

import os
import re
import secrets
import sys
from collections.abc import Callable, Collection, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

#: What Django calls a database that is none: importing works, using it does not.
NO_DATABASE = {"ENGINE": "django.db.backends.dummy"}
#: Search servers that modelsearch knows, and the packages it talks to them with.
_SEARCH_ENGINES = ("elasticsearch7", "elasticsearch8", "elasticsearch9", "opensearch2", "opensearch3")
_SEARCH_PACKAGES = {"elasticsearch": "elasticsearch", "opensearch": "opensearchpy"}
_DATABASE_URL = re.compile(r"(sqlite|postgres|postgresql|psql|pgsql)://")


class Variables(environ.Env):
    """The environment; a value that cannot be right is told in `problems`, and its default is used.

    So importing the settings never refuses; a system check does, with a line for each problem. No line
    repeats the value, which may hold a password.
    """

    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def whole(self, name: str, *, default: int, least: int = 0, most: int = 1000) -> int:
        """Return a whole number."""
        text = self.str(name, default=str(default))
        if re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most:
            return int(text)
        return self._wrong(name, f"a whole number from {least} to {most}", default)

    def origin(self, name: str, *, default: str) -> str:
        """Return a scheme and host without a slash at the end; nothing at all may be the default."""
        text = self.str(name, default=default).rstrip("/")
        if text == default or _is_origin(text):
            return text
        return self._wrong(name, "an address like https://shop.example.org, without a path", default)

    def origins(self, name: str) -> list[str]:
        """Return several schemes and hosts, written with commas between them."""
        found = [text.strip().rstrip("/") for text in self.str(name, default="").split(",") if text.strip()]
        if all(map(_is_origin, found)):
            return found
        return self._wrong(name, "addresses like https://paper.example.org, with commas between them", [])

    def folder(self, name: str, *, default: str) -> str:
        """Return a path of this site or another site's address, with a slash at the end."""
        text = self.str(name, default=default).rstrip("/") + "/"
        if re.fullmatch(r"(https?:/)?(/[^/\s]+)+/", text):
            return text
        return self._wrong(name, "a path like /media/ or an address", default)

    def choice(self, name: str, among: Collection[str], *, default: str) -> str:
        """Return one of these words, written in capitals."""
        text = self.str(name, default=default).upper()
        return text if text in among else self._wrong(name, f"one of {', '.join(among)}", default)

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """Return Django's words for a database; there is no default for one that is wrongly named."""
        # Looked at first, because django-environ warns of another one with its password.
        is_known = _DATABASE_URL.match(self.str(name, default=default))
        if is_known and (found := self._parsed(name, self.db_url, default=default)):
            return found
        wanted = "like postgres://user:password@host/name or sqlite:///file"
        return self._wrong(name, wanted, dict(NO_DATABASE))

    def caching(self, name: str, *, default: str) -> dict[str, Any]:
        """Return Django's words for a cache."""
        found = self._parsed(name, self.cache_url, default=default)
        return found or self._wrong(name, "like rediscache://host:6379/0", self.cache_url_config(default))

    def search(self, name: str) -> dict[str, Any]:
        """Return modelsearch's words for a search server; nothing when the database shall search."""
        url = self.str(name, default="")
        engine, _, address = url.partition("+")
        package = _SEARCH_PACKAGES.get(engine.rstrip("0123456789"), "")
        if not url:
            return {}
        if engine not in _SEARCH_ENGINES or not address.startswith(("http://", "https://")):
            return self._wrong(name, "like elasticsearch9+https://user:password@host:9200", {})
        if find_spec(package) is None:
            return self._wrong(name, f"left out until the package {package} is installed", {})
        backend = f"modelsearch.backends.{engine}"
        return {"BACKEND": backend, "URLS": [address], "INDEX_PREFIX": "shop_", "TIMEOUT": 5}

    def mail(self, name: str, *, default: str) -> dict[str, Any]:
        """Return Django's settings for sending mail."""
        found = self._parsed(name, self.email_url, default=default)
        if found and (found["EMAIL_HOST"] or not found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")):
            return found
        wanted = "like smtp+tls://user:password@host:587"
        return self._wrong(name, wanted, self.email_url_config(default))

    def _parsed(self, name: str, parse: Callable[..., Any], *, default: str) -> dict[str, Any]:
        try:
            return dict(parse(name, default=default))
        except (ImproperlyConfigured, ValueError):
            return {}

    def _wrong(self, name: str, wanted: str, default: Any) -> Any:
        self.problems.append(f"{name} must be {wanted}.")
        return default


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  (raises when it is no number)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and text == f"{parts.scheme}://{parts.netloc}"
    )


def pages_cache(default: Mapping[str, Any]) -> dict[str, Any]:
    """Return Django's words for the cache of rendered pages: beside the default one, and bounded in this process."""
    if "locmem" in default["BACKEND"]:
        return {"BACKEND": default["BACKEND"], "LOCATION": "pages", "OPTIONS": {"MAX_ENTRIES": 1000}}
    return {**default, "KEY_PREFIX": f"{default.get('KEY_PREFIX', '')}pages"}


def use_bundled_sqlite() -> None:
    """Prefer the pysqlite3 wheel: SQLite before 3.51.3 has the WAL-reset bug (sqlite.org/wal.html)."""
    try:
        import pysqlite3
    except ImportError:
        return
    sys.modules.setdefault("sqlite3", pysqlite3)
    sys.modules.setdefault("sqlite3.dbapi2", pysqlite3.dbapi2)


def secret_key(folder: Path) -> str:
    """Return the key kept in `folder`, making it (mode 0600) the first time; safe when two processes start at once."""
    path = folder / "secret_key"
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    try:
        os.link(draft, path)  # fails when another process was first: its key stands
    except FileExistsError:
        pass
    finally:
        draft.unlink()
