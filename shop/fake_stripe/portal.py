"""The billing portal: a session over the API, and a hosted page where a customer ends a subscription."""

from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from typing import Any

from . import html, timers
from .errors import invalid
from .ids import new_id, random_text
from .money import written
from .places import LOCALES
from .resources import referenced, show
from .routing import Route
from .store import Document, Store
from .subscriptions import KIND as SUBSCRIPTION
from .subscriptions import end_at_period_end
from .validation import EXPAND, Rule, choice, fields, missing, text, unsupported, url

KIND = "billing_portal.session"


def _create(store: Store, params: dict[str, Any]) -> Document:
    referenced(store, "customer", params["customer"], "customer")
    session = {
        "id": new_id("bps"),
        "object": KIND,
        "configuration": "bpc_1LocalStandInPortal",
        "created": store.today(),
        "customer": params["customer"],
        "customer_account": None,
        "flow": _flow(store, params),
        "livemode": False,
        "locale": params.get("locale"),
        "on_behalf_of": None,
        "return_url": params.get("return_url"),
        "url": f"{store.base_url}/p/session/test_{random_text(40)}",
    }
    session["_parent"] = session["url"]
    store.save(session)
    return show(store, session)


def _flow(store: Store, params: dict[str, Any]) -> Document | None:
    """Return the one thing the page is for, when it is not the whole portal."""
    asked = params.get("flow_data")
    if asked is None:
        return None
    name = "flow_data[subscription_cancel][subscription]"
    if "subscription_cancel" not in asked:
        raise missing(name)
    subscription = referenced(store, SUBSCRIPTION, asked["subscription_cancel"]["subscription"], name)
    if subscription["customer"] != params["customer"] or subscription["status"] == "canceled":
        raise invalid("This subscription cannot be cancelled by this customer.", name)
    after = asked.get("after_completion", {"type": "portal_homepage"})
    done = {"hosted_confirmation": None, "redirect": after.get("redirect"), "type": after["type"]}
    return {
        "after_completion": done,
        "subscription_cancel": {"retention": None, "subscription": subscription["id"]},
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": "subscription_cancel",
    }


def find(store: Store, address: str) -> Document | None:
    """Return the portal session whose page is at this address."""
    timers.run_due(store)
    return next(iter(store.children(KIND, address)), None)


def act(store: Store, session: Document, data: Mapping[str, str]) -> str | None:
    """End a subscription with its paid period, or let it go on; return where the browser goes, if away.

    Subscriptions of others, and those already over, are left alone.
    """
    with store.transaction():
        wanted = "cancel" in data
        chosen = data.get("cancel") or data.get("renew") or ""
        if chosen not in [item["id"] for item in _running(store, session)]:
            return None
        end_at_period_end(store, chosen, wanted)
    redirect = (session["flow"] or {}).get("after_completion", {}).get("redirect")
    return str(redirect["return_url"]) if redirect and wanted else None


def _running(store: Store, session: Document) -> list[Document]:
    only = (session["flow"] or {}).get("subscription_cancel", {}).get("subscription")
    return [
        item
        for item in store.newest(SUBSCRIPTION)
        if item["customer"] == session["customer"]
        and item["status"] != "canceled"
        and only in (None, item["id"])
    ]


def render(store: Store, session: Document) -> str:
    """Return the page: each running subscription with its button."""
    shown = "\n".join(_entry(item) for item in _running(store, session))
    back = session["return_url"]
    link = f'<p><a class="back" href="{escape(back)}">← Back to the store</a></p>' if back else ""
    return html.page(
        "Your subscriptions",
        f"{link}\n<h1>Your subscriptions</h1>\n{shown or '<p>You have no running subscription.</p>'}",
    )


def _entry(subscription: Document) -> str:
    item = subscription["items"]["data"][0]
    price = item["price"]
    amount = written(price["unit_amount"] * item["quantity"], price["currency"])
    every, count = price["recurring"]["interval"], price["recurring"]["interval_count"]
    often = f"every {every}" if count == 1 else f"every {count} {every}s"
    day = _day(item["current_period_end"])
    ending = subscription["cancel_at_period_end"]
    name, label = ("renew", "Do not cancel") if ending else ("cancel", "Cancel subscription")
    when = f"Ends on {day}." if ending else f"The next payment is on {day}."
    return (
        f'<form method="post"><p><strong>{escape(amount)}</strong> {often}. {when}</p>'
        f'<button type="submit" class="button" name="{name}" value="{subscription["id"]}">{label}</button></form>'
    )


def _day(moment: int) -> str:
    day = datetime.fromtimestamp(moment, UTC)
    return f"{day.day} {day:%B %Y}"


_FLOW = fields(
    ("type",),
    type=choice("subscription_cancel"),
    after_completion=fields(
        ("type",),
        type=choice("portal_homepage", "redirect"),
        redirect=fields(("return_url",), return_url=url),
        hosted_confirmation=unsupported,
    ),
    subscription_cancel=fields(("subscription",), subscription=text(), retention=unsupported),
)
_CREATE: dict[str, Rule] = {
    "configuration": unsupported,
    "customer": text(),
    "expand": EXPAND,
    "flow_data": _FLOW,
    "locale": choice(*LOCALES),
    "return_url": url,
}

ROUTES = [Route("POST", "/v1/billing_portal/sessions", _CREATE, _create, required=("customer",))]
