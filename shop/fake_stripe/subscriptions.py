"""Subscriptions: begun by a session, going on from period to period until they are cancelled."""

from . import customers
from .cards import Card
from .events import emit
from .ids import new_id
from .periods import nth_period_start
from .resources import get
from .sessions import lines
from .store import Document, Store
from .validation import merged_metadata

KIND = "subscription"


def begin(store: Store, session: Document, card: Card) -> Document:
    """Return the saved, active subscription of a session that is being paid; needs the store's transaction."""
    now = store.today()
    subscription_id = new_id("sub")
    ordered = lines(store, session["id"])
    recurring = ordered[0]["price"]["recurring"]
    subscription = _frame(session) | {
        "id": subscription_id,
        "billing_cycle_anchor": now,
        "created": now,
        "currency": session["currency"],
        "customer": customers.for_session(store, session),
        "items": {
            "object": "list",
            "data": [_item(subscription_id, line, now) for line in ordered],
            "has_more": False,
            "url": f"/v1/subscription_items?subscription={subscription_id}",
        },
        "start_date": now,
        "status": "active",
        "_card": card.number,
        "_every": [recurring["interval"], recurring["interval_count"]],
        "_period": -1,
    }
    next_period(subscription)
    store.save(subscription)
    return subscription


def _frame(session: Document) -> Document:
    """Return the fields that are always so, or repeat what the session was created with."""
    nothing = (
        "application application_fee_percent billing_cycle_anchor_config billing_thresholds cancel_at "
        "canceled_at customer_account days_until_due default_payment_method default_source ended_at "
        "latest_invoice next_pending_invoice_item_invoice on_behalf_of pause_collection "
        "pending_invoice_item_interval pending_setup_intent pending_update schedule test_clock transfer_data "
        "trial_end trial_start"
    )
    data = session["_subscription_data"]
    return dict.fromkeys(nothing.split()) | {
        "object": KIND,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_mode": {"flexible": None, "type": "flexible"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": dict.fromkeys(("comment", "feedback", "reason")),
        "collection_method": "charge_automatically",
        "default_tax_rates": [],
        "description": data.get("description"),
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "livemode": False,
        "metadata": merged_metadata({}, data.get("metadata", {})),
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
    }


def _item(subscription_id: str, line: Document, now: int) -> Document:
    return {
        "id": new_id("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": now,
        "current_period_end": now,
        "current_period_start": now,
        "discounts": [],
        "metadata": {},
        "plan": _plan(line["price"]),
        "price": line["price"],
        "quantity": line["quantity"],
        "subscription": subscription_id,
        "tax_rates": [],
    }


def _plan(price: Document) -> Document:
    """Return the price in its older shape, which items still carry."""
    same = ("id", "active", "billing_scheme", "created", "currency", "livemode", "metadata", "nickname")
    more = ("product", "tiers_mode")
    return {name: price[name] for name in (*same, *more)} | {
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": price["recurring"]["interval"],
        "interval_count": price["recurring"]["interval_count"],
        "meter": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def next_period(subscription: Document) -> None:
    """Move a subscription, unsaved, to its next period, which is due when it ends."""
    subscription["_period"] += 1
    interval, count = subscription["_every"]
    anchor, number = subscription["billing_cycle_anchor"], subscription["_period"]
    start, end = (nth_period_start(anchor, interval, count, n) for n in (number, number + 1))
    for item in subscription["items"]["data"]:
        item |= {"current_period_start": start, "current_period_end": end}
    subscription["_due"] = end


def change(store: Store, subscription: Document, **changes: object) -> None:
    """Save changed fields and tell them, unless nothing is changed; needs the store's transaction."""
    before = {name: subscription[name] for name, value in changes.items() if subscription[name] != value}
    subscription |= changes
    store.save(subscription)
    if before:
        emit(store, "customer.subscription.updated", subscription, before)


def end_at_period_end(store: Store, subscription_id: str, wanted: bool) -> Document:
    """Let a subscription end with its paid period, or let it go on after all."""
    subscription = get(store, KIND, subscription_id)
    end = subscription["items"]["data"][0]["current_period_end"]
    details = subscription["cancellation_details"] | {"reason": "cancellation_requested" if wanted else None}
    change(
        store,
        subscription,
        cancel_at_period_end=wanted,
        cancel_at=end if wanted else None,
        canceled_at=store.today() if wanted else None,
        cancellation_details=details,
    )
    return subscription


def cancel(store: Store, subscription: Document, reason: str = "cancellation_requested") -> None:
    """End a subscription now; needs the store's transaction."""
    subscription |= {
        "status": "canceled",
        "canceled_at": subscription["canceled_at"] or store.today(),
        "cancellation_details": subscription["cancellation_details"] | {"reason": reason},
        "ended_at": store.today(),
        "_due": None,
    }
    store.save(subscription)
    emit(store, "customer.subscription.deleted", subscription)
