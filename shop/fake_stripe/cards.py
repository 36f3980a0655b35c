"""The test cards (docs.stripe.com/testing) and what happens with each."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["paid", "declined", "authenticate"]
Brings = Literal[
    "",
    "fraudulent",
    "product_not_received",
    "inquiry",
    "disputes",
    "warning",
    "review",
    "slow refund",
    "failing refund",
]


@dataclass(frozen=True)
class Card:
    """A test card; `code` and `decline_code` say why it is declined, if it is; `brings` what comes later."""

    number: str
    verdict: Verdict = "paid"
    code: str = ""
    decline_code: str = ""
    message: str = ""
    shown: str = ""
    brings: Brings = ""

    @property
    def last4(self) -> str:
        """The four digits a receipt may show."""
        return self.number[-4:]

    @property
    def brand(self) -> str:
        """The network, by the first digit."""
        return "mastercard" if self.number.startswith("5") else "visa"


_DECLINED = "Your card was declined."
_CARDS = [
    Card("4242424242424242", shown="Paid"),
    Card("5555555555554444"),
    Card("4000000000000077"),
    Card("4000000000000002", "declined", "card_declined", "generic_decline", _DECLINED, "Declined"),
    Card(
        "4000000000009995",
        "declined",
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
        "Insufficient funds",
    ),
    Card("4000000000000069", "declined", "expired_card", "expired_card", "Your card has expired."),
    Card(
        "4000000000000127",
        "declined",
        "incorrect_cvc",
        "incorrect_cvc",
        "Your card's security code is incorrect.",
    ),
    Card(
        "4000000000000119",
        "declined",
        "processing_error",
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    Card("4000002500003155", "authenticate", shown="Asks to confirm (3-D Secure)"),
    Card("4000002760003184", "authenticate"),
    Card("4000000000003220", "authenticate"),
    Card(
        "4000008260003178",
        "authenticate",
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    Card("4000000000000259", shown="Paid, then disputed as fraud", brings="fraudulent"),
    Card("4000000000002685", brings="product_not_received"),
    Card("4000000000001976", shown="Paid, then an inquiry", brings="inquiry"),
    Card("4000000404000079", brings="disputes"),
    Card("4000000000005423", shown="Paid, then an early fraud warning", brings="warning"),
    Card("4000000000009235", shown="Paid, held for review", brings="review"),
    Card("4000000000007726", shown="Paid; its refund is pending at first", brings="slow refund"),
    Card("4000000000005126", shown="Paid; its refund fails", brings="failing refund"),
]
CARDS = {card.number: card for card in _CARDS}
ADVERTISED = [card for card in _CARDS if card.shown]


def find(number: str) -> Card | None:
    """Return the test card with this number, written with or without spaces and hyphens."""
    return CARDS.get(number.replace(" ", "").replace("-", ""))


#: Account numbers of the delayed method (sort code 108800): what becomes of the money after its days.
BACS_SORT_CODE = "108800"
BACS_ACCOUNTS = {"00012345": True, "33333335": False}
