"""The payment page's HTML: forms only, no script, one style sheet of our own."""

from collections.abc import Mapping
from html import escape
from typing import Any

from . import cards
from .money import written
from .places import country_name
from .store import Document

NOTICE = "Test payments – no money moves"


def page(title: str, body: str) -> str:
    """Return a whole page; `body` is HTML."""
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="stylesheet" href="/assets/page.css">\n</head>\n<body>\n'
        f'<header class="notice"><p><strong>{NOTICE}.</strong> This page stands in for Stripe.</p></header>\n'
        f"<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def message_page(title: str, text: str, link: str | None = None, label: str = "") -> str:
    """Return a page that says one thing and may lead on."""
    onward = f'<p><a class="button" href="{escape(link)}">{escape(label)}</a></p>' if link else ""
    return page(title, f"<h1>{escape(title)}</h1>\n<p>{escape(text)}</p>\n{onward}")


def payment_page(
    session: Document,
    items: list[Document],
    values: Mapping[str, str],
    errors: Mapping[str, str],
    message: str,
) -> str:
    """Return the page of an open session, with what was typed and what is wrong with it."""
    back = session["cancel_url"]
    parts = [
        f'<p><a class="back" href="{escape(back)}">← Back to the store</a></p>' if back else "",
        "<h1>Pay</h1>" if session["amount_total"] else "<h1>Complete your order</h1>",
        _summary(session, items),
        _alert(message, errors),
        '<form method="post" novalidate>',
        _contact(session, values, errors),
        _delivery(session, values, errors) if session["shipping_address_collection"] else "",
        _payment(session, values, errors) if session["amount_total"] else "",
        f'<button type="submit" class="button" id="pay">{escape(_button(session))}</button>',
        "</form>",
        _help() if session["amount_total"] else "",
    ]
    return page(f"{NOTICE}: pay", "\n".join(part for part in parts if part))


def confirm_page(session: Document) -> str:
    """Return the bank's question (3-D Secure)."""
    amount = written(session["amount_total"], session["currency"])
    return page(
        "Confirm the payment",
        f"<h1>Confirm the payment</h1>\n<p>The bank asks: is this payment of {escape(amount)} yours?</p>\n"
        '<form method="post" class="choices">\n'
        '<button type="submit" class="button" name="answer" value="complete" id="confirm">Yes, pay</button>\n'
        '<button type="submit" class="button quiet" name="answer" value="fail" id="fail">No, '
        "refuse</button>\n</form>",
    )


def _summary(session: Document, items: list[Document]) -> str:
    rows = "\n".join(
        f"<tr><td>{escape(item['description'] or '')}</td><td>{item['quantity']}</td>"
        f"<td>{escape(written(item['amount_total'], item['currency']))}{_often(item)}</td></tr>"
        for item in items
    )
    total = escape(written(session["amount_total"], session["currency"]))
    return (
        "<table>\n<caption>Your order</caption>\n"
        '<thead><tr><th scope="col">Item</th><th scope="col">Qty</th><th '
        'scope="col">Amount</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n"
        f'<tfoot><tr><th scope="row" colspan="2">Total</th><td id="total">{total}</td></tr></tfoot>\n</table>'
    )


def _often(item: Document) -> str:
    every = item["price"]["recurring"]
    if every is None:
        return ""
    count, interval = every["interval_count"], every["interval"]
    return f" every {interval}" if count == 1 else f" every {count} {interval}s"


def _alert(message: str, errors: Mapping[str, str]) -> str:
    if not message:
        return ""
    links = "".join(f'<li><a href="#{escape(name)}">{escape(text)}</a></li>' for name, text in errors.items())
    listed = f"<ul>{links}</ul>" if links else ""
    return f'<div class="alert" role="alert" id="problem"><p>{escape(message)}</p>{listed}</div>'


def _contact(session: Document, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    fixed = session["customer_email"]
    shown = {**values, "email": fixed} if fixed else values
    inputs = [_field("email", "E-mail", shown, errors, kind="email", auto="email", readonly=bool(fixed))]
    if session["phone_number_collection"]["enabled"]:
        inputs.append(_field("phone", "Telephone", values, errors, kind="tel", auto="tel"))
    return _group("Contact", inputs)


def _delivery(session: Document, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    allowed = session["shipping_address_collection"]["allowed_countries"]
    chosen = values.get("country", allowed[0])
    options = "".join(
        f'<option value="{code}"{" selected" if code == chosen else ""}>{escape(country_name(code))}</option>'
        for code in sorted(allowed, key=country_name)
    )
    wrong = ' aria-invalid="true" aria-describedby="country-error"' if "country" in errors else ""
    country = (
        f'<div class="field"><label for="country">Country</label>{_problem("country", errors)}'
        f'<select id="country" name="country" autocomplete="country"{wrong}>{options}</select></div>'
    )
    inputs = [
        _field("name", "Full name", values, errors, auto="name"),
        country,
        _field("line1", "Address line 1", values, errors, auto="address-line1"),
        _field("line2", "Address line 2 (optional)", values, errors, auto="address-line2"),
        _field("city", "Town or city", values, errors, auto="address-level2"),
        _field("state", "County or state (optional)", values, errors, auto="address-level1"),
        _field("postal_code", "Postcode", values, errors, auto="postal-code"),
    ]
    return _group("Delivery address", inputs)


def _payment(session: Document, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    bacs = "bacs_debit" in session["payment_method_types"]
    fields = [
        _field("card", "Card number", values, errors, auto="cc-number", numeric=True),
        _field("expiry", "Expiry (MM / YY)", values, errors, auto="cc-exp", numeric=True),
        _field("cvc", "CVC", values, errors, auto="cc-csc", numeric=True),
    ]
    name = _field("name", "Name on card or account", values, errors, auto="cc-name")
    inputs = [
        "" if session["shipping_address_collection"] else name,
        _radio("card", "Card", values) if bacs else "",
        f'<div class="card">{"".join(fields)}</div>',
    ]
    return _group("Payment", [*inputs, _bacs(values, errors) if bacs else ""])


def _bacs(values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    inputs = [
        _field("sort_code", "Sort code", values, errors, numeric=True),
        _field("account_number", "Account number", values, errors, numeric=True),
    ]
    return _radio("bacs_debit", "Bacs Direct Debit", values) + f'<div class="bacs">{"".join(inputs)}</div>'


def _radio(method: str, label: str, values: Mapping[str, str]) -> str:
    checked = " checked" if values.get("method", "card") == method else ""
    return (
        f'<p class="choice"><input type="radio" name="method" id="method-{method}" '
        f'value="{method}"{checked}> '
        f'<label for="method-{method}">{escape(label)}</label></p>'
    )


def _group(legend: str, inputs: list[str]) -> str:
    return (
        f"<fieldset><legend>{escape(legend)}</legend>\n" + "\n".join(filter(None, inputs)) + "\n</fieldset>"
    )


def _field(
    name: str,
    label: str,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    kind: str = "text",
    auto: str = "off",
    numeric: bool = False,
    readonly: bool = False,
) -> str:
    value = "" if name == "cvc" else values.get(name, "")
    attributes: dict[str, Any] = {
        "type": kind,
        "id": name,
        "name": name,
        "value": value,
        "autocomplete": auto,
    }
    if numeric:
        attributes["inputmode"] = "numeric"
    if name in errors:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{name}-error"}
    written_out = " ".join(f'{key}="{escape(str(item))}"' for key, item in attributes.items())
    fixed = " readonly" if readonly else ""
    return (
        f'<div class="field"><label for="{name}">{escape(label)}</label>{_problem(name, errors)}'
        f"<input {written_out}{fixed}></div>"
    )


def _problem(name: str, errors: Mapping[str, str]) -> str:
    return f'<p class="problem" id="{name}-error">{escape(errors[name])}</p>' if name in errors else ""


def _button(session: Document) -> str:
    if not session["amount_total"]:
        return "Complete order"
    verb = "Donate" if session["submit_type"] == "donate" else "Pay"
    again = " and subscribe" if session["mode"] == "subscription" else ""
    return f"{verb} {written(session['amount_total'], session['currency'])}{again}"


def _help() -> str:
    rows = "".join(
        f"<li><code>{' '.join(card.number[at : at + 4] for at in range(0, 16, 4))}</code> "
        f"{escape(card.shown)}</li>"
        for card in cards.ADVERTISED
    )
    accounts = " / ".join(
        f"{number} ({'paid' if good else 'fails'})" for number, good in cards.BACS_ACCOUNTS.items()
    )
    return (
        f'<section class="help" aria-labelledby="help"><h2 id="help">Test cards</h2><ul>{rows}</ul>'
        "<p>Any expiry in the future and any three digits. "
        f"Direct debit, decided three days later: sort code {cards.BACS_SORT_CODE}, account "
        f"{accounts}.</p></section>"
    )
