"""Erasing an account: everything personal goes, orders stay as figures without a name."""

from datetime import timedelta

from django.core import signing
from django.utils.translation import gettext as _

from shop.customer import accounts_mails as mails
from shop.customer.addresses import person_of
from shop.payments.models import Payment
from shop.personal import Person, keepers
from shop.transactions import durably
from shop.users.models import User

#: How long the second step may take after the password was given.
_PATIENCE = timedelta(minutes=15)
_SALT = "account-erase"


class Refused(Exception):
    """It cannot be erased yet; `reasons` say why, in words for the person. Nothing was changed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def refusals(user: User) -> list[str]:
    """Return why the account cannot be erased now; nothing when it can."""
    if user.is_staff:
        return [_("This account may enter the back office: the store's owner switches it off first.")]
    person = person_of(user)
    return [reason for keeper in keepers() for reason in keeper.refusals(person)]


def first_step(user: User) -> str:
    """Return what proves for a quarter of an hour that the password was given."""
    return signing.dumps(user.pk, salt=_SALT)


def is_second_step(user: User, proof: str) -> bool:
    """Whether the proof is this account's, and fresh."""
    try:
        return bool(signing.loads(proof, salt=_SALT, max_age=_PATIENCE) == user.pk)
    except signing.BadSignature:
        return False


def erase(user_id: int) -> None:
    """Erase the account and all that is kept about it, and say so by a last mail; a second call does nothing.

    Raises Refused while an order is open.
    """
    durably(lambda: _erase(user_id))


def _erase(user_id: int) -> None:
    user = User.objects.select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        return
    reasons = refusals(user)
    if reasons:
        raise Refused(reasons)
    person = person_of(user)
    _lock_payments(person)
    for keeper in keepers():
        keeper.erase(person)
    user.delete()
    mails.erased(person.email)


def _lock_payments(person: Person) -> None:
    """Lock every payment that any keeper will change, in one order, before what hangs on them, as settle does."""
    chosen = {payment_id for keeper in keepers() for payment_id in keeper.payments(person)}
    payments = Payment.objects.select_for_update(of=("self",)).filter(pk__in=chosen)
    list(payments.order_by("pk").values_list("pk"))
