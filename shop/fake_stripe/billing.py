"""The billing cycle: a subscription's invoice each period, tried again when the card is declined."""

from . import cards, invoices, payments, subscriptions, timers
from .cards import Card
from .events import emit
from .resources import get
from .store import Document, Store

#: Days from one attempt of an invoice to the next; after the last the subscription is cancelled.
RETRY_AFTER = (3 * 24 * 3600, 5 * 24 * 3600, 7 * 24 * 3600)
_NEEDS_BANK = Card(
    "",
    "declined",
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)


def begin(store: Store, session: Document, card: Card) -> None:
    """Start the subscription of a session whose first payment was taken; needs the store's transaction."""
    subscription = subscriptions.begin(store, session, card)
    invoice = invoices.new_invoice(store, subscription, "subscription_create", store.today())
    invoice["_intent"] = session["_intent"]
    subscription["latest_invoice"] = invoice["id"]
    store.save(subscription)
    emit(store, "customer.subscription.created", subscription)
    invoices.mark_paid(store, invoice, store.today())
    session |= {"subscription": subscription["id"], "invoice": invoice["id"]}


def _run_due(store: Store) -> None:
    """Do what periods and retries have become due, one after another as time passed."""
    while due := store.due(subscriptions.KIND, store.now()) + store.due(invoices.KIND, store.now()):
        first = min(due, key=lambda item: float(item["_due"]))
        if first["object"] == subscriptions.KIND:
            _next(store, first)
        else:
            attempt(store, first, int(first["_due"]))


timers.TIMERS.append(_run_due)


def _next(store: Store, subscription: Document) -> None:
    """End a subscription that is to end, else bill its next period."""
    at = int(subscription["_due"])
    if subscription["cancel_at_period_end"]:
        subscriptions.cancel(store, subscription)
        return
    subscriptions.next_period(subscription)
    invoice = invoices.new_invoice(store, subscription, "subscription_cycle", at)
    subscriptions.change(store, subscription, latest_invoice=invoice["id"])
    attempt(store, invoice, at)


def attempt(store: Store, invoice: Document, at: int) -> None:
    """Charge the subscription's card for an open invoice; needs the store's transaction."""
    subscription = get(store, subscriptions.KIND, invoice["_parent"])
    intent = payments.intent_for(store, invoice, subscription["customer"])
    card = cards.CARDS[subscription["_card"]]
    charge = payments.new_charge(store, intent, _billing(store, subscription), payments.method_details(card))
    if card.code or card.verdict == "authenticate":
        _fail(store, invoice, subscription, at)
        reason = card if card.code else _NEEDS_BANK
        payments.decline(store, intent, charge, reason)
        _tell_failure(store, invoice, subscription, reason)
        return
    payments.succeed(store, intent, charge | {"_card": card.number})
    invoices.mark_paid(store, invoice, at)
    if subscription["status"] == "past_due":
        subscriptions.change(store, subscription, status="active")


def _billing(store: Store, subscription: Document) -> Document:
    customer = store.find(subscription["customer"]) or {}
    found = {name: customer.get(name) for name in ("email", "name", "phone")}
    return found | {
        "address": customer.get("address") or dict.fromkeys(("city", "country", "line1", "line2"))
    }


def _fail(store: Store, invoice: Document, subscription: Document, at: int) -> None:
    """Count a failed attempt and plan the next, if there is one and the subscription is not over."""
    tried = invoice["attempt_count"]
    again = tried < len(RETRY_AFTER) and subscription["status"] != "canceled"
    due = at + RETRY_AFTER[tried] if again else None
    invoice |= {"attempt_count": tried + 1, "attempted": True, "next_payment_attempt": due, "_due": due}
    store.save(invoice)


def _tell_failure(store: Store, invoice: Document, subscription: Document, card: Card) -> None:
    emit(store, "invoice.payment_failed", invoice)
    if card is _NEEDS_BANK:
        emit(store, "invoice.payment_action_required", invoice)
    if subscription["status"] == "canceled":
        return
    if invoice["next_payment_attempt"]:
        subscriptions.change(store, subscription, status="past_due")
    else:
        subscriptions.cancel(store, subscription, "payment_failed")
