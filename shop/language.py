"""The language of a page is said by its address alone: `/fr/…` is French, no prefix is English.

Neither a cookie nor the browser's wish is asked, so that a shared page is the same for everybody who has its address.
Imports nothing of ours.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import trans_real


class Alternate(NamedTuple):
    """The same page in another language, or in this one."""

    code: str
    name: str
    url: str
    is_current: bool


class LanguageOfAddress:
    """Middleware: speaks the language of the address while the answer is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        for code, _ in settings.LANGUAGES:
            _remember(code)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _remember(code: str) -> None:
    """Let a language look up each text once: Django asks up to eight catalogues in turn, a hundred times a page."""
    spoken: Any = trans_real.translation(code)
    if not hasattr(spoken.gettext, "cache_info"):
        spoken.gettext = lru_cache(maxsize=8192)(spoken.gettext)


def tag() -> str:
    """Return the active language as BCP 47 writes it (`en-GB`, `fr`), as HTML and Stripe want it."""
    return translation.to_locale(translation.get_language() or settings.LANGUAGE_CODE).replace("_", "-")


def alternates(address: str) -> list[Alternate]:
    """Return where a page of the store is found in each language, from its own-origin address in one of them."""
    here = translation.get_language_from_path(address) or settings.LANGUAGE_CODE
    plain = address.removeprefix(f"/{here}")
    return [
        Alternate(code, name, plain if code == settings.LANGUAGE_CODE else f"/{code}{plain}", code == here)
        for code, name in settings.LANGUAGES
    ]
