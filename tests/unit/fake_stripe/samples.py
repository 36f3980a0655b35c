"""What the tests here send."""

from typing import Any

RETURN_URL = "http://store.example/return/?session_id={CHECKOUT_SESSION_ID}"


def line(amount: int = 2500, name: str = "T-shirt, M", quantity: int = 1) -> dict[str, Any]:
    """Return a line item."""
    price = {"currency": "gbp", "unit_amount": amount, "product_data": {"name": name}}
    return {"price_data": price, "quantity": quantity}


def params(**changes: Any) -> Any:
    """Return what a session is created with; a change to None leaves a name out."""
    given = {"mode": "payment", "line_items": [line()], "success_url": RETURN_URL} | changes
    return {name: value for name, value in given.items() if value is not None}


WITH_ADDRESS: dict[str, Any] = {"shipping_address_collection": {"allowed_countries": ["GB", "IM"]}}
