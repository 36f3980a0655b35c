"""The one account."""

from typing import Any

from .resources import RETRIEVE_RULES
from .routing import Route
from .store import Document, Store


def _retrieve(_store: Store, _params: dict[str, Any]) -> Document:
    return {
        "id": "acct_1LocalStandInAcct",
        "object": "account",
        "business_type": "company",
        "charges_enabled": True,
        "country": "GB",
        "created": 1_700_000_000,
        "default_currency": "gbp",
        "details_submitted": True,
        "email": "stand-in@example.com",
        "metadata": {},
        "payouts_enabled": True,
        "type": "standard",
    }


ROUTES = [Route("GET", "/v1/account", RETRIEVE_RULES, _retrieve)]
