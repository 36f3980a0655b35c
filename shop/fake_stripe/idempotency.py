"""Idempotency keys (reference: docs.stripe.com/api/idempotent_requests).

The first answer is kept once the work began, errors and 500s too; wrong parameters and conflicts are not
kept. The same key with other parameters is an error, a second call while the first runs is a conflict, and
after 24 hours of the clock a key is new again.
"""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .errors import ApiError, invalid
from .store import Document, Store

KEPT = 24 * 3600
LONGEST = 255


class Keys:
    """The keys seen, and those in use at this moment."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._in_use: set[str] = set()

    @contextmanager
    def using(self, key: str) -> Iterator[None]:
        """Hold a key while its request runs; raise Stripe's 409 when another request holds it."""
        with self._lock:
            if key in self._in_use:
                raise _in_use(key)
            self._in_use.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_use.discard(key)

    def kept(self, key: str, fingerprint: str) -> Document | None:
        """Return the answer kept for a key, or None; raise Stripe's 400 when its request was another one."""
        kept = self._store.find(_id(key), "idempotency_key")
        if kept is None or kept["created"] + KEPT <= self._store.now():
            return None
        if kept["fingerprint"] != fingerprint:
            raise ApiError(
                "Keys for idempotent requests can only be used with the same parameters they were first "
                "used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error",
                stored=False,
            )
        return kept

    def keep(self, key: str, fingerprint: str, status: int, body: Any) -> None:
        """Keep an answer; with the work itself in one transaction, both are there or neither."""
        kept = {"id": _id(key), "fingerprint": fingerprint, "status": status, "body": body}
        self._store.put("idempotency_key", kept | {"created": self._store.now()})


def _in_use(key: str) -> ApiError:
    return ApiError(
        f"There is currently another in-progress request using this Idempotent Key: {key}. Please try "
        "again later.",
        status=409,
        kind="idempotency_error",
        code="idempotency_key_in_use",
        stored=False,
    )


def _id(key: str) -> str:
    return f"key:{key}"


def check_key(key: str) -> None:
    """Raise Stripe's 400 for a key that is too long."""
    if len(key) > LONGEST:
        raise invalid(f"Idempotency keys can be at most {LONGEST} characters long.")


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    """Return what two requests have in common only when they are the same."""
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
