"""One API call: log in, find the endpoint, obey the idempotency key, go wrong if told to."""

import base64
import binascii
import threading
from dataclasses import dataclass, field
from typing import Any

from . import (
    account,
    balance,
    customers,
    dispute_api,
    events,
    forms,
    fraud_warnings,
    invoices,
    payments,
    portal,
    refunds,
    reviews,
    sessions,
    subscription_api,
    timers,
    webhooks,
)
from .errors import ApiError
from .events import CAUSE
from .faults import NO_FAULT, Fault, Faults
from .idempotency import Keys, check_key, fingerprint
from .ids import new_id
from .resources import API_VERSION, expand
from .routing import Route
from .store import Store
from .validation import parameters

ROUTES: list[Route] = [
    *sessions.ROUTES,
    *payments.ROUTES,
    *refunds.ROUTES,
    *dispute_api.ROUTES,
    *fraud_warnings.ROUTES,
    *reviews.ROUTES,
    *balance.ROUTES,
    *customers.ROUTES,
    *subscription_api.ROUTES,
    *invoices.ROUTES,
    *portal.ROUTES,
    *events.ROUTES,
    *webhooks.ROUTES,
    *account.ROUTES,
]


@dataclass
class Call:
    """A request: headers by lower-case name, text still encoded."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    id: str = field(default_factory=lambda: new_id("req"))
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str | None:
        """The idempotency key, which only POST has."""
        return self.headers.get("idempotency-key") if self.method == "POST" else None


@dataclass
class Answer:
    """A status, a JSON body and what is special about the answer."""

    status: int
    body: Any
    replayed: bool = False


_LOST = Answer(0, None)


@dataclass
class _Job:
    call: Call
    route: Route
    ids: tuple[str, ...]
    fault: Fault


class Api:
    """Answers calls under /v1/ and remembers each."""

    def __init__(self, store: Store, faults: Faults, stopping: threading.Event) -> None:
        self._store, self._faults, self._stopping = store, faults, stopping
        self._keys = Keys(store)

    def handle(self, call: Call) -> Answer:
        """Return the answer to a call; raise ConnectionCut when a fault says there is none."""
        fault = self._faults.take(call.method, call.path)
        answer = self._told(call, fault)
        if fault.loses("after"):
            answer = _LOST
        self._log(call, answer, fault)
        if answer is _LOST:
            fault.never_answer(self._stopping)
        return answer

    def _told(self, call: Call, fault: Fault) -> Answer:
        try:
            answer = self._answer(call, fault)
        except ApiError as error:
            return Answer(error.status, error.body())
        if fault.answer and answer.status == 200:
            answer.body = answer.body | fault.answer
        return answer

    def headers(self, call: Call, answer: Answer) -> dict[str, str]:
        """Return Stripe's own headers of an answer."""
        found = {"Request-Id": call.id, "Stripe-Version": call.headers.get("stripe-version") or API_VERSION}
        if call.key:
            found |= {"Idempotency-Key": call.key, "Original-Request": call.id}
        if answer.replayed:
            found["Idempotent-Replayed"] = "true"
        return found

    def _answer(self, call: Call, fault: Fault) -> Answer:
        _authenticate(call.headers.get("authorization", ""))
        call.params = forms.decode(call.query) | forms.decode(call.body)
        if fault.loses("before"):
            return _LOST
        job = _Job(call, *_find(call), fault)
        timers.run_due(self._store)
        if call.key is None:
            fault.before(self._stopping)
            return Answer(200, self._run(job, self._checked(job)))
        check_key(call.key)
        with self._keys.using(call.key):
            return self._once(job, call.key, fingerprint(call.method, call.path, call.params))

    def _once(self, job: _Job, key: str, print_: str) -> Answer:
        """Run a call that has a key, unless its answer is kept."""
        kept = self._keys.kept(key, print_)
        if kept is not None:
            job.fault.before(self._stopping)
            return Answer(kept["status"], kept["body"], replayed=True)
        params = self._checked(job)
        try:
            job.fault.before(self._stopping)
            return Answer(200, self._run(job, params, (key, print_)))
        except ApiError as error:
            if error.stored:
                with self._store.transaction():
                    self._keys.keep(key, print_, error.status, error.body())
            raise

    def _checked(self, job: _Job) -> dict[str, Any]:
        """Return the parameters, converted; their errors are never kept by a key."""
        params = parameters(job.call.params, job.route.rules, job.route.required)
        if job.route.check:
            job.route.check(self._store, params)
        return params

    def _run(self, job: _Job, params: dict[str, Any], keep: tuple[str, str] | None = None) -> Any:
        """Do the work and keep its answer in one transaction; then, if told to, fail."""
        cause = CAUSE.set((job.call.id, job.call.key))
        try:
            with self._store.transaction():
                body = job.route.run(self._store, params, *job.ids)
                expand(self._store, body, params.get("expand", []))
                if keep:
                    self._keys.keep(*keep, 200, body)
        finally:
            CAUSE.reset(cause)
        if job.fault.after and job.fault.status:
            raise job.fault.error()
        return body

    def _log(self, call: Call, answer: Answer, fault: Fault) -> None:
        seen = {
            "id": call.id,
            "at": self._store.now(),
            "method": call.method,
            "path": call.path,
            "params": call.params,
            "idempotency_key": call.key,
            "stripe_version": call.headers.get("stripe-version"),
            "status": answer.status,
            "replayed": answer.replayed,
            "fault": fault is not NO_FAULT,
            "answer": answer.body,
        }
        with self._store.transaction():
            self._store.put("request", seen)


def _find(call: Call) -> tuple[Route, tuple[str, ...]]:
    for route in ROUTES:
        ids = route.match(call.method, call.path)
        if ids is not None:
            return route, ids
    raise ApiError(
        f"Unrecognized request URL ({call.method}: {call.path}). Please see https://stripe.com/docs or we "
        "can help at "
        "https://support.stripe.com/.",
        status=404,
        stored=False,
    )


def _authenticate(header: str) -> None:
    """Accept any test key, as a bearer token or the user name of basic authentication."""
    scheme, _, credentials = header.partition(" ")
    key = _user_name(credentials) if scheme.lower() == "basic" else credentials.strip()
    if not key:
        raise _unauthorised(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using "
            "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if not key.startswith(("sk_test_", "rk_test_")):
        raise _unauthorised(
            f"Invalid API Key provided: {key[:8]}****. This local stand-in takes test keys only."
        )


def _user_name(credentials: str) -> str:
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _unauthorised(message: str) -> ApiError:
    return ApiError(message, status=401, stored=False)
