from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from shop.worker import health


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """503 only when the database or its migrations are not ready; the rest is told, not judged."""
    report = health.report()
    return JsonResponse(report, status=200 if report["ready"] else 503)
