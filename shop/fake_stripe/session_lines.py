"""The line items of a session, with the products and prices that only they use."""

from typing import Any

from .ids import new_id
from .store import Document, Store
from .validation import merged_metadata


def add_line(store: Store, session: Document, line: dict[str, Any]) -> None:
    """Write one line item with its product and price, as they were described in the call."""
    price_data, data = line["price_data"], line["price_data"]["product_data"]
    amount = price_data["unit_amount"] * line["quantity"]
    product = _product(store, data)
    store.save(product)
    item = {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price_data["currency"],
        "description": data["name"],
        "metadata": merged_metadata({}, line.get("metadata", {})),
        "price": _price(store, price_data, product["id"]),
        "quantity": line["quantity"],
        "_parent": session["id"],
    }
    store.save(item)


def _product(store: Store, data: dict[str, Any]) -> Document:
    return {
        "id": new_id("prod"),
        "object": "product",
        "active": False,
        "created": store.today(),
        "default_price": None,
        "description": data.get("description"),
        "images": data.get("images", []),
        "livemode": False,
        "marketing_features": [],
        "metadata": merged_metadata({}, data.get("metadata", {})),
        "name": data["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": data.get("tax_code"),
        "type": "service",
        "unit_label": data.get("unit_label"),
        "updated": store.today(),
        "url": None,
    }


def _price(store: Store, data: dict[str, Any], product_id: str) -> Document:
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": store.today(),
        "currency": data["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product_id,
        "recurring": _recurring(data.get("recurring")),
        "tax_behavior": data.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if "recurring" in data else "one_time",
        "unit_amount": data["unit_amount"],
        "unit_amount_decimal": str(data["unit_amount"]),
    }


def _recurring(asked: Document | None) -> Document | None:
    if asked is None:
        return None
    fixed = {"meter": None, "trial_period_days": None, "usage_type": "licensed"}
    return fixed | {"interval": asked["interval"], "interval_count": asked.get("interval_count", 1)}
