"""Balance transactions: what each charge, refund and dispute did to the account's money."""

from typing import Any

from .ids import new_id
from .resources import LIST_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .validation import Rule, text

KIND = "balance_transaction"
DISPUTE_FEE = 2000
#: By what is booked: the `type` Stripe shows with the `reporting_category`.
_TYPES = {
    "charge": "charge",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "dispute": "adjustment",
    "dispute_reversal": "adjustment",
}


def book(store: Store, category: str, source: Document, amount: int, fee: int = 0) -> Document:
    """Write that `amount` (minor units, negative when money leaves) moved; needs the store's transaction."""
    details = {"amount": fee, "application": None, "currency": source["currency"], "type": "stripe_fee"}
    entry = {
        "id": new_id("txn"),
        "object": KIND,
        "amount": amount,
        "available_on": store.today(),
        "balance_type": "payments",
        "created": store.today(),
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [details | {"description": f"{category} fee"}] if fee else [],
        "net": amount - fee,
        "reporting_category": category,
        "source": source["id"],
        "status": "available",
        "type": _TYPES[category],
    }
    store.save(entry)
    return entry


def charge_fee(amount: int) -> int:
    """Return what a card payment costs: 1.5 % and 20 minor units, never more than the payment."""
    return min(amount, (amount * 15 + 500) // 1000 + 20)


def _retrieve(store: Store, _params: dict[str, Any], entry_id: str) -> Document:
    return show(store, get(store, KIND, entry_id))


def _list(store: Store, params: dict[str, Any]) -> Document:
    wanted = {name: params[name] for name in ("currency", "source", "type") if name in params}
    found = [
        entry for entry in store.newest(KIND) if all(entry[name] == value for name, value in wanted.items())
    ]
    return page(store, found, params, "/v1/balance_transactions")


_LIST: dict[str, Rule] = LIST_RULES | dict.fromkeys(("currency", "source", "type"), text())

ROUTES = [
    Route("GET", "/v1/balance_transactions", _LIST, _list),
    Route("GET", "/v1/balance_transactions/{id}", RETRIEVE_RULES, _retrieve),
]
