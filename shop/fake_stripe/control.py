"""The control API under /_control/ (JSON): move time, pay without a browser, cause faults, look."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from . import checkout, control_payments, control_webhooks, delayed, deviations, sessions, timers
from .checkout import Outcome
from .delivery import Deliverer
from .errors import ApiError, BadRequest
from .faults import Faults
from .pages import WAIT_FOR_ANSWER
from .resources import get, show
from .sessions import KIND
from .store import Document, Store

#: What `pay` types when it is not told.
TYPED = {
    "email": "shopper@example.com",
    "name": "Alex Shopper",
    "line1": "1 High Street",
    "line2": "",
    "city": "London",
    "state": "",
    "postal_code": "N1 9GU",
    "phone": "+44 20 7946 0000",
    "method": "card",
    "card": "4242 4242 4242 4242",
    "expiry": "12 / 40",
    "cvc": "123",
    "sort_code": "108800",
    "account_number": "00012345",
}
DECLINED_CARD = "4000 0000 0000 0002"


Action = Callable[..., Any]


class Control:
    """Answers /_control/; every action takes the JSON body's fields and the ids of its address."""

    def __init__(self, store: Store, deliverer: Deliverer, faults: Faults) -> None:
        self._store, self._deliverer, self._faults = store, deliverer, faults
        actions: dict[str, Action] = {
            "GET clock": self._clock,
            "POST clock": self._set_clock,
            "GET log": self._log,
            "GET requests": self._requests,
            "GET faults": self._list_faults,
            "POST faults": self._add_fault,
            "DELETE faults": self._clear_faults,
            "POST sessions/{id}/pay": self._pay,
            "POST sessions/{id}/decline": self._decline,
            "POST sessions/{id}/confirm": self._confirm,
            "POST sessions/{id}/expire": self._expire,
            "POST sessions/{id}/settle": self._settle,
            "POST split": self._split,
            "POST reset": self._reset,
            **control_payments.actions(store),
            **control_webhooks.actions(store, deliverer),
        }
        self._actions = [
            (re.compile(f"{key.replace('{id}', '([^/]+)')}\\Z"), action) for key, action in actions.items()
        ]

    def handle(self, method: str, path: str, body: str) -> tuple[int, Any]:
        """Return the status and JSON answer of a control request."""
        name = f"{method} {path.removeprefix('/_control/').rstrip('/')}"
        for pattern, action in self._actions:
            match = pattern.match(name)
            if match:
                return self._perform(action, match.groups(), body)
        return 404, {"error": f"There is no control action {name}."}

    def _perform(self, action: Action, ids: tuple[str, ...], body: str) -> tuple[int, Any]:
        try:
            fields = json.loads(body) if body.strip() else {}
            if not isinstance(fields, dict):
                raise BadRequest("The body must be a JSON object.")
            return 200, action(*ids, **fields)
        except ApiError as error:
            return error.status, {"error": error.message}
        except (BadRequest, ValueError, TypeError) as error:
            return 400, {"error": str(error)}

    # -- clock

    def _clock(self) -> Document:
        return {"now": self._store.now(), "offset": self._store.offset()}

    def _set_clock(self, advance: float = 0, offset: float | None = None) -> Document:
        """Advance by seconds, or set how far the clock is ahead; what becomes due happens at once."""
        base = self._store.offset() if offset is None else float(offset)
        self._store.set_offset(base + float(advance))
        timers.run_due(self._store)
        return self._clock()

    # -- what was seen

    def _log(self) -> Document:
        happened = [show(self._store, event) for event in reversed(self._store.newest("event"))]
        return {
            "requests": list(reversed(self._store.newest("request"))),
            "events": happened,
            "deviations": deviations.allowed(self._store),
        }

    def _requests(self) -> list[Document]:
        found: list[Document] = self._log()["requests"]
        return [{name: value for name, value in seen.items() if name != "answer"} for seen in found]

    # -- faults

    def _list_faults(self) -> list[Document]:
        return self._faults.waiting()

    def _add_fault(self, **fields: Any) -> Document:
        return asdict(self._faults.add(fields))

    def _clear_faults(self) -> list[Document]:
        self._faults.clear()
        return []

    # -- sessions

    def _pay(self, session_id: str, wait: bool = True, **typed: Any) -> Document:
        """Pay as the page would; with `wait`, answer when the store has answered the webhook."""
        unknown = set(typed) - set(TYPED) - {"country"}
        if unknown:
            raise BadRequest(f"The payment page has no field {', '.join(sorted(unknown))}.")
        session = checkout.look(self._store, session_id)
        collection = session["shipping_address_collection"]
        country = {"country": collection["allowed_countries"][0]} if collection else {}
        outcome = checkout.pay(self._store, session_id, TYPED | country | typed, any_country=True)
        return self._told(outcome, wait)

    def _decline(self, session_id: str, **typed: Any) -> Document:
        return self._pay(session_id, **{"card": DECLINED_CARD, **typed})

    def _confirm(self, session_id: str, confirmed: bool = True, wait: bool = True) -> Document:
        return self._told(checkout.confirm(self._store, session_id, confirmed), wait)

    def _told(self, outcome: Outcome, wait: bool) -> Document:
        if wait:
            self._deliverer.wait(outcome.deliveries, WAIT_FOR_ANSWER)
        return {
            "outcome": outcome.kind,
            "message": outcome.message,
            "decline_code": outcome.decline_code,
            "errors": outcome.errors,
            "redirect_url": outcome.redirect_url,
            "session": show(self._store, outcome.session),
        }

    def _expire(self, session_id: str) -> Document:
        with self._store.transaction():
            session = get(self._store, KIND, session_id)
            if session["status"] == "open":
                sessions.expire(self._store, session)
            return show(self._store, session)

    def _settle(self, session_id: str, good: bool = True) -> Document:
        """Decide a delayed payment now."""
        with self._store.transaction():
            if not delayed.settle(self._store, session_id, good):
                raise BadRequest(f"The session {session_id} has no delayed payment to settle.")
            return show(self._store, get(self._store, KIND, session_id))

    def _split(self, seconds: float = 0) -> Document:
        """Negative control: with seconds above 0, paying checks first and writes so much later, unlocked."""
        self._store.split_seconds = float(seconds)
        return {"seconds": self._store.split_seconds}

    def _reset(self) -> Document:
        """Forget everything but the webhook endpoints; the clock is the machine's again."""
        self._store.split_seconds = 0.0
        self._faults.clear()
        self._deliverer.faults.clear()
        self._deliverer.hold(True)
        self._deliverer.settle(2)
        self._store.clear(keep=("webhook_endpoint",))
        self._deliverer.hold(False)
        return self._clock()
