"""Rendered public pages, kept as bytes until something they show changes.

A page is kept under the release, its address with the view's own parameters (the language is in the path), and the
catalogue version of the moment before it was rendered. Whoever asks reads the version first, so a page that is older
than a change which has been committed is never found, in whatever cache it lies. What changes by the clock alone
(`clock`) bounds how long a page is kept.

Of many who ask for a page that is not there, one thread of a process renders it and the others wait for its bytes.
"""

import gzip
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock

import brotli
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from shop.freshness.memory import as_of
from shop.freshness.selectors import catalogue_version
from shop.storefront import clock
from shop.storefront.public import Sharing, sharing_of
from shop.storefront.release import release

#: A longer answer (a feed of a big catalogue) is made anew each time.
MOST_BYTES = 256 * 1024
#: A shorter one gains nothing from being compressed.
LEAST_COMPRESSED = 512
#: Seconds to wait for another thread's rendering before doing it oneself.
PATIENCE = 10
#: A page waits for its namesakes only, and rarely for one that shares its lock.
_TURNS = tuple(Lock() for _ in range(64))

_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, mode=brotli.MODE_TEXT, quality=5),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}


@dataclass(frozen=True, slots=True)
class Page:
    """The whole answer to a GET: what every middleware added, and the body in one encoding."""

    headers: dict[str, str]
    body: bytes

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the page, its head alone, or that it has not changed."""
        body = b"" if request.method == "HEAD" else self.body
        response = HttpResponse(body, headers=self.headers)
        return get_conditional_response(request, etag=self.headers["ETag"], response=response) or response

    def encoded(self, encoding: str) -> "Page":
        """Return the page in that encoding; each encoding has its own strong ETag."""
        if not encoding or len(self.body) < LEAST_COMPRESSED:
            return self
        body = _COMPRESS[encoding](self.body)
        etag = f'{self.headers["ETag"][:-1]}-{encoding}"'
        changed = {"Content-Encoding": encoding, "Content-Length": str(len(body)), "ETag": etag}
        return Page(self.headers | changed, body)


class KeptPages:
    """Middleware: answers a public page from its kept bytes, rendering it when there are none.

    Stands outside all middleware that a public page does not need. Not used with DEBUG, where templates change.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        sharing = _sharing_at(request.path_info) if request.method in ("GET", "HEAD") else None
        if sharing is None or not sharing.is_kept:
            return self.get_response(request)
        version = request.catalogue_version = catalogue_version()  # type: ignore[attr-defined]
        key = _key(request, sharing, version)
        encoding = _encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        found = caches["pages"].get(key + encoding) or self._made(request, key, encoding, version)
        return found.answer(request) if isinstance(found, Page) else found

    def _made(self, request: HttpRequest, key: str, encoding: str, version: str) -> Page | HttpResponseBase:
        """Return the page in that encoding, kept from now on, or an answer that is none to be kept."""
        pages = caches["pages"]
        with _turn(key):
            if found := pages.get(key + encoding):
                return found
            until = clock.changes_at(version)
            plain = pages.get(key)
            if plain is None:
                with as_of(version):
                    response = self.get_response(request)
                if not _is_shared(response):
                    return response
                plain = _page(response)
                _keep(key, plain, until)
            page = plain.encoded(encoding)
            if encoding:
                _keep(key + encoding, page, until)
            return page


@lru_cache(maxsize=4096)
def _sharing_at(path: str) -> Sharing | None:
    """Return how the view at a path shares its answers; None when there is none or it does not."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            return sharing_of(resolve(path).func)
        except Resolver404:
            return None


def _key(request: HttpRequest, sharing: Sharing, version: str) -> str:
    query = sharing.cleaned(request.META.get("QUERY_STRING", ""))
    parts = release(), request.scheme, request.get_host(), request.path_info, query, version
    return hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=256)
def _encoding(accepted: str) -> str:
    """Return the best encoding among those an Accept-Encoding header accepts, or nothing."""
    offers = [offer.replace(" ", "").lower().partition(";q=") for offer in accepted.split(",")]
    taken = {name for name, _, weight in offers if weight.strip("0.") or not weight}
    return next((name for name in _COMPRESS if name in taken), "")


@contextmanager
def _turn(key: str) -> Iterator[None]:
    """Let one thread at a time make a page; who has waited too long goes on without."""
    lock = _TURNS[int(key[:8], 16) % len(_TURNS)]
    is_mine = lock.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if is_mine:
            lock.release()


def _is_shared(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and response.get("Cache-Control") == "public, no-cache"
    )


def _page(response: HttpResponse) -> Page:
    """Take the finished answer apart; its ETag is strong, as the bytes are the same for everybody."""
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    response["Content-Length"] = str(len(response.content))
    return Page(dict(response.items()), response.content)


def _keep(key: str, page: Page, until: datetime) -> None:
    if len(page.body) <= MOST_BYTES:
        caches["pages"].set(key, page, (until - timezone.now()).total_seconds())
