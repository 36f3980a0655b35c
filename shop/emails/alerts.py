"""Alerts to staff: a row on the back office's home, and at most one mail a subject and day to STAFF_EMAIL."""

from django.conf import settings
from django.utils import timezone

from shop.emails.models import StaffAlert
from shop.emails.services import queue
from shop.transactions import require_transaction


def alert(*, subject: str, text: str, path: str = "") -> StaffAlert:
    """Tell staff of something they must look at, in the transaction of its cause; return its open row.

    `subject` names what it is about (`dispute:du_1`), `path` the page to look at. Raised again while it is open, only
    the words change; a new mail goes out on another day only.
    """
    require_transaction()
    now = timezone.now()
    values = {"text": text[:400], "path": path, "raised_at": now}
    row, is_new = StaffAlert.objects.get_or_create(subject=subject[:100], closed_at=None, defaults=values)
    if not is_new and row.text != values["text"]:
        StaffAlert.objects.filter(pk=row.pk).update(**values)
    if settings.STAFF_EMAIL:
        queue(
            kind="alert",
            subject=f"{row.subject}:{now.date()}",
            to=settings.STAFF_EMAIL,
            template="alert",
            context={"text": text, "page_url": settings.SITE_URL + (path or "/admin/")},
        )
    return row


def open_alerts() -> list[StaffAlert]:
    """Return what staff have not dealt with yet, newest first."""
    return list(StaffAlert.objects.filter(closed_at=None))


def close(alert_id: int, *, by: str) -> bool:
    """Say that an alert is done; return whether it was open."""
    closed = {"closed_at": timezone.now(), "closed_by": by}
    return bool(StaffAlert.objects.filter(pk=alert_id, closed_at=None).update(**closed))
