"""`/embed/?article=<address>`: a story's merch for a frame on the publication's own site.

No script, no cookie, no form; only the sites in EMBED_PARENTS may show it. A story that is unknown, may not sell, or
has nothing to sell answers 404 with an empty page, so that a reader of the article sees nothing of it.

`/shop-story.js` is the element that fills itself with such a frame.
"""

from functools import lru_cache
from pathlib import Path

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from shop.articles import selectors as articles
from shop.storefront.public import public

_POLICY = {
    "frame-ancestors": settings.EMBED_PARENTS or [NONE],
    "script-src": [NONE],
    "connect-src": [NONE],
    "form-action": [NONE],
}


@public(params=("article",))
@xframe_options_exempt
@csp_replace(_POLICY)
def embed(request: HttpRequest) -> HttpResponse:
    story = articles.selling_at(request.GET.get("article", ""))
    response = render(request, "embed/story.html", {"story": story}, status=200 if story else 404)
    return _for_everybody(response)


@public
def shop_story(request: HttpRequest) -> HttpResponse:
    """Answer with the element's script, at an address that stays the same from release to release."""
    script = _script.__wrapped__() if settings.DEBUG else _script()
    return _for_everybody(HttpResponse(script, content_type="text/javascript; charset=utf-8"))


@lru_cache(maxsize=1)
def _script() -> bytes:
    return Path(str(finders.find("js/shop-story.js"))).read_bytes()


def _for_everybody(response: HttpResponse) -> HttpResponse:
    """Let any page load the answer: it is the same for all, and holds nothing of the person."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
