"""The hosted pages: payment (GET shows, POST pays, then back to the store) and the billing portal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from . import checkout, html, portal
from .checkout import Outcome, success_url
from .delivery import Deliverer
from .errors import ApiError
from .sessions import lines
from .store import Document, Store

#: How long the redirect waits for the store's answer to checkout.session.completed.
WAIT_FOR_ANSWER = 10
_ADDRESS = re.compile(r"/c/pay/([^/]+)(/authenticate)?\Z")
_ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path fill="#4338ca" d="M0 0h1v1H0z"/></svg>'
)
_STYLES = (Path(__file__).parent / "page.css").read_bytes()


@dataclass
class Page:
    """An answer for a browser; with `location`, a redirect."""

    status: int
    body: bytes = b""
    kind: str = "text/html; charset=utf-8"
    location: str = ""


class Pages:
    """Answers everything that is neither the API nor the control API."""

    def __init__(self, store: Store, deliverer: Deliverer) -> None:
        self._store, self._deliverer = store, deliverer

    def handle(self, method: str, path: str, body: str) -> Page:
        """Return the page at `path`."""
        if path == "/assets/page.css":
            return Page(200, _STYLES, "text/css; charset=utf-8")
        if path == "/favicon.ico":  # browsers ask by themselves
            return Page(200, _ICON, "image/svg+xml")
        if path.startswith("/p/session/"):
            return self._portal_page(method, path, body)
        match = _ADDRESS.match(path)
        if match is None:
            return _html(html.message_page("Not found", "There is nothing at this address."), 404)
        try:
            return self._session_page(method, match[1], bool(match[2]), body)
        except ApiError:
            return _html(html.message_page("Not found", "There is no such payment."), 404)

    def _session_page(self, method: str, session_id: str, authenticating: bool, body: str) -> Page:
        if method != "POST":
            session = checkout.look(self._store, session_id)
            return self._ended(session) or self._open(session, authenticating)
        data = dict(parse_qsl(body, keep_blank_values=True))
        if authenticating:
            return self._after(
                checkout.confirm(self._store, session_id, data.get("answer") == "complete"), {}
            )
        return self._after(checkout.pay(self._store, session_id, data), data)

    def _portal_page(self, method: str, path: str, body: str) -> Page:
        session = portal.find(self._store, self._store.base_url + path)
        if session is None:
            return _html(html.message_page("Not found", "There is nothing at this address."), 404)
        if method == "POST":
            away = portal.act(self._store, session, dict(parse_qsl(body)))
            return Page(303, location=away or path)
        return _html(portal.render(self._store, session))

    def _open(self, session: Document, authenticating: bool) -> Page:
        if authenticating and session.get("_card"):
            return _html(html.confirm_page(session))
        return self._form(session, {}, {}, "")

    def _form(
        self, session: Document, values: Mapping[str, str], errors: Mapping[str, str], message: str
    ) -> Page:
        items = lines(self._store, session["id"])
        session = session | {"customer_email": checkout.fixed_email(self._store, session)}
        text = html.payment_page(session, items, values, errors, message)
        return _html(text, 422 if errors else 200)

    def _after(self, outcome: Outcome, typed: Mapping[str, str]) -> Page:
        if outcome.kind in ("expired", "complete"):
            return self._ended(outcome.session) or _html("", 500)
        if outcome.kind == "authenticate":
            return Page(303, location=f"/c/pay/{outcome.session['id']}/authenticate")
        if outcome.kind in ("invalid", "declined"):
            return self._form(outcome.session, typed, outcome.errors, outcome.message)
        self._deliverer.wait(outcome.deliveries, WAIT_FOR_ANSWER)
        return Page(303, location=success_url(outcome.session))

    def _ended(self, session: Document) -> Page | None:
        if session["status"] == "expired":
            text = "This payment page has expired. Nothing was charged."
            return _html(html.message_page("Expired", text, session["cancel_url"], "Back to the store"))
        if session["status"] == "complete":
            text = "This order is complete. You cannot pay for it twice."
            return _html(html.message_page("All done", text, success_url(session), "Continue to the store"))
        return None


def _html(text: str, status: int = 200) -> Page:
    return Page(status, text.encode())
