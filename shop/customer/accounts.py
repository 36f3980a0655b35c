"""What people do with their account. An account is made by a mailed link only, so its address is always proved.

What is asked for with an address (an account, a new password, another address) always queues exactly one mail and
answers nothing, so that neither words nor time tell whether the address has an account.
"""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.utils import timezone

from shop.customer import accounts_links as links
from shop.customer import accounts_mails as mails
from shop.customer.addresses import give_up, person_of
from shop.limits.services import Limit, take
from shop.order.erasing import orders_of_address
from shop.order.models import Order
from shop.transactions import durably
from shop.users.models import User

ASKING_BY_CLIENT = Limit("account-mail:client", most=20, within=timedelta(hours=1))
ASKING_FOR_ADDRESS = Limit("account-mail:address", most=3, within=timedelta(hours=1))


class TooMany(Exception):
    """So much was tried from there that nothing more is done for a while."""


class AlreadyThere(Exception):
    """The address has an account."""


class LinkOver(Exception):
    """The link is wrong, too old, or has done its work."""


# --- Asking by address: each queues one mail ----------------------------------------------------------


def ask_for_account(*, email: str, client: str) -> None:
    """Mail the address a link to make its account, or word that it has one. Raises TooMany.

    Asked for too often, an address gets no more mails for a while, and the caller is told the same.
    """
    if _may_mail(email, client):
        durably(lambda: _welcome(email))


def ask_for_password(*, email: str, client: str) -> None:
    """Mail the address a link to choose a new password, or word that there is no account. Raises TooMany."""
    if _may_mail(email, client):
        durably(lambda: _mail_password(email))


def ask_for_email(*, user: User, email: str, client: str) -> None:
    """Ask the new address to confirm that it shall be the account's. Raises TooMany."""
    if _may_mail(email, client):
        is_taken = User.objects.with_address(email).exists()
        durably(lambda: mails.email_taken(email) if is_taken else mails.confirm_email(user, email))


def send_password_link(user: User) -> None:
    """Mail the person a link to choose a new password: staff ask for it, whatever the limits."""
    durably(lambda: _mail_password(user.email))


def _may_mail(email: str, client: str) -> bool:
    if not take(ASKING_BY_CLIENT, client):
        raise TooMany
    return take(ASKING_FOR_ADDRESS, email)


def _welcome(email: str) -> None:
    user = User.objects.with_address(email).first()
    if user is None:
        mails.welcome(email)
    elif user.is_active:
        mails.welcome_back(user)
    else:
        mails.cannot_help(user)


def _mail_password(email: str) -> None:
    user = User.objects.with_address(email).first()
    if user is None:
        mails.no_account(email)
    elif user.is_active and not user.is_staff:
        mails.password(user)
    else:
        mails.cannot_help(user)


# --- With a mailed link -------------------------------------------------------------------------------


def make(*, token: str, name: str, password: str) -> User:
    """Make the account of a mailed link, with the guest orders of its address. Raises LinkOver, AlreadyThere."""
    email = links.address_of(token)
    if email is None:
        raise LinkOver
    # The password is hashed here, not in the transaction: that is slow on purpose.
    user = User(email=User.objects.normalize_email(email), first_name=name, password=make_password(password))
    try:
        durably(lambda: _keep(user))
    except IntegrityError as error:  # the unique address: pressed twice, or made in another tab
        raise AlreadyThere from error
    return user


def _keep(user: User) -> None:
    user.pk = None
    user.save(force_insert=True)
    claim(user)


def choose_password(*, uid: str, token: str, password: str) -> User:
    """Set a forgotten password by its mailed link; every session of the account ends. Raises LinkOver."""
    user = links.person_of(uid, token)
    if user is None:
        raise LinkOver
    change_password(user=user, password=password)
    return user


def change_email(*, token: str) -> User:
    """Give the account the address that its link has proved, and tell the old one. Raises LinkOver, AlreadyThere.

    Its orders go with it: from now on their mails and new links reach the new address only.
    """
    found = links.change_of(token)
    if found is None:
        raise LinkOver
    user, email = found
    try:
        durably(lambda: _moved(user, email))
    except IntegrityError as error:
        raise AlreadyThere from error
    return user


def _moved(user: User, email: str) -> None:
    old, user.email = user.email, User.objects.normalize_email(email)
    user.save(update_fields=["email"])
    Order.objects.filter(user=user).exclude(guest_email="").update(guest_email=user.email)
    claim(user)
    mails.email_changed(old)
    give_up(user, old, now=timezone.now())  # last: the mail just queued was still to its holder


# --- Logged in ----------------------------------------------------------------------------------------


def claim(user: User) -> int:
    """Put the guest orders of the account's own address into it; return how many were new.

    Those from before another account gave the address up are that one's.
    """
    guest_orders = orders_of_address(user.email).filter(user=None)
    return guest_orders.filter(person_of(user).addresses[0].span("date_placed")).update(user=user)


def change_password(*, user: User, password: str) -> None:
    """Set a new password and tell the person; every session but the caller's ends with it."""
    user.set_password(password)

    def change() -> None:
        user.save(update_fields=["password"])
        mails.password_changed(user)

    durably(change)


def rename(*, user: User, name: str) -> None:
    """Set the name the account greets with."""
    user.first_name, user.last_name = name, ""
    user.save(update_fields=["first_name", "last_name"])
