"""Why something cannot be done with a basket, in words for the shopper; each changed nothing."""

from django.utils.translation import gettext as _


class BasketError(Exception):
    """The shopper is told this exception's text."""


class NotForSale(BasketError):
    """The product is hidden, withdrawn, or has no variant of that kind."""


class SoldOut(BasketError):
    """Nothing of the variant is left."""


class LimitReached(BasketError):
    """The basket holds as many pieces, or as many of this variant, as an order may have."""


class BasketFrozen(BasketError):
    """The basket is being paid and is not edited."""

    def __init__(self) -> None:
        super().__init__(_("You are paying for this basket. Choose “Change my order” first."))


class NoSuchLine(BasketError):
    """The line is in another basket, or was removed in another tab."""

    def __init__(self) -> None:
        super().__init__(_("That line is no longer in your basket."))


class VoucherRefused(BasketError):
    """Unknown, not yet valid, expired or used up: told alike, so that codes cannot be guessed."""

    def __init__(self) -> None:
        super().__init__(_("This code is not valid."))


class TooManyCodes(BasketError):
    """Too many wrong codes from one place; no code is looked up for a while, not even a right one."""

    def __init__(self) -> None:
        super().__init__(_("Too many codes were wrong. Please try again in ten minutes."))
