"""`/embed/?article=<address>`: a story's merch for a frame on the publication's own site.

No script, no cookie, no form; only the sites in EMBED_PARENTS may show it. A story that is unknown, may not sell, or
has nothing to sell answers 404 with an empty page, so that a reader of the article sees nothing of it.
"""

from csp.constants import NONE
from csp.decorators import csp_replace
from django.conf import settings
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
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
