"""Amounts in minor units: the smallest charge, and how they are written."""

#: Stripe's smallest charge by currency (docs.stripe.com/currencies, not verified here).
_LEAST = {"gbp": 30, "usd": 50, "eur": 50, "cad": 50, "aud": 50, "chf": 50, "jpy": 50, "pln": 200, "sek": 300}
_SYMBOLS = {"gbp": "£", "eur": "€", "usd": "$", "jpy": "¥"}
_ZERO_DECIMAL = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf")
)
_THREE_DECIMAL = frozenset(("bhd", "jod", "kwd", "omr", "tnd"))


def least(currency: str) -> int:
    """Return the smallest amount above 0 that can be charged."""
    return _LEAST.get(currency, 50)


def written(amount: int, currency: str) -> str:
    """Return an amount for people, as £12.50 or 12.50 NOK."""
    places = 0 if currency in _ZERO_DECIMAL else 3 if currency in _THREE_DECIMAL else 2
    number = f"{amount / 10**places:,.{places}f}"
    symbol = _SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{number} {currency.upper()}"
