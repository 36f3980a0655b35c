"""Control actions on webhooks: hold, release, order, repeat, spoil."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from . import webhooks
from .delivery import Deliverer
from .resources import get
from .store import Document, Store

Action = Callable[..., Any]


def actions(store: Store, deliverer: Deliverer) -> dict[str, Action]:
    """Return the actions by method and address."""
    found = _Actions(store, deliverer)
    return {
        "GET webhooks": found.deliveries,
        "POST webhooks/hold": found.hold,
        "POST webhooks/release": found.release,
        "POST webhooks/flush": found.flush,
        "GET webhooks/faults": found.faults,
        "POST webhooks/faults": found.add_fault,
        "DELETE webhooks/faults": found.clear_faults,
        "POST webhook_endpoints/{id}/roll": found.roll,
        "POST events/{id}/redeliver": found.redeliver,
    }


class _Actions:
    def __init__(self, store: Store, deliverer: Deliverer) -> None:
        self._store, self._deliverer = store, deliverer

    def deliveries(self) -> Document:
        """Return every delivery, oldest first."""
        found = [_shown(delivery) for delivery in reversed(self._store.newest("delivery"))]
        return {"held": self._deliverer.held, "deliveries": found}

    def hold(self) -> Document:
        """Keep deliveries back."""
        self._deliverer.hold(True)
        return self.deliveries()

    def release(self) -> Document:
        """Let deliveries go."""
        self._deliverer.hold(False)
        return self.deliveries()

    def flush(self, order: list[str] | None = None) -> list[Document]:
        """Try undelivered ones now: all, or those named in `order`, one after another."""
        return [_shown(delivery) for delivery in self._deliverer.flush(order)]

    def faults(self) -> list[Document]:
        """Return the webhook faults still to come."""
        return self._deliverer.faults.waiting()

    def add_fault(self, **fields: Any) -> Document:
        """Add a webhook fault."""
        return asdict(self._deliverer.faults.add(fields))

    def clear_faults(self) -> list[Document]:
        """Forget the webhook faults still to come."""
        self._deliverer.faults.clear()
        return []

    def roll(self, endpoint_id: str, keep_old: bool = True) -> Document:
        """Give an endpoint a new secret."""
        with self._store.transaction():
            return {"secret": webhooks.roll(self._store, endpoint_id, keep_old)}

    def redeliver(self, event_id: str, times: int = 1, parallel: bool = False) -> Document:
        """Send an event again, as by hand."""
        get(self._store, "event", event_id)
        return {"statuses": self._deliverer.redeliver(event_id, times, parallel)}


def _shown(delivery: Document) -> Document:
    return {name: value for name, value in delivery.items() if name not in ("_parent", "_planned")}
