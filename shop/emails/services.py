"""Queue mails in their cause's transaction; send them one at a time under a lease."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import make_msgid
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from shop.emails.models import Mail
from shop.testpoints import reach

logger = logging.getLogger(__name__)

#: A mail in hand belongs to one worker this long; longer than EMAIL_TIMEOUT, so nobody sends it beside them.
LEASE = timedelta(minutes=2)
#: Waits before the next try; after the last the mail has failed and staff see it.
RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)


def queue(
    *, kind: str, subject: str, to: str, template: str, context: dict[str, Any], leave_url: str = ""
) -> Mail:
    """Write one mail row, in the transaction of its cause; the same kind and subject again returns the first row.

    `template` names a folder of templates/emails with subject.txt, body.txt and body.html. An address nobody can
    write to makes a row marked failed, never an error: mail must not stop its cause. A POST to `leave_url`, without
    cookie or token, must end mails of this kind at once: mail programs show it as a button.
    """
    words = {"shop_name": settings.SHOP_NAME, "site_url": settings.SITE_URL, **context}
    headline, text, html = (render_to_string(f"emails/{template}/{part}", words) for part in _PARTS)
    problem = _address_problem(to)
    mail, _ = Mail.objects.get_or_create(
        kind=kind,
        subject=subject,
        defaults={
            "to": to if not problem else "",
            "headline": " ".join(headline.split())[:200],
            "text": text.strip() + "\n",
            "html": html,
            "leave_url": leave_url,
            "message_id": make_msgid(domain=settings.SITE_HOST),
            "state": Mail.State.FAILED if problem else Mail.State.QUEUED,
            "error": problem,
            "next_try_at": timezone.now(),
        },
    )
    return mail


_PARTS = ("subject.txt", "body.txt", "body.html")


def _address_problem(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return "no usable address"
    return ""


def forget(*, about: Sequence[str]) -> int:
    """Delete every mail about these subjects, sent or not."""
    return Mail.objects.filter(subject__in=about).delete()[0]


def send_due(*, now: datetime | None = None, limit: int = 100) -> int:
    """Send queued mails that are due, oldest first, at most `limit`; return how many were handed over.

    Each is leased by one conditional UPDATE before it is sent, so any number of workers may run. A worker that dies
    between handing over and marking leaves the mail to be sent again, with the same Message-ID.
    """
    sent = 0
    for _ in range(limit):
        mail = _lease(now or timezone.now())
        if mail is None:
            break
        reach("mail.leased")
        sent += _send(mail)
    return sent


def _lease(now: datetime) -> Mail | None:
    due = Mail.objects.filter(state=Mail.State.QUEUED, next_try_at__lte=now).order_by("next_try_at", "pk")
    for mail in due[:5]:
        mine = Mail.objects.filter(pk=mail.pk, state=Mail.State.QUEUED, next_try_at=mail.next_try_at)
        if mine.update(next_try_at=now + LEASE, tries=F("tries") + 1):
            mail.refresh_from_db()
            return mail
    return None


def _send(mail: Mail) -> bool:
    try:
        _message(mail).send()
    except SMTPRecipientsRefused:
        return _failed(mail, "the address was refused")
    except Exception as error:  # whatever a mail server does must not end the worker
        logger.warning("mail %s not sent: %s", mail.pk, type(error).__name__)
        return _try_later(mail, type(error).__name__)
    reach("mail.handed_over")
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.SENT, sent_at=timezone.now(), error="")
    return True


def _message(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.headline,
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated", **_leaving(mail)},
        connection=get_connection(),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _leaving(mail: Mail) -> dict[str, str]:
    """Return the headers by which a mail program offers to leave with one click (RFC 8058)."""
    if not mail.leave_url:
        return {}
    return {
        "List-Unsubscribe": f"<{mail.leave_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _try_later(mail: Mail, error: str) -> bool:
    if mail.tries > len(RETRIES):
        return _failed(mail, error)
    wait = RETRIES[mail.tries - 1]
    Mail.objects.filter(pk=mail.pk).update(next_try_at=timezone.now() + wait, error=error)
    return False


def _failed(mail: Mail, error: str) -> bool:
    Mail.objects.filter(pk=mail.pk).update(state=Mail.State.FAILED, error=error)
    return False
