"""What the payment page decides: paid, declined, to be confirmed, or too late."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from . import aftermath, billing, cards, customers, delayed, payments, timers
from .cards import Card
from .events import emit
from .places import COUNTRIES
from .resources import get
from .sessions import KIND
from .store import Document, Store
from .validation import EMAIL

ADDRESS = ("line1", "line2", "city", "state", "postal_code", "country")
_REQUIRED_ADDRESS = {
    "name": "Enter your name.",
    "line1": "Enter the first line of the address.",
    "city": "Enter the town or city.",
    "postal_code": "Enter the postcode.",
}
#: Countries without postcodes worth asking for.
_NO_POSTCODE = frozenset(("AE", "AG", "AO", "BS", "BW", "HK", "IE", "JM", "QA", "SC", "UG", "ZW"))

Kind = Literal[
    "paid", "no_payment_required", "processing", "declined", "authenticate", "invalid", "expired", "complete"
]


@dataclass
class Outcome:
    """What pressing *Pay* did. `expired` and `complete` are what the session already was."""

    kind: Kind
    session: Document
    message: str = ""
    decline_code: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    #: Deliveries of checkout.session.completed, which the redirect waits for.
    deliveries: list[str] = field(default_factory=list)

    @property
    def redirect_url(self) -> str | None:
        """Where the shopper goes next, when the session is complete."""
        return success_url(self.session) if self.session["status"] == "complete" else None


def success_url(session: Document) -> str:
    """Return the session's success_url with the literal placeholder replaced."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def look(store: Store, session_id: str) -> Document:
    """Return a session as it is now, expired if its time is over; raise a 404."""
    timers.run_due(store)
    return get(store, KIND, session_id)


def pay(store: Store, session_id: str, data: Mapping[str, str], *, any_country: bool = False) -> Outcome:
    """Do what the payment page's button does, once, under the lock.

    `data` has the form's fields: email, name, line1 … country, phone, method (card or bacs_debit), card,
    expiry, cvc, sort_code, account_number. `any_country` lets the control API pay from a country the page
    does not offer.
    """
    if store.split_seconds:
        seen = look(store, session_id)
        time.sleep(store.split_seconds)
        with store.transaction():
            return _pay(store, seen, data, any_country)
    with store.transaction():
        return _pay(store, look(store, session_id), data, any_country)


def _pay(store: Store, session: Document, data: Mapping[str, str], any_country: bool) -> Outcome:
    if session["status"] != "open":
        return Outcome(session["status"], session)
    values = {name: str(value).strip() for name, value in data.items()}
    values["email"] = fixed_email(store, session) or values.get("email", "")
    errors = check(session, values, today=store.now(), any_country=any_country)
    if errors:
        return Outcome("invalid", session, "Some details are missing or wrong.", errors=errors)
    session["_collected"] = _collected(session, values)
    if not session["amount_total"]:
        return complete(store, session, "no_payment_required")
    return _charge(store, session, values)


def fixed_email(store: Store, session: Document) -> str | None:
    """Return the e-mail address that the shopper cannot change: the session's, or its known customer's."""
    customer = store.find(session["customer"] or "", customers.KIND) or {}
    return session["customer_email"] or customer.get("email")


def _charge(store: Store, session: Document, values: Mapping[str, str]) -> Outcome:
    intent = payments.intent_for(store, session, customers.for_session(store, session))
    intent["shipping"] = _shipping(session)
    if values.get("method") == "bacs_debit":
        delayed.begin(store, intent, _billing(session), session, values["account_number"])
        return complete(store, session, "processing")
    card = cards.CARDS[_digits(values["card"])]
    if card.verdict == "authenticate":
        return _ask_to_confirm(store, session, intent, card)
    return _decide(store, session, intent, card)


def _decide(store: Store, session: Document, intent: Document, card: Card) -> Outcome:
    details = payments.method_details(card)
    charge = payments.new_charge(store, intent, _billing(session), details) | {"_card": card.number}
    if card.code:
        payments.decline(store, intent, charge, card)
        session["_card"] = None
        store.save(session)
        return Outcome("declined", session, card.message, card.decline_code)
    payments.succeed(store, intent, charge)
    aftermath.before_completion(store, card, charge)
    if session["mode"] == "subscription":
        billing.begin(store, session, card)
    outcome = complete(store, session, "paid")
    aftermath.after_completion(store, card, charge)
    return outcome


def _ask_to_confirm(store: Store, session: Document, intent: Document, card: Card) -> Outcome:
    address = f"{store.base_url}/c/pay/{session['id']}/authenticate"
    action = {"type": "redirect_to_url", "redirect_to_url": {"url": address, "return_url": None}}
    intent |= {"status": "requires_action", "next_action": action}
    session["_card"] = card.number
    store.save(intent)
    store.save(session)
    emit(store, "payment_intent.requires_action", intent)
    return Outcome("authenticate", session, "The bank asks the shopper to confirm.")


_NOT_CONFIRMED = Card(
    "",
    "declined",
    "payment_intent_authentication_failure",
    "authentication_required",
    "The bank could not confirm it was you.",
)


def confirm(store: Store, session_id: str, confirmed: bool) -> Outcome:
    """End a 3-D Secure question; does nothing when none is open."""
    with store.transaction():
        session = look(store, session_id)
        card = cards.find(session.get("_card") or "")
        if session["status"] != "open" or card is None:
            kind: Kind = "invalid" if session["status"] == "open" else session["status"]
            return Outcome(kind, session, "There is nothing to confirm.")
        intent = payments.intent_for(store, session)
        return _decide(store, session, intent, card if confirmed else _NOT_CONFIRMED)


def complete(store: Store, session: Document, kind: Kind) -> Outcome:
    """Close a session; it cannot be paid or expired afterwards."""
    if kind != "no_payment_required":
        session["payment_status"] = "paid" if kind == "paid" else "unpaid"
    session["customer"] = customers.for_session(store, session)
    intent = None if session["mode"] == "subscription" else session.get("_intent")
    session |= {"status": "complete", "payment_intent": intent, "_due": None, "_card": None}
    session |= session["_collected"]
    store.save(session)
    return Outcome(kind, session, deliveries=emit(store, "checkout.session.completed", session))


# -- what the shopper typed


def check(
    session: Document, values: Mapping[str, str], *, today: float, any_country: bool = False
) -> dict[str, str]:
    """Return a message for each field that is missing or wrong."""
    errors: dict[str, str] = {}
    if not EMAIL.match(values.get("email", "")):
        errors["email"] = "Enter an e-mail address, like name@example.com."
    if session["shipping_address_collection"]:
        errors |= _check_address(session, values, any_country)
    if session["phone_number_collection"]["enabled"] and len(_digits(values.get("phone", ""))) < 7:
        errors["phone"] = "Enter a telephone number."
    if session["amount_total"]:
        if not values.get("name"):
            errors["name"] = "Enter your name."
        errors |= (
            _check_bacs(values)
            if values.get("method") == "bacs_debit"
            else _check_card(session, values, today)
        )
    return errors | {name: "This is too long." for name, value in values.items() if len(value) > 1000}


def _check_address(session: Document, values: Mapping[str, str], any_country: bool) -> dict[str, str]:
    errors = {name: message for name, message in _REQUIRED_ADDRESS.items() if not values.get(name)}
    country = values.get("country", "")
    if country in _NO_POSTCODE:
        errors.pop("postal_code", None)
    allowed = COUNTRIES if any_country else session["shipping_address_collection"]["allowed_countries"]
    if country not in allowed:
        errors["country"] = "Choose a country from the list."
    return errors


def _check_card(session: Document, values: Mapping[str, str], today: float) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not _digits(values.get("card", "")):
        errors["card"] = "Enter a card number."
    elif _digits(values["card"]) not in cards.CARDS:
        errors["card"] = "No real card works here. Use one of the test cards below."
    if not _in_future(values.get("expiry", ""), today):
        errors["expiry"] = "Enter a month and year in the future, like 12 / 34."
    if not re.fullmatch(r"[0-9]{3,4}", values.get("cvc", "")):
        errors["cvc"] = "Enter the 3 or 4 digits on the back of the card."
    return errors


def _check_bacs(values: Mapping[str, str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    if _digits(values.get("sort_code", "")) != cards.BACS_SORT_CODE:
        errors["sort_code"] = f"Use the test sort code {cards.BACS_SORT_CODE}."
    if values.get("account_number", "") not in cards.BACS_ACCOUNTS:
        errors["account_number"] = f"Use a test account: {' or '.join(cards.BACS_ACCOUNTS)}."
    return errors


def _in_future(expiry: str, today: float) -> bool:
    found = re.fullmatch(r"(0?[1-9]|1[0-2])\s*/\s*(?:20)?([0-9]{2})", expiry)
    now = datetime.fromtimestamp(today, UTC)
    return found is not None and (2000 + int(found[2]), int(found[1])) >= (now.year, now.month)


def _digits(value: str) -> str:
    return re.sub(r"[^0-9]", "", value)


def _collected(session: Document, values: Mapping[str, str]) -> Document:
    """Return who pays and where it goes, as the session will show it once it is complete."""
    address = {name: values.get(name) or None for name in ADDRESS}
    shipping = bool(session["shipping_address_collection"])
    phone = session["phone_number_collection"]["enabled"] and values.get("phone")
    customer: Document = {
        "address": address if shipping else dict.fromkeys(ADDRESS),
        "business_name": None,
        "email": values["email"],
        "individual_name": None,
        "name": values.get("name") or None,
        "phone": phone or None,
        "tax_exempt": "none",
        "tax_ids": [],
    }
    details = {"address": address, "name": values["name"]} if shipping else None
    collected = {"business_name": None, "individual_name": None, "shipping_details": details}
    return {"customer_details": customer, "collected_information": collected}


def _shipping(session: Document) -> Document | None:
    collected = session["_collected"]
    details = collected["collected_information"]["shipping_details"]
    more = {"carrier": None, "tracking_number": None, "phone": collected["customer_details"]["phone"]}
    return details | more if details else None


def _billing(session: Document) -> Document:
    details = session["_collected"]["customer_details"]
    return {name: details[name] for name in ("address", "email", "name", "phone")}
