"""Invoices of subscriptions: one a period, paid by the subscription's card."""

from typing import Any

from .events import emit
from .ids import new_id
from .resources import EXPANSIONS, LIST_RULES, RETRIEVE_RULES, get, page, show
from .routing import Route
from .store import Document, Store
from .validation import Rule, choice, fields, text, unsupported

KIND = "invoice"


def new_invoice(store: Store, subscription: Document, reason: str, at: int) -> Document:
    """Write a finalised, unpaid invoice of the subscription's present period; needs the store's transaction."""
    invoice_id, items = new_id("in"), subscription["items"]["data"]
    amount = sum(item["price"]["unit_amount"] * item["quantity"] for item in items)
    customer = store.find(subscription["customer"]) or {}
    period = {"start": items[0]["current_period_start"], "end": items[0]["current_period_end"]}
    invoice = _frame() | {
        "id": invoice_id,
        "amount_due": amount,
        "amount_remaining": amount,
        "billing_reason": reason,
        "created": at,
        "currency": subscription["currency"],
        "customer": subscription["customer"],
        "customer_email": customer.get("email"),
        "customer_name": customer.get("name"),
        "effective_at": at,
        "lines": {
            "object": "list",
            "data": [_line(invoice_id, item, period) for item in items],
            "has_more": False,
            "url": f"/v1/invoices/{invoice_id}/lines",
        },
        "number": f"{invoice_id[-8:].upper()}-{subscription['_period'] + 1:04}",
        "parent": _parent(subscription),
        "period_end": at,
        "period_start": at,
        "status_transitions": _moments(finalized_at=at),
        **dict.fromkeys(("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"), amount),
        "_parent": subscription["id"],
    }
    emit(store, "invoice.created", invoice | {"status": "draft", "status_transitions": _moments()})
    store.save(invoice)
    emit(store, "invoice.finalized", invoice)
    return invoice


def _moments(**known: int) -> Document:
    return dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")) | known


def _parent(subscription: Document) -> Document:
    details = {"metadata": subscription["metadata"], "subscription": subscription["id"]}
    return {"type": "subscription_details", "quote_details": None, "subscription_details": details}


def _frame() -> Document:
    nothing = (
        "account_name account_tax_ids application automatically_finalizes_at custom_fields customer_account "
        "customer_address customer_phone customer_shipping default_payment_method default_source description "
        "due_date ending_balance footer from_invoice hosted_invoice_url invoice_pdf last_finalization_error "
        "latest_revision next_payment_attempt on_behalf_of receipt_number rendering shipping_cost "
        "shipping_details statement_descriptor test_clock webhooks_delivered_at"
    )
    zero = (
        "amount_overpaid amount_paid amount_shipping attempt_count post_payment_credit_notes_amount "
        "pre_payment_credit_notes_amount starting_balance"
    )
    empty = (
        "customer_tax_ids default_tax_rates discounts total_discount_amounts total_pretax_credit_amounts "
        "total_taxes"
    )
    return {
        **dict.fromkeys(nothing.split()),
        **dict.fromkeys(zero.split(), 0),
        **{name: [] for name in empty.split()},
        "object": KIND,
        "account_country": "GB",
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": dict.fromkeys(("disabled_reason", "liability", "provider", "status"))
        | {"enabled": False},
        "collection_method": "charge_automatically",
        "customer_tax_exempt": "none",
        "issuer": {"type": "self"},
        "livemode": False,
        "metadata": {},
        "payment_settings": dict.fromkeys(
            ("default_mandate", "payment_method_options", "payment_method_types")
        ),
        "status": "open",
    }


def _line(invoice_id: str, item: Document, period: Document) -> Document:
    price, amount = item["price"], item["price"]["unit_amount"] * item["quantity"]
    source = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": item["subscription"],
        "subscription_item": item["id"],
    }
    return {
        "id": new_id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": None,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": False,
        "metadata": {},
        "parent": {
            "type": "subscription_item_details",
            "invoice_item_details": None,
            "subscription_item_details": source,
        },
        "period": period,
        "pretax_credit_amounts": [],
        "pricing": {
            "type": "price_details",
            "price_details": {"price": price["id"], "product": price["product"]},
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "subtotal": amount,
        "taxes": [],
    }


def mark_paid(store: Store, invoice: Document, at: int) -> None:
    """Write that an invoice is paid, and tell so; needs the store's transaction."""
    invoice |= {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempt_count": invoice["attempt_count"] + 1,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": invoice["status_transitions"] | {"paid_at": at},
        "_due": None,
    }
    store.save(invoice)
    emit(store, "invoice.paid", invoice)
    emit(store, "invoice.payment_succeeded", invoice)


def _payments(store: Store, shown: Document) -> Document:
    """Return an invoice's payments, which are there only when they are expanded."""
    invoice = get(store, KIND, shown["id"])
    found = [_payment(invoice)] if invoice.get("_intent") else []
    return {
        "object": "list",
        "data": found,
        "has_more": False,
        "url": f"/v1/invoices/{invoice['id']}/payments",
    }


def _payment(invoice: Document) -> Document:
    return {
        "id": f"inpay_{invoice['id'].removeprefix('in_')}",
        "object": "invoice_payment",
        "amount_paid": invoice["amount_paid"] or None,
        "amount_requested": invoice["amount_due"],
        "created": invoice["created"],
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"type": "payment_intent", "payment_intent": invoice["_intent"]},
        "status": "paid" if invoice["status"] == "paid" else "open",
        "status_transitions": {"canceled_at": None, "paid_at": invoice["status_transitions"]["paid_at"]},
    }


EXPANSIONS[(KIND, "payments")] = _payments


def _list_payments(store: Store, params: dict[str, Any]) -> Document:
    """Return the payments of invoices, of one invoice or one payment intent."""
    wanted = params.get("payment", {}).get("payment_intent")
    bills = [
        bill
        for bill in store.newest(KIND)
        if bill.get("_intent")
        and params.get("invoice", bill["id"]) == bill["id"]
        and wanted in (None, bill["_intent"])
    ]
    found = [payment for bill in bills if _has_status(payment := _payment(bill), params)]
    return page(store, found, params, "/v1/invoice_payments")


def _has_status(payment: Document, params: dict[str, Any]) -> bool:
    return bool(params.get("status", payment["status"]) == payment["status"])


def _retrieve(store: Store, _params: dict[str, Any], invoice_id: str) -> Document:
    return show(store, get(store, KIND, invoice_id))


def _list(store: Store, params: dict[str, Any]) -> Document:
    wanted: Document = {name: params[name] for name in ("customer", "status") if name in params}
    if "subscription" in params:
        wanted["_parent"] = params["subscription"]
    found = [
        item for item in store.newest(KIND) if all(item[name] == value for name, value in wanted.items())
    ]
    return page(store, found, params, "/v1/invoices")


_LIST: dict[str, Rule] = LIST_RULES | {
    "customer": text(),
    "status": choice("draft", "open", "paid", "uncollectible", "void"),
    "subscription": text(),
    **dict.fromkeys(("collection_method", "customer_account", "due_date"), unsupported),
}

_LIST_PAYMENTS: dict[str, Rule] = LIST_RULES | {
    "invoice": text(),
    "payment": fields(
        ("type",), type=choice("payment_intent"), payment_intent=text(), payment_record=unsupported
    ),
    "status": choice("canceled", "open", "paid"),
}

ROUTES = [
    Route("GET", "/v1/invoices", _LIST, _list),
    Route("GET", "/v1/invoices/{id}", RETRIEVE_RULES, _retrieve),
    Route("GET", "/v1/invoice_payments", _LIST_PAYMENTS, _list_payments),
]
