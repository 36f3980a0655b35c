import logging

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.payments import gateway, inbox

logger = logging.getLogger(__name__)

MAX_BODY = 256 * 1024


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Answer Stripe: 400 for what is not its event (nothing stored), 500 when we failed (it will call again)."""
    try:
        body = _body(request)
        event = gateway.read_event(body, request.headers.get("Stripe-Signature", ""), now=timezone.now())
    except (gateway.BadSignature, RequestDataTooBig):
        return HttpResponse("not a signed event", status=400, content_type="text/plain")
    try:
        inbox.receive(event)
    except Exception:
        logger.exception("event %s not applied", event["id"])
        return HttpResponse("not applied yet", status=500, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")


def _body(request: HttpRequest) -> bytes:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY or not settings.STRIPE_WEBHOOK_SECRETS:
        raise gateway.BadSignature("too large, or no secret is set")
    return request.read(MAX_BODY + 1)[: MAX_BODY + 1]
