"""Money: pence and pounds, sharing out sums so that nothing is lost, and how amounts are written.

Amounts are Decimals with their currency's own number of places; whole minor units appear only here and in
`payments`. Imports nothing of ours.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency
from django.conf import settings
from django.utils.translation import get_language, to_locale

ZERO = Decimal("0.00")

#: Decimal places Stripe counts in (docs.stripe.com/currencies). UGX and ISK are two-decimal there.
_PLACES = {
    0: "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF",
    2: "AUD CAD CHF CZK DKK EUR GBP HUF ISK NOK NZD PLN SEK UGX USD ZAR",
    3: "BHD JOD KWD OMR TND",
}
#: Counted in hundredths, though there is no smaller coin: Stripe takes whole ones only.
_WHOLE = ("ISK", "UGX")


class UnknownCurrency(ValueError):
    """The currency is in none of the tables, so its minor unit is not known."""


def places(currency: str) -> int:
    """Return how many decimal places Stripe counts `currency` in; raise UnknownCurrency."""
    for number, currencies in _PLACES.items():
        if currency.upper() in currencies.split():
            return number
    raise UnknownCurrency(currency)


def step_minor(currency: str) -> int:
    """Return the smallest step of a price in minor units: 1, or more where Stripe takes only round ones."""
    if currency.upper() in _WHOLE:
        return 100
    return 10 if places(currency) == 3 else 1


def to_minor(amount: Decimal, currency: str) -> int:
    """Return `amount` in minor units (pence); raise ValueError when it is finer than Stripe takes."""
    minor = amount.scaleb(places(currency))
    if minor % step_minor(currency):
        raise ValueError(f"{amount} {currency} is finer than Stripe takes")
    return int(minor)


def from_minor(minor: int, currency: str) -> Decimal:
    """Return the amount of `minor` minor units, with the currency's places."""
    return Decimal(minor).scaleb(-places(currency))


def rounded(amount: Decimal) -> Decimal:
    """Round half up to two places, as a till does."""
    return amount.quantize(ZERO, rounding=ROUND_HALF_UP)


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share `total` (two places) over `weights` by largest remainder, ties to the earlier; the parts sum to it.

    All weights zero shares it as evenly as pence allow; no weights at all is only right for a total of zero.
    """
    if not weights:
        if total:
            raise ValueError("nothing to spread the total over")
        return []
    pence = int(total.scaleb(2))
    shares = _exact_shares(pence, weights)
    floors = [int(share // 1) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda i: (floors[i] - shares[i], i))
    for index in by_remainder[: pence - sum(floors)]:
        floors[index] += 1
    return [Decimal(part).scaleb(-2) for part in floors]


def _exact_shares(pence: int, weights: Sequence[Decimal]) -> list[Decimal]:
    whole = sum(weights, Decimal(0))
    if not whole:
        return [Decimal(pence) / len(weights)] * len(weights)
    return [pence * weight / whole for weight in weights]


def to_pence_parts(exact: Sequence[Decimal]) -> list[Decimal]:
    """Round amounts to pence by largest remainder, ties to the earlier; the parts sum to the rounded sum.

    Each part is its own amount rounded down or up, so whole pence never move: unlike `spread`, nothing is scaled.
    """
    floors = [int(amount.scaleb(2) // 1) for amount in exact]
    missing = int(rounded(sum(exact, ZERO)).scaleb(2)) - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i].scaleb(2), i))
    for index in by_remainder[:missing]:
        floors[index] += 1
    return [Decimal(part).scaleb(-2) for part in floors]


def vat_in(gross: Decimal, rate: Decimal) -> Decimal:
    """Return the VAT contained in a VAT-inclusive amount (rate 0.20 means 20 %)."""
    return rounded(gross - gross / (1 + rate))


def shown(amount: Decimal, currency: str = "") -> str:
    """Return `amount` as people read it in the active language, e.g. £25.00."""
    return _formatted(amount, currency or settings.DEFAULT_CURRENCY, get_language() or settings.LANGUAGE_CODE)


def shown_whole(amount: Decimal, currency: str = "") -> str:
    """Return a whole `amount` as people read it, without its zero pence, e.g. £25."""
    language = get_language() or settings.LANGUAGE_CODE
    return _formatted(amount, currency or settings.DEFAULT_CURRENCY, language, is_whole=True)


@lru_cache(maxsize=4096)
def _formatted(amount: Decimal, currency: str, language: str, is_whole: bool = False) -> str:
    """Remembered because formatting takes a tenth of a millisecond, and a list shows few different prices."""
    locale = Locale.parse(to_locale(language))
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", "0") if is_whole else None
    return str(format_currency(amount, currency, pattern, locale=locale, currency_digits=not is_whole))
