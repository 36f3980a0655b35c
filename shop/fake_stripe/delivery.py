"""Deliver events: signed, retried for three days of the clock, and never while the store's lock is held."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from . import events, timers
from .resources import show
from .sending import ANSWER_WITHIN, send
from .store import Document, Store
from .webhook_faults import NO_FAULT, WebhookFault, WebhookFaults

#: Seconds to the next attempt, by the clock; the last is repeated until KEPT_TRYING is over.
RETRY_DELAYS = (10, 60, 300, 1800, 7200, 18_000, 36_000, 43_200)
KEPT_TRYING = 3 * 24 * 3600
_THREADS = 8
_TICK = 0.5


class Deliverer:
    """The delivery threads. While held, events are kept back, as in an outage of Stripe's."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.faults = WebhookFaults()
        self._pool = ThreadPoolExecutor(_THREADS, "delivery")
        self._changed = threading.Condition()
        self._in_flight: set[str] = set()
        self._held = False
        self._stopping = False
        self._dispatcher = threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)

    def start(self) -> None:
        """Begin to deliver what is due, also what a previous run left."""
        self._dispatcher.start()

    def stop(self) -> None:
        """End the threads; what is not delivered stays due."""
        self._stopping = True
        self._store.changed.set()
        self._dispatcher.join(5)
        self._pool.shutdown(wait=False, cancel_futures=True)

    @property
    def held(self) -> bool:
        """Whether deliveries are kept back."""
        return self._held

    def hold(self, held: bool) -> None:
        """Keep deliveries back, or let them go."""
        self._held = held
        self._store.changed.set()

    def wait(self, delivery_ids: list[str], seconds: float) -> None:
        """Wait, at most `seconds`, until each of these was tried once; not for those held or kept back."""
        end = time.monotonic() + seconds
        with self._changed:
            while not self._held and not self._tried(delivery_ids) and time.monotonic() < end:
                self._changed.wait(0.1)

    def _tried(self, delivery_ids: list[str]) -> bool:
        found = [self._store.find(delivery_id, "delivery") for delivery_id in delivery_ids]
        soon = self._store.now() + _TICK
        return not any(
            item
            and item["state"] == "pending"
            and not item["attempts"]
            and (item["_due"] or soon + 1) <= soon
            for item in found
        )

    def settle(self, seconds: float) -> None:
        """Wait, at most `seconds`, until nothing is on its way."""
        with self._changed:
            self._changed.wait_for(lambda: not self._in_flight, seconds)

    def flush(self, order: list[str] | None = None) -> list[Document]:
        """Try every undelivered one now, whatever its time; return how each fared.

        `order` names event types or ids: then only those are tried, in this order, one after another.
        """
        waiting = [item for item in reversed(self._store.newest("delivery")) if item["state"] == "pending"]
        chosen = waiting if order is None else [one for name in order for one in waiting if _is(one, name)]
        ours = [item["id"] for item in chosen if self._claim(item["id"])]
        with ThreadPoolExecutor(_THREADS if order is None else 1) as pool:
            list(pool.map(self._attempt, ours))
        self.wait([item["id"] for item in chosen], ANSWER_WITHIN)
        return [self._store.find(item["id"], "delivery") or item for item in chosen]

    def redeliver(self, event_id: str, times: int, parallel: bool) -> list[int]:
        """Send an event again to each endpoint that wants it; automatic retries go on all the same."""
        event = self._store.find(event_id, "event")
        if event is None:
            return []
        wanting = [
            item for item in self._store.newest("webhook_endpoint") if events.wants(item, event["type"])
        ]
        shown = show(self._store, event)
        with ThreadPoolExecutor(times if parallel else 1) as pool:
            sends = [pool.submit(send, shown, endpoint) for endpoint in wanting for _ in range(times)]
            return [send.result() for send in sends]

    # -- threads

    def _dispatch(self) -> None:
        while not self._stopping:
            self._store.changed.wait(_TICK)
            self._store.changed.clear()
            if self._stopping:
                return
            timers.run_due(self._store)
            if not self._held:
                self._submit_due()

    def _submit_due(self) -> None:
        for delivery in self._store.due("delivery", self._store.now()):
            if self._claim(delivery["id"]):
                self._pool.submit(self._attempt, delivery["id"])

    def _claim(self, delivery_id: str) -> bool:
        with self._changed:
            if self._stopping or delivery_id in self._in_flight:
                return False
            self._in_flight.add(delivery_id)
            return True

    def _attempt(self, delivery_id: str) -> None:
        try:
            delivery = self._store.find(delivery_id, "delivery")
            if delivery is not None and delivery["state"] == "pending":
                self._go(delivery)
        finally:
            with self._changed:
                self._in_flight.discard(delivery_id)
                self._changed.notify_all()

    def _go(self, delivery: Document) -> None:
        """Send, unless a fault has other plans."""
        first = not delivery["attempts"] and not delivery.get("_planned")
        fault = self.faults.take(delivery["type"], first)
        if fault is not NO_FAULT and fault.twin:
            with self._store.transaction():
                events.twin(self._store, delivery["event"])
        if fault.drop:
            self._postpone(delivery, None, "dropped")
        elif fault.delay:
            self._postpone(delivery, self._store.now() + fault.delay)
        elif fault.reorder:
            self._postpone(delivery, None)
            for kept in self.faults.keep(fault, delivery["id"]):
                self._attempt(kept)
        else:
            self._record(delivery, self._try(delivery, fault))

    def _postpone(self, delivery: Document, due: float | None, state: str = "pending") -> None:
        with self._store.transaction():
            self._store.put("delivery", delivery | {"_due": due, "_planned": True, "state": state})

    def _try(self, delivery: Document, fault: WebhookFault) -> int | None:
        event = self._store.find(delivery["event"], "event")
        endpoint = self._store.find(delivery["endpoint"], "webhook_endpoint")
        if event is None or endpoint is None or endpoint["status"] != "enabled":
            return None
        return send(show(self._store, event), endpoint, fault)

    def _record(self, delivery: Document, status: int | None) -> None:
        """Write how an attempt ended; `status` is None when there is no endpoint any more."""
        now = self._store.now()
        delay = RETRY_DELAYS[min(delivery["attempts"], len(RETRY_DELAYS) - 1)]
        delivery |= {"attempts": delivery["attempts"] + 1, "status": status, "_due": None}
        if status is not None and 200 <= status < 300:
            delivery["state"] = "delivered"
        elif status is None or now + delay > delivery["created"] + KEPT_TRYING:
            delivery["state"] = "failed"
        else:
            delivery["_due"] = now + delay
        with self._store.transaction():
            if self._store.find(delivery["id"]):
                self._store.put("delivery", delivery)


def _is(delivery: Document, name: str) -> bool:
    return name in (delivery["event"], delivery["type"])
