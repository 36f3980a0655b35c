"""Back-in-stock requests: asked for, confirmed once per address, told once, stopped at any time.

Asking does the same whatever is known of an address, so that nobody learns anything from it: the worker then
confirms the request of a known address, and writes to any other first.
"""

from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import get_language

from catalogue.models import Product
from shop.customer import alerts_mails as mails
from shop.customer.models import ProductAlert
from shop.emails.models import Mail
from shop.limits.services import Limit, take_all
from shop.partner.strategy import is_sold
from shop.transactions import durably
from shop.users.models import User

PER_CLIENT = Limit("stock-request", 20, timedelta(hours=1))
PER_ADDRESS = Limit("stock-request-for", 20, timedelta(days=1))
#: Mails that ask an address whether it is theirs: so many a day, and none on the heels of another.
QUESTIONS_A_DAY = 3
BETWEEN_QUESTIONS = timedelta(minutes=10)
#: The retention table's part: requests nobody confirmed, those told or stopped, and those nothing came of.
UNCONFIRMED_KEPT = timedelta(days=7)
ENDED_KEPT = timedelta(days=30)
OPEN_KEPT = timedelta(days=365)
_KEY_LENGTH = 40
_AT_ONCE = 200


class NotWaiting(Exception):
    """There is nothing to wait for: the variant is in stock, or it is not sold."""


class TooManyRequests(Exception):
    """So many came from one place, or for one address, that no more are taken for a while."""


def ask(*, variant: Product, email: str, client: str, member: User | None = None) -> None:
    """Write down that this address waits for the variant; asking again only has the question mailed again.

    `client` is who asks (`shop.client.client_key`). A `member` who gives their account's own address has
    confirmed it already. Raises NotWaiting and TooManyRequests.
    """
    if not is_sold(variant) or _is_available(variant):
        raise NotWaiting
    if not take_all((PER_CLIENT, client), (PER_ADDRESS, email)):
        raise TooManyRequests
    address = email.lower()
    owner = member if member is not None and member.email.lower() == address else None
    language = get_language() or settings.LANGUAGE_CODE
    request = ProductAlert(
        product=variant,
        email=address,
        user=owner,
        key=get_random_string(_KEY_LENGTH),
        status=ProductAlert.UNCONFIRMED,
        language=language,
    )
    # One that is open already is kept as it is (the constraint says so), even when two come at once.
    ProductAlert.objects.bulk_create([request], ignore_conflicts=True)
    known: dict[str, Any] = {"user": owner} if owner else {}
    _unconfirmed(address).filter(product=variant).update(mail_due=True, language=language, **known)


def confirm(key: str) -> bool:
    """Make every unconfirmed request of the key's address active; False when nobody has that key."""
    email = email_of(key)
    if email is None:
        return False
    _unconfirmed(email).update(status=ProductAlert.ACTIVE, date_confirmed=timezone.now(), mail_due=False)
    return True


def stop(key: str, *, only: int | None = None) -> bool:
    """Cancel every open request of the key's address, or `only` one; False when nobody has that key.

    Who stops everything is asked again the next time somebody enters the address.
    """
    email = email_of(key)
    if email is None:
        return False
    stop_one(email=email, pk=only) if only is not None else _stop_all(email)
    return True


def stop_one(*, email: str, pk: int) -> None:
    """Cancel an open request of the address; one that is over, or another address's, is left alone."""
    mine = ProductAlert.objects.filter(email=email.lower(), pk=pk, status__in=ProductAlert.OPEN)
    mine.update(status=ProductAlert.CANCELLED, date_cancelled=timezone.now())


def _stop_all(email: str) -> None:
    requests = ProductAlert.objects.filter(email=email)
    requests.filter(status__in=ProductAlert.OPEN).update(
        status=ProductAlert.CANCELLED, date_cancelled=timezone.now()
    )
    requests.filter(status=ProductAlert.CLOSED).update(date_confirmed=None)


def email_of(key: str) -> str | None:
    """Return the address that was mailed this key."""
    return ProductAlert.objects.filter(key=key).values_list("email", flat=True).first() if key else None


def greet_new() -> int:
    """Look at the requests that came in: confirm those of known addresses, ask the others by mail.

    Returns how many addresses were looked at. Any number of workers may run it.
    """
    new = ProductAlert.objects.filter(mail_due=True).order_by("email")
    emails = list(new.values_list("email", flat=True).distinct()[:_AT_ONCE])
    return sum(durably(partial(_greet, email)) for email in emails)


def tell_waiting() -> int:
    """Queue the mail of each active request whose variant can be bought again, oldest first; return how many."""
    return sum(durably(partial(tell, request)) for request in waiting()[:_AT_ONCE])


def tell(request: ProductAlert) -> bool:
    """Close the request with its mail, in the caller's transaction; False when somebody else has."""
    if not request.close():
        return False
    mails.back_in_stock(request)
    return True


def waiting() -> QuerySet[ProductAlert]:
    """Return the active requests whose variant is shown and available, the oldest first."""
    shown = Q(product__parent__design=None) | Q(product__parent__design__is_public=True)
    return (
        ProductAlert.objects.filter(
            shown,
            status=ProductAlert.ACTIVE,
            product__is_public=True,
            product__parent__is_public=True,
            product__stockrecords__num_in_stock__gt=F("product__stockrecords__num_allocated"),
        )
        .select_related("product__parent", "product__colour", "product__size")
        .order_by("date_created", "pk")
    )


def past_their_time() -> QuerySet[ProductAlert]:
    """Return the requests that are not kept any longer."""
    now = timezone.now()
    return ProductAlert.objects.filter(
        Q(status=ProductAlert.UNCONFIRMED, date_created__lt=now - UNCONFIRMED_KEPT)
        | Q(date_cancelled__lt=now - ENDED_KEPT)
        | Q(date_closed__lt=now - ENDED_KEPT)
        | Q(date_created__lt=now - OPEN_KEPT)
    )


def _greet(email: str) -> bool:
    """Take the address's new requests, so that no other worker does, and confirm them or ask."""
    requests = _unconfirmed(email)
    taken = ProductAlert.objects.filter(email=email, mail_due=True).update(mail_due=False)
    if taken and _is_confirmed(email):
        requests.update(status=ProductAlert.ACTIVE, date_confirmed=timezone.now())
    elif taken and requests.exists() and _may_be_asked(email):
        mails.question(list(requests.select_related("product__parent", "product__colour", "product__size")))
    return bool(taken)


def _is_confirmed(email: str) -> bool:
    """Tell whether somebody with this address has said so; it is forgotten with their last request."""
    statuses = (ProductAlert.ACTIVE, ProductAlert.CLOSED)
    known = Q(status__in=statuses, date_confirmed__isnull=False)
    theirs = Q(status=ProductAlert.UNCONFIRMED, user__isnull=False)
    return ProductAlert.objects.filter(known | theirs, email=email).exists()


def _may_be_asked(email: str) -> bool:
    now = timezone.now()
    asked = Mail.objects.filter(kind=mails.QUESTION, to=email, created_at__gt=now - timedelta(days=1))
    times = list(asked.values_list("created_at", flat=True))
    return len(times) < QUESTIONS_A_DAY and not any(time > now - BETWEEN_QUESTIONS for time in times)


def _unconfirmed(email: str) -> QuerySet[ProductAlert]:
    return ProductAlert.objects.filter(email=email, status=ProductAlert.UNCONFIRMED).order_by("pk")


def _is_available(variant: Product) -> bool:
    return variant.stockrecords.filter(num_in_stock__gt=F("num_allocated")).exists()
