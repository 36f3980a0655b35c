"""Identifiers that look like Stripe's."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits


def random_text(length: int) -> str:
    """Return `length` random letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_id(prefix: str) -> str:
    """Return a fresh id, as `pi_3…` or `cs_test_a1…`."""
    if prefix == "cs":
        return f"cs_test_a1{random_text(56)}"
    if prefix == "whsec":
        return f"whsec_{random_text(32)}"
    if prefix == "req":
        return f"req_{random_text(14)}"
    return f"{prefix}_{random_text(24)}"
