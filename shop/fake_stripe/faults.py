"""Faults asked for by the control API: the next calls that match go wrong in a chosen way."""

import re
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from .errors import ApiError

_STATUSES = {
    400: ("invalid_request_error", None, "This request was made to fail."),
    401: ("invalid_request_error", None, "Invalid API Key provided."),
    402: ("card_error", "card_declined", "Your card was declined."),
    403: ("invalid_request_error", None, "This API key may not do that."),
    409: ("invalid_request_error", "lock_timeout", "This object cannot be accessed right now."),
    429: ("invalid_request_error", "rate_limit", "Too many requests hit the API too quickly."),
}
_STORED_BY_DEFAULT = 500
HANG_SECONDS = 120


class ConnectionCut(Exception):
    """The connection is closed without an answer."""


@dataclass
class Fault:
    """What goes wrong, how often, and where.

    `path` is a regular expression matched from the start of the path (so a plain prefix does, `$` ends it,
    and `.*/expire` finds one action). In order: `cut: before` or `hang: before` lose the call on its way;
    then wait `delay` seconds while the call holds its idempotency key; `status` answers an error instead
    (`stored`: the key keeps it, as Stripe keeps 500s; `after`: the work was done all the same); `cut: after`
    or `hang: after` do the work and lose the answer; `answer` overwrites fields of the answer, as
    `{"amount_total": 1}`.
    """

    path: str = "/v1/"
    method: str = ""
    count: int = 1
    delay: float = 0
    status: int = 0
    message: str = ""
    code: str = ""
    stored: bool | None = None
    after: bool = False
    cut: str = ""
    hang: str = ""
    answer: dict[str, Any] = field(default_factory=dict)

    def before(self, stopping: threading.Event) -> None:
        """Go wrong before the work."""
        if self.delay and stopping.wait(self.delay):
            raise ConnectionCut
        if self.status and not self.after:
            raise self.error()

    def loses(self, moment: str) -> bool:
        """Return whether the call (before) or its answer (after) is lost."""
        return moment in (self.cut, self.hang)

    def never_answer(self, stopping: threading.Event) -> None:
        """Close the connection without an answer, at once or after a long silence."""
        if self.hang:
            stopping.wait(HANG_SECONDS)
        raise ConnectionCut

    def error(self) -> ApiError:
        """Return the error that is answered."""
        kind, code, message = _STATUSES.get(self.status, ("api_error", None, "An unknown error occurred."))
        stored = self.status == _STORED_BY_DEFAULT if self.stored is None else self.stored
        return ApiError(
            self.message or message, status=self.status, kind=kind, code=self.code or code, stored=stored
        )


NO_FAULT = Fault()


class Faults:
    """The faults still to come, first asked first done; kept in memory, so a restart has none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fields: dict[str, Any]) -> Fault:
        """Add a fault; raise ValueError for names or values that are not a fault's."""
        try:
            fault = Fault(**fields)
            re.compile(fault.path)
        except (TypeError, re.error) as error:
            raise ValueError(str(error)) from error
        if fault.cut not in ("", "before", "after") or fault.hang not in ("", "before", "after"):
            raise ValueError("cut and hang are 'before' or 'after'")
        with self._lock:
            self._waiting.append(fault)
        return fault

    def take(self, method: str, path: str) -> Fault:
        """Return the fault of this call and count it down; NO_FAULT when there is none."""
        with self._lock:
            for fault in self._waiting:
                if fault.method in ("", method) and re.match(fault.path, path):
                    fault.count -= 1
                    if fault.count <= 0:
                        self._waiting.remove(fault)
                    return fault
        return NO_FAULT

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[dict[str, Any]]:
        """Return the faults still to come."""
        with self._lock:
            return [asdict(fault) for fault in self._waiting]
