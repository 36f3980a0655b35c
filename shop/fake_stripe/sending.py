"""Send one event to one endpoint: signed as Stripe signs, or wrongly when a fault says so."""

import http.client
import json
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from . import webhooks
from .ids import new_id
from .store import Document
from .webhook_faults import NO_FAULT, WebhookFault

ANSWER_WITHIN = 20
USER_AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"


def send(event: Document, endpoint: Document, fault: WebhookFault = NO_FAULT) -> int:
    """Post an event as shown, so often as the fault says; return the last status, 0 for no answer."""
    with ThreadPoolExecutor(fault.times if fault.parallel else 1) as pool:
        sends = [pool.submit(_send, event, endpoint, fault) for _ in range(fault.times)]
        return [found.result() for found in sends][-1]


def _send(event: Document, endpoint: Document, fault: WebhookFault) -> int:
    body = json.dumps(fault.altered(event), indent=2, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": USER_AGENT,
        "Accept": "*/*; q=0.5, application/xml",
        "Cache-Control": "no-cache",
        "Stripe-Signature": webhooks.signature(_secrets(endpoint, fault), int(time.time()) - fault.age, body),
    }
    try:
        return _post(endpoint["url"], body, headers)
    except (OSError, http.client.HTTPException):
        return 0


def _secrets(endpoint: Document, fault: WebhookFault) -> list[str]:
    if fault.wrong_signature:
        return [new_id("whsec")]
    known: list[str] = endpoint["_secrets"]
    return [fault.secret] if fault.secret else known


def _post(address: str, body: bytes, headers: dict[str, Any]) -> int:
    parts = urlsplit(address)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, parts.port, timeout=ANSWER_WITHIN, context=context)
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=ANSWER_WITHIN)
    try:
        path = parts.path or "/"
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()
