"""The mails about an account: one function each, queued in the transaction of its cause.

They share one template: a headline, some sentences, one button. Each call is another mail.
"""

from secrets import token_hex

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from shop.customer import accounts_links as links
from shop.emails.models import Mail
from shop.emails.services import queue
from shop.users.models import User

#: These kinds hold links for one person's eyes; the worker clears them away after some days.
KIND = "account"


def welcome(email: str) -> Mail:
    """Answer who wants an account and has none: a link to choose a password."""
    return _queue(
        email,
        _("Make your account"),
        [
            _("Choose a password, and your account is ready. Orders made with this address will be in it."),
            _("The link works for a day. If you did not ask for it, do nothing: no account is made."),
        ],
        button=(_("Choose a password"), links.new_account_path(email)),
    )


def welcome_back(user: User) -> Mail:
    """Answer who wants an account and has one."""
    return _queue(
        user.email,
        _("You have an account already"),
        [
            _(
                "Somebody, most likely you, asked for an account with this address. There is one: just log in."
            ),
            _("If you have forgotten the password, choose a new one there."),
        ],
        button=(_("Log in"), reverse("account:log_in")),
    )


def password(user: User) -> Mail:
    """A link to choose a new password."""
    return _queue(
        user.email,
        _("Choose a new password"),
        [
            _("With this link you choose a new password for your account. It works for a day, and once."),
            _("If you did not ask for it, do nothing: your password stays as it is."),
        ],
        button=(_("Choose a new password"), links.password_path(user)),
    )


def no_account(email: str) -> Mail:
    """Answer who forgot the password of an account that is not there."""
    return _queue(
        email,
        _("There is no account with this address"),
        [
            _("Somebody, most likely you, asked for a new password. There is no account with this address."),
            _("Perhaps you ordered without one, or with another address. You can make one at any time."),
        ],
        button=(_("Make an account"), reverse("account:new")),
    )


def cannot_help(user: User) -> Mail:
    """Answer for an account that only staff may look after, or that is switched off."""
    return _queue(
        user.email,
        _("We cannot send a link for this account"),
        [_("This account is looked after by the people of the store. Just reply to this mail.")],
    )


def password_changed(user: User) -> Mail:
    """Tell that the password was changed."""
    return _queue(
        user.email,
        _("Your password was changed"),
        [
            _("The password of your account was changed just now, and every other device was logged out."),
            _("If that was not you, choose a new password at once and reply to this mail."),
        ],
        button=(_("Choose a new password"), reverse("account:forgotten")),
    )


def confirm_email(user: User, new: str) -> Mail:
    """Ask the new address whether it is the person's."""
    return _queue(
        new,
        _("Is this your new address?"),
        [
            _("Somebody wants to use this address for their account. If it was you, please confirm it."),
            _("The link works for a day. If it was not you, do nothing."),
        ],
        button=(_("Confirm this address"), links.email_path(user, new)),
    )


def email_taken(new: str) -> Mail:
    """Tell the owner of an address that another account asked to use it: nothing happens."""
    return _queue(
        new,
        _("This address has an account of its own"),
        [
            _(
                "Somebody wanted to use this address for another account. Nothing has changed, and nothing will."
            )
        ],
        button=(_("Log in"), reverse("account:log_in")),
    )


def email_changed(old: str) -> Mail:
    """Tell the old address that it is not the account's any more."""
    return _queue(
        old,
        _("Your account has a new address"),
        [
            _("Your account uses another e-mail address from now on; this one opens it no more."),
            _("If that was not you, reply to this mail at once."),
        ],
    )


def erased(email: str) -> Mail:
    """Tell that everything is gone; the last mail to this address."""
    return _queue(
        email,
        _("Your account is erased"),
        [
            _("Your account is gone, and your name, addresses and mails with it."),
            _(
                "Of your orders only what the tax office wants is left: number, date, pieces, sums and country."
            ),
            _("This is the last mail about it. Thank you for having been here."),
        ],
    )


def _queue(to: str, headline: str, sentences: list[str], *, button: tuple[str, str] | None = None) -> Mail:
    label, path = button or ("", "")
    context = {
        "headline": headline,
        "sentences": sentences,
        "label": label,
        "url": settings.SITE_URL + path if path else "",
    }
    return queue(kind=KIND, subject=f"account:{token_hex(8)}", to=to, template=KIND, context=context)
