"""How the store is doing, in figures a monitor can read."""

from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils import timezone

from shop.emails.models import Mail
from shop.payments.selectors import webhook_health
from shop.worker.models import Heartbeat


def report() -> dict[str, Any]:
    """Return readiness (database and migrations) and, when ready, the ages of queues and heartbeats in seconds."""
    try:
        behind = _unapplied()
    except DatabaseError:
        return {"ready": False, "database": "unreachable"}
    if behind:
        return {"ready": False, "database": "ok", "unapplied_migrations": behind}
    return {"ready": True, "database": "ok", "unapplied_migrations": 0, **_ages()}


def _unapplied() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _ages() -> dict[str, Any]:
    queued = Mail.objects.filter(state=Mail.State.QUEUED).aggregate(oldest=Min("created_at"))["oldest"]
    heartbeat = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    webhook = webhook_health()
    return {
        "worker_heartbeat_age": _age(heartbeat),
        "oldest_queued_mail_age": _age(queued),
        "failed_mails": Mail.objects.filter(state=Mail.State.FAILED).count(),
        "last_webhook_age": _age(webhook.last_accepted_at),
        "failed_events": webhook.failed,
    }


def _age(moment: datetime | None) -> int | None:
    return int((timezone.now() - moment).total_seconds()) if moment else None
