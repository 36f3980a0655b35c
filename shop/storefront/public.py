"""Public pages: the same bytes for everybody, so that any cache may hold them.

A view marked `@public` gets a request whose user, session, messages and basket raise when touched; its answer
is `public, no-cache` with a strong ETag. Every other answer is `private, no-store`.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

#: What would make a page different from one person to the next.
PERSONAL = ("user", "session", "_messages", "basket")

View = Callable[..., HttpResponseBase]


class TouchedPersonalData(RuntimeError):
    """A public page looked at something personal: the page would differ between people."""


class _Forbidden:
    """Stands in for a personal attribute; any use of it raises."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise TouchedPersonalData(f"request.{object.__getattribute__(self, '_name')} on a public page")

    __getattr__ = __setattr__ = __bool__ = __iter__ = __len__ = __str__ = __eq__ = _refuse
    __hash__ = None  # type: ignore[assignment]


def public(view: View) -> View:
    """Mark `view` as public (outermost decorator)."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


class PublicPages:
    """Middleware: keeps public views blind to the person, and says how each answer may be cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "is_public", False):
            _give_back(request)
            return _shared(request, response)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if getattr(view, "is_public", False) and request.method in ("GET", "HEAD"):
            request.is_public = True  # type: ignore[attr-defined]
            _take_away(request)


def _take_away(request: HttpRequest) -> None:
    kept = {name: request.__dict__[name] for name in PERSONAL if name in request.__dict__}
    request.personal = kept  # type: ignore[attr-defined]
    request.__dict__.update({name: _Forbidden(name) for name in PERSONAL})


def _give_back(request: HttpRequest) -> None:
    """The middleware that made them looks at them again on the way out."""
    for name in PERSONAL:
        del request.__dict__[name]
    request.__dict__.update(request.personal)  # type: ignore[attr-defined]


def _shared(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    if response.status_code != 200 or response.streaming:
        response.setdefault("Cache-Control", "no-cache")
        return response
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    response["ETag"] = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
