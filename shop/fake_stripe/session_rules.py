"""What a Checkout Session may be created with: single parameters, and the rules between them."""

import re
from typing import Any

from .errors import invalid, missing_object, not_supported
from .money import least, written
from .places import COUNTRIES, LOCALES
from .store import Store
from .validation import (
    EXPAND,
    MAX_AMOUNT,
    TIMESTAMP,
    Rule,
    boolean,
    choice,
    email,
    fields,
    integer,
    metadata,
    missing,
    sequence,
    text,
    unsupported,
    url,
)

MAX_LINES = 100
SOONEST_EXPIRY, LATEST_EXPIRY = 30 * 60, 24 * 3600


def _currency(value: Any, path: str) -> str:
    code = str(text()(value, path)).lower()
    if not re.fullmatch(r"[a-z]{3}", code):
        raise invalid(f"Invalid currency: {code}", path)
    return code


def _off(value: Any, path: str) -> dict[str, Any]:
    """Accept a feature only switched off."""
    setting: dict[str, Any] = fields(("enabled",), enabled=boolean)(value, path)
    if setting["enabled"]:
        raise not_supported(f"the parameter {path}[enabled]=true", f"{path}[enabled]")
    return setting


def _ui_mode(value: Any, path: str) -> str:
    mode = choice("hosted_page", "embedded_page", "elements", "form")(value, path)
    if mode != "hosted_page":
        raise not_supported(f"ui_mode={mode}", path)
    return str(mode)


def _mode(value: Any, path: str) -> str:
    mode = choice("payment", "setup", "subscription")(value, path)
    if mode == "setup":
        raise not_supported(f"mode={mode}", path)
    return str(mode)


def _not_for_cards(_value: Any, path: str) -> str:
    raise invalid(
        "You cannot use `statement_descriptor` for card charges. Use `statement_descriptor_suffix` instead.",
        path,
    )


_PRODUCT_DATA = fields(
    ("name",),
    name=text(),
    description=text(),
    images=sequence(url, 8),
    metadata=metadata,
    tax_code=text(),
    unit_label=text(),
)
_PRICE_DATA = fields(
    ("currency",),
    currency=_currency,
    product=unsupported,
    product_data=_PRODUCT_DATA,
    recurring=fields(
        ("interval",), interval=choice("day", "week", "month", "year"), interval_count=integer(1, 36)
    ),
    tax_behavior=choice("exclusive", "inclusive", "unspecified"),
    unit_amount=integer(0, MAX_AMOUNT),
    unit_amount_decimal=unsupported,
)
_LINE = fields(
    adjustable_quantity=_off,
    metadata=metadata,
    price=text(),
    price_data=_PRICE_DATA,
    quantity=integer(1, 999_999),
    tax_rates=unsupported,
)
_PAYMENT_INTENT_DATA = fields(
    application_fee_amount=unsupported,
    capture_method=choice("automatic", "automatic_async"),
    description=text(),
    metadata=metadata,
    on_behalf_of=unsupported,
    receipt_email=email,
    setup_future_usage=unsupported,
    shipping=unsupported,
    statement_descriptor=_not_for_cards,
    statement_descriptor_suffix=text(22),
    transfer_data=unsupported,
    transfer_group=unsupported,
)
_SUBSCRIPTION_DATA = fields(
    application_fee_percent=unsupported,
    billing_cycle_anchor=unsupported,
    billing_mode=unsupported,
    default_tax_rates=unsupported,
    description=text(500),
    invoice_settings=unsupported,
    metadata=metadata,
    on_behalf_of=unsupported,
    proration_behavior=unsupported,
    transfer_data=unsupported,
    trial_end=unsupported,
    trial_period_days=unsupported,
    trial_settings=unsupported,
)
_MESSAGE = fields(("message",), message=text(1200))
_UNSUPPORTED = (
    "after_expiration consent_collection custom_fields "
    "customer_account customer_update discounts integration_identifier managed_payments optional_items "
    "payment_method_configuration payment_method_data payment_method_options permissions "
    "redirect_on_completion "
    "return_url saved_payment_method_options setup_intent_data shipping_options"
)

CREATE: dict[str, Rule] = {
    **dict.fromkeys(_UNSUPPORTED.split(), unsupported),
    "adaptive_pricing": _off,
    "allow_promotion_codes": boolean,
    "allowed_payment_method_types": sequence(choice("card", "bacs_debit")),
    "automatic_tax": _off,
    "billing_address_collection": choice("auto", "required"),
    "branding_settings": fields(
        background_color=text(7),
        border_style=choice("pill", "rectangular", "rounded"),
        button_color=text(7),
        display_name=text(),
        font_family=text(),
    ),
    "cancel_url": url,
    "client_reference_id": text(200),
    "currency": _currency,
    "custom_text": fields(
        after_submit=_MESSAGE,
        shipping_address=_MESSAGE,
        submit=_MESSAGE,
        terms_of_service_acceptance=_MESSAGE,
    ),
    "customer": text(),
    "customer_creation": choice("always", "if_required"),
    "customer_email": email,
    "excluded_payment_method_types": sequence(text()),
    "expand": EXPAND,
    "expires_at": TIMESTAMP,
    "invoice_creation": _off,
    "line_items": sequence(_LINE, MAX_LINES),
    "locale": choice(*LOCALES),
    "metadata": metadata,
    "mode": _mode,
    "name_collection": unsupported,
    "origin_context": choice("mobile_app", "web"),
    "payment_intent_data": _PAYMENT_INTENT_DATA,
    "payment_method_collection": unsupported,
    "phone_number_collection": fields(("enabled",), enabled=boolean),
    "shipping_address_collection": fields(
        ("allowed_countries",), allowed_countries=sequence(choice(*COUNTRIES))
    ),
    "submit_type": choice("auto", "book", "donate", "pay", "subscribe"),
    "subscription_data": _SUBSCRIPTION_DATA,
    "success_url": url,
    "tax_id_collection": _off,
    "ui_mode": _ui_mode,
    "wallet_options": fields(link=fields(display=choice("auto", "never"))),
}


def check_create(store: Store, params: dict[str, Any]) -> None:
    """Raise Stripe's 400 for parameters that are right by themselves and wrong together, or at this time."""
    for name in ("success_url", "mode", "line_items"):
        if not params.get(name):
            raise missing(name)
    if params.get("allow_promotion_codes"):
        raise not_supported("allow_promotion_codes=true", "allow_promotion_codes")
    for number, line in enumerate(params["line_items"]):
        _check_line(line, f"line_items[{number}]", params["mode"])
    _check_mode(params)
    _check_customer(store, params)
    _check_expiry(params.get("expires_at"), store.today())
    _check_currency(params)
    _check_amount(total(params["line_items"]), currency_of(params))


#: What only the other mode takes.
_ONLY_OTHER_MODE = {
    "payment": ("subscription_data",),
    "subscription": ("customer_creation", "payment_intent_data", "invoice_creation"),
}


def _check_mode(params: dict[str, Any]) -> None:
    mode = params["mode"]
    for name in _ONLY_OTHER_MODE[mode]:
        if name in params:
            raise invalid(f"You can not pass `{name}` in `{mode}` mode.", name)
    intervals = {str(line["price_data"].get("recurring")) for line in params["line_items"]}
    if len(intervals) > 1:
        raise not_supported("line items with different intervals", "line_items")
    if mode == "subscription" and not total(params["line_items"]):
        raise not_supported("free subscriptions", "line_items")


def _check_customer(store: Store, params: dict[str, Any]) -> None:
    if "customer" not in params:
        return
    customer = store.find(params["customer"], "customer")
    if customer is None or customer.get("_deleted"):
        raise missing_object("customer", params["customer"], "customer", 400)
    for name in ("customer_creation", "customer_email"):
        if name in params:
            raise invalid(f"You may only specify one of these parameters: customer, {name}.", "customer")


def _check_line(line: dict[str, Any], path: str, mode: str) -> None:
    if ("price" in line) == ("price_data" in line):
        raise invalid(
            "You must specify either `price` or `price_data` for each line item, and not both.", path
        )
    if "price" in line:
        raise invalid(f"No such price: '{line['price']}'", f"{path}[price]", "resource_missing")
    if "quantity" not in line:
        raise missing(f"{path}[quantity]")
    for name in ("product_data", "unit_amount"):
        if name not in line["price_data"]:
            raise missing(f"{path}[price_data][{name}]")
    recurring = "recurring" in line["price_data"]
    if recurring != (mode == "subscription"):
        kind, other = ("recurring", "subscription") if recurring else ("one-time", "payment")
        raise invalid(
            f"You specified `{mode}` mode but passed a {kind} price. Use `{other}` mode, or other prices.",
            path,
        )


def _check_expiry(expires_at: int | None, today: int) -> None:
    if expires_at is None:
        return
    stamp = "The `expires_at` timestamp must be"
    if expires_at < today + SOONEST_EXPIRY:
        raise invalid(f"{stamp} at least 30 minutes from Checkout Session creation.", "expires_at")
    if expires_at >= today + LATEST_EXPIRY:
        raise invalid(f"{stamp} less than 24 hours from Checkout Session creation.", "expires_at")


def currency_of(params: dict[str, Any]) -> str:
    """Return the session's one currency."""
    return str(params["line_items"][0]["price_data"]["currency"])


def total(lines: list[dict[str, Any]]) -> int:
    """Return the sum of the lines in minor units."""
    return sum(line["price_data"]["unit_amount"] * line["quantity"] for line in lines)


def _check_currency(params: dict[str, Any]) -> None:
    currencies = {line["price_data"]["currency"] for line in params["line_items"]}
    if len(currencies | {params.get("currency", currency_of(params))}) > 1:
        raise invalid("All line items of a Checkout Session must use the same currency.", "line_items")


def _check_amount(amount: int, currency: str) -> None:
    if 0 < amount < least(currency):
        raise invalid(
            "The Checkout Session's total amount due must add up to at least "
            f"{written(least(currency), currency)} "
            f"{currency}",
            "line_items",
            "amount_too_small",
        )
    if amount > MAX_AMOUNT:
        message = (
            f"The Checkout Session's total amount due must be no more than {written(MAX_AMOUNT, currency)}"
        )
        raise invalid(message, "line_items", "amount_too_large")
