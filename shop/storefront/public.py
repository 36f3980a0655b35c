"""Public pages: the same bytes for everybody, so that any cache may hold them.

A view marked `@public` gets a request whose user, session, messages and basket raise when touched, that carries no
cookie, and whose only parameters are those the view declares. Its answer is `public, no-cache`; `kept` gives it an
ETag and keeps its bytes. Every other answer is `private, no-store`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, overload

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.http import urlencode

#: What would make a page different from one person to the next.
PERSONAL = ("user", "session", "_messages", "basket")

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a public view's answer depends on beside its path, and whether its bytes are kept."""

    params: tuple[str, ...] = ()
    is_kept: bool = True

    def cleaned(self, query: str) -> str:
        """Return the declared parameters of a query string, always in the same order."""
        if not query or not self.params:
            return ""
        asked = QueryDict(query)
        return urlencode(
            [(name, value) for name in self.params for value in sorted(set(asked.getlist(name)))]
        )


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


@overload
def public(view: View) -> View: ...
@overload
def public(*, params: tuple[str, ...] = (), kept: bool = True) -> Callable[[View], View]: ...
def public(view: View | None = None, *, params: tuple[str, ...] = (), kept: bool = True) -> Any:
    """Mark a view as public (outermost decorator).

    `params` are the query parameters it reads: it sees no others, and several values come sorted.
    `kept=False` is for files.
    """
    if view is None:
        return lambda marked: _mark(marked, Sharing(tuple(params), kept))
    return _mark(view, Sharing())


def _mark(view: View, sharing: Sharing) -> View:
    view.sharing = sharing  # type: ignore[attr-defined]
    return view


def sharing_of(view: Any) -> Sharing | None:
    """Return how a view's answers are shared, None when they are not."""
    return getattr(view, "sharing", None)


class PublicPages:
    """Middleware: keeps public views blind to the person, and says how each answer may be cached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if getattr(request, "is_public", False):
            _give_back(request)
            if response.status_code == 200 and not response.streaming:
                response["Cache-Control"] = "public, no-cache"
            else:
                response.setdefault("Cache-Control", "no-cache")
        elif not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        sharing = sharing_of(view)
        if sharing and request.method in ("GET", "HEAD"):
            request.is_public = True  # type: ignore[attr-defined]
            _clean(request, sharing)
            _take_away(request)


def _clean(request: HttpRequest, sharing: Sharing) -> None:
    """Leave the view nothing of the query but what its answer is kept under."""
    query = sharing.cleaned(request.META.get("QUERY_STRING", ""))
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)


def _take_away(request: HttpRequest) -> None:
    kept = {name: request.__dict__[name] for name in PERSONAL if name in request.__dict__}
    request.personal = kept, request.COOKIES  # type: ignore[attr-defined]
    request.__dict__.update({name: _Forbidden(name) for name in PERSONAL}, COOKIES={})


def _give_back(request: HttpRequest) -> None:
    """The middleware that made them looks at them again on the way out."""
    for name in PERSONAL:
        del request.__dict__[name]
    kept, cookies = request.personal  # type: ignore[attr-defined]
    request.__dict__.update(kept, COOKIES=cookies)
