"""Who is asking, for limits only: an address behind TRUSTED_PROXIES proxies, kept as a keyed hash.

Imports nothing of ours.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """Return the client's address, an IPv6 one as its /64; never trusts more proxies than are set."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        address = hops[-settings.TRUSTED_PROXIES]
    return _normal(address)


def client_key(request: HttpRequest) -> str:
    """Return a keyed hash of the client's address: the same for the same client, and not personal data to read."""
    return salted_hmac("shop.client", client_address(request), algorithm="sha256").hexdigest()


def _normal(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
