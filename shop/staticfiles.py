"""How static files are found, named and served."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from posixpath import dirname
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.utils import timezone
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: Applications whose own pages are not mounted: nobody asks for their files.
UNMOUNTED = ("oscar", "django_tables2", "treebeard")
#: A page that somebody opened before a release still fetches that release's files.
KEPT = timedelta(days=1)
#: The hashed files that are in no manifest any more, and since when.
LEFT = "staticfiles.left.json"
#: Files that import others of their folder: collected they hold them, so that a page asks for one file.
BUNDLES = ("css/shop.css", "css/embed.css", "js/shop.js")
_IMPORT = re.compile(r'^@?import "(?:\./)?([\w.-]+)";\n', re.MULTILINE)
#: What only people read: comments and the space between things; a text in quotes stays as it is.
_FOR_PEOPLE = {
    "css": re.compile(r'("[^"]*")|/\*.*?\*/\s*|(?<=[{};,])\s+|\s+(?=[{}])', re.DOTALL),
    "js": re.compile(r"()^\s*(?://.*)?\n|()^[ \t]+", re.MULTILINE),
}


def bundled(sources: Storage, name: str) -> str:
    """Return a file's text with the texts of those it imports in the places of its imports."""
    with sources.open(name) as file:
        text: str = file.read().decode()
    return _IMPORT.sub(lambda found: _part(bundled(sources, f"{dirname(name)}/{found[1]}"), name), text)


def _part(text: str, name: str) -> str:
    """A script keeps its names to itself, as it does when a browser imports it."""
    return f"{{\n{text}}}\n" if name.endswith(".js") else text


def _tight(text: str, name: str) -> str:
    """Return the text as browsers need it; a script keeps its lines, which may end statements."""
    return _FOR_PEOPLE[name.rpartition(".")[2]].sub(lambda found: found[1] or "", text)


@dataclass(frozen=True, slots=True)
class _Bundles:
    """A folder of sources whose files are opened bundled and without what only people read."""

    sources: Storage

    def open(self, name: str) -> ContentFile[bytes]:
        return ContentFile(_tight(bundled(self.sources, name), name).encode())


class MountedFiles(AppDirectoriesFinder):
    """The files of applications, but for those whose pages nobody can open."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        names = app_names or [config.name for config in apps.get_app_configs()]
        super().__init__([name for name in names if name.split(".")[0] not in UNMOUNTED], *args, **kwargs)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed, compressed, immutable files; one that `collectstatic` has not seen yet is served by its plain name.

    The hashed files of the releases before stay for a day after they were replaced.
    """

    manifest_strict = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._urls: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Return a file's address; it stays the same until files are collected, and a page asks for a dozen."""
        if force or settings.DEBUG:
            return str(super().url(name, force))
        if name not in self._urls:
            self._urls[name] = super().url(name)
        return self._urls[name]

    def post_process(self, paths: Mapping[str, tuple[Any, str]], **kwargs: Any) -> Iterator[Any]:
        before = set(self.hashed_files.values())
        bundles = {name: (_Bundles(paths[name][0]), paths[name][1]) for name in BUNDLES if name in paths}
        yield from super().post_process({**paths, **bundles}, **kwargs)
        self._urls.clear()
        if not kwargs.get("dry_run"):
            self._let_go(before - set(self.hashed_files.values()))

    def _let_go(self, replaced: set[str]) -> None:
        """Note when files were replaced, and delete those that were a day ago."""
        now, in_use = timezone.now(), set(self.hashed_files.values())
        left = dict.fromkeys(replaced, now) | self._left()
        for name, since in left.items():
            if name not in in_use and now - since > KEPT:
                self.delete_files([name, f"{name}.gz", f"{name}.br"])
        kept = {name: since for name, since in left.items() if name not in in_use and now - since <= KEPT}
        self._note(kept)

    def _left(self) -> dict[str, datetime]:
        if not self.exists(LEFT):
            return {}
        with self.open(LEFT) as file:
            return {name: datetime.fromisoformat(since) for name, since in json.load(file).items()}

    def _note(self, left: dict[str, datetime]) -> None:
        if self.exists(LEFT):
            self.delete(LEFT)
        text = json.dumps({name: since.isoformat() for name, since in sorted(left.items())}, indent=1)
        self._save(LEFT, ContentFile(text.encode()))

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
