"""Numbers that people read to each other: of orders and donations. Imports nothing of ours."""

import secrets

#: No look-alikes: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
LETTERS = "34679ACDEFGHJKMNPQRTVWXY"
LENGTH = 10


def random_number() -> str:
    """Return a new number: 10 random letters and digits without look-alikes (about 45 bits)."""
    return "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))
