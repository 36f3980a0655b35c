"""The links in an account's mails: signed, good for a day, and of no more use once they have done their work."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from shop.users.models import User

LIVES = timedelta(days=1)
_NEW, _EMAIL = "account-new", "account-email"


def new_account_path(email: str) -> str:
    """Return the path where whoever reads this address's mail makes an account for it."""
    return reverse("account:make", args=[signing.dumps(email, salt=_NEW)])


def address_of(token: str) -> str | None:
    """Return the address a new account's token was mailed to; None for a wrong or an expired one."""
    found = _read(token, _NEW)
    return found if isinstance(found, str) else None


def password_path(user: User) -> str:
    """Return the path where the person chooses a new password; it ends with the next log-in or new password."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("account:choose_password", args=[uid, default_token_generator.make_token(user)])


def person_of(uid: str, token: str) -> User | None:
    """Return whose password may be chosen with this link, or None."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uid)))
    except ValueError:
        return None
    user = User.objects.filter(pk=pk, is_active=True, is_staff=False).first()
    return user if user is not None and default_token_generator.check_token(user, token) else None


def email_path(user: User, new: str) -> str:
    """Return the path that proves the new address; it ends when address or password change."""
    proof = {"user": user.pk, "new": new, "state": _state(user)}
    return reverse("account:confirm_email", args=[signing.dumps(proof, salt=_EMAIL)])


def change_of(token: str) -> tuple[User, str] | None:
    """Return who wants which new address; None for a wrong, expired or used token."""
    proof = _read(token, _EMAIL)
    user = User.objects.filter(pk=proof["user"], is_active=True).first() if proof else None
    return (user, proof["new"]) if user is not None and _state(user) == proof["state"] else None


def _state(user: User) -> str:
    """What the link was made for: the account as it is now, with this address and password."""
    return signing.Signer(salt=_EMAIL).signature(f"{user.email}|{user.password}")


def _read(token: str, salt: str) -> Any:
    try:
        return signing.loads(token, salt=salt, max_age=LIVES)
    except signing.BadSignature:
        return None
