"""A delayed method (Bacs Direct Debit): the session completes unpaid, the money comes, or not, days later."""

from . import payments, timers
from .cards import BACS_ACCOUNTS
from .events import emit
from .ids import random_text
from .resources import get
from .sessions import KIND
from .store import Document, Store

TAKES = 3 * 24 * 3600


def begin(store: Store, intent: Document, billing: Document, session: Document, account_number: str) -> None:
    """Start a debit of the session's intent; the clock decides it, as the account's number says."""
    bacs = {
        "expected_debit_date": None,
        "fingerprint": random_text(16),
        "last4": account_number[-4:],
        "mandate": None,
        "sort_code": "108800",
    }
    charge = payments.new_charge(store, intent, billing, {"type": "bacs_debit", "bacs_debit": bacs})
    charge |= {"status": "pending", "paid": False, "captured": False, "amount_captured": 0, "outcome": None}
    intent |= {
        "status": "processing",
        "latest_charge": charge["id"],
        "payment_method": charge["payment_method"],
    }
    store.save(charge)
    store.save(intent)
    debit = {"id": f"debit_{session['id']}", "session": session["id"], "good": BACS_ACCOUNTS[account_number]}
    store.put("debit", debit | {"_due": store.now() + TAKES})
    emit(store, "charge.pending", charge)
    emit(store, "payment_intent.processing", intent)


def settle(store: Store, session_id: str, good: bool) -> bool:
    """Decide a debit now; False when there is none. Needs the store's transaction."""
    debit = store.find(f"debit_{session_id}", "debit")
    if debit is None:
        return False
    store.remove(debit["id"])
    session = get(store, KIND, session_id)
    intent = get(store, payments.INTENT, session["payment_intent"])
    charge = get(store, payments.CHARGE, intent["latest_charge"])
    (_succeed if good else _fail)(store, session, intent, charge)
    return True


def _succeed(store: Store, session: Document, intent: Document, charge: Document) -> None:
    payments.succeed(store, intent, charge)
    session["payment_status"] = "paid"
    store.save(session)
    emit(store, "checkout.session.async_payment_succeeded", session)


def _fail(store: Store, session: Document, intent: Document, charge: Document) -> None:
    message = "The customer's bank account could not be debited."
    charge |= {"status": "failed", "failure_code": "debit_not_authorized", "failure_message": message}
    error = {"charge": charge["id"], "code": "debit_not_authorized", "message": message, "type": "card_error"}
    payments.fail(store, intent, charge, error | {"decline_code": None})
    emit(store, "checkout.session.async_payment_failed", session)


def _settle_due(store: Store) -> None:
    for debit in store.due("debit", store.now()):
        settle(store, debit["session"], debit["good"])


timers.TIMERS.append(_settle_due)
