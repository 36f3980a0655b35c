"""Webhook faults asked for by the control API: the next events that match arrive wrong, late, twice or never."""

import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from .store import Document


@dataclass
class WebhookFault:
    """What goes wrong with `count` deliveries of `type` (which may end in `*`).

    What is planned, at an event's first delivery: `drop` never sends it (it is listed as undelivered); `delay`
    sends it so many seconds later by the clock; `times` sends it so often, one after another or `parallel`;
    `twin` tells the same thing again as another event with its own id; `reorder` keeps the next `count` back
    and sends them, when all are there, in reverse order, one after another.

    What is altered, at every attempt: `wrong_signature`; `secret` signs with this one only, as after a
    rotation the store has not heard of; `age` makes the signature so many seconds old (negative: from the
    future); `api_version` renders the event at another version, its object `without` some fields (dotted
    names); `livemode` is set; `change` overwrites fields of the object.
    """

    type: str = "*"
    count: int = 1
    drop: bool = False
    delay: float = 0
    times: int = 1
    parallel: bool = False
    twin: bool = False
    reorder: bool = False
    wrong_signature: bool = False
    secret: str = ""
    age: int = 0
    api_version: str = ""
    without: list[str] = field(default_factory=list)
    livemode: bool | None = None
    change: dict[str, Any] = field(default_factory=dict)
    #: Deliveries kept back by `reorder` so far.
    kept: list[str] = field(default_factory=list)

    @property
    def plans(self) -> bool:
        """Return whether it is met at the first delivery only."""
        return self.drop or self.twin or self.reorder or self.delay > 0 or self.times > 1

    def fits(self, kind: str) -> bool:
        """Return whether it is meant for events of this type."""
        return kind.startswith(self.type[:-1]) if self.type.endswith("*") else kind == self.type

    def altered(self, event: Document) -> Document:
        """Return the event as it is sent."""
        about = {**event["data"]["object"], **self.change}
        for path in self.without:
            _remove(about, path.split("."))
        changed = {**event, "data": {**event["data"], "object": about}}
        if self.api_version:
            changed["api_version"] = self.api_version
        if self.livemode is not None:
            changed["livemode"] = self.livemode
        return changed


def _remove(node: Any, names: list[str]) -> None:
    for name in names[:-1]:
        node = node.get(name) if isinstance(node, dict) else None
    if isinstance(node, dict):
        node.pop(names[-1], None)


NO_FAULT = WebhookFault()


class WebhookFaults:
    """The faults still to come, first asked first met; kept in memory, so a restart has none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[WebhookFault] = []

    def add(self, fields: dict[str, Any]) -> WebhookFault:
        """Add a fault; raise ValueError for names or values that are not a fault's."""
        try:
            fault = WebhookFault(**fields)
        except TypeError as error:
            raise ValueError(str(error)) from error
        if fault.count < 1 or fault.times < 1 or fault.delay < 0:
            raise ValueError("count and times are at least 1, delay is not negative")
        with self._lock:
            self._waiting.append(fault)
        return fault

    def take(self, kind: str, first: bool) -> WebhookFault:
        """Return the fault of this attempt and count it down; NO_FAULT when there is none."""
        with self._lock:
            for fault in self._waiting:
                if fault.fits(kind) and (first or not fault.plans):
                    fault.count -= 1
                    if fault.count <= 0:
                        self._waiting.remove(fault)
                    return fault
        return NO_FAULT

    def keep(self, fault: WebhookFault, delivery_id: str) -> list[str]:
        """Keep a delivery back; return all kept ones, last first, once the last is there."""
        with self._lock:
            fault.kept.append(delivery_id)
            return fault.kept[::-1] if fault.count <= 0 else []

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Document]:
        """Return the faults still to come."""
        with self._lock:
            return [asdict(fault) for fault in self._waiting]
