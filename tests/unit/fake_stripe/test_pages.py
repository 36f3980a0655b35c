"""The hosted page, as a browser without JavaScript uses it."""

import http.client
import time
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.fake_stripe_client import FakeStripe
from tests.unit.fake_stripe.conftest import Receiver
from tests.unit.fake_stripe.samples import RETURN_URL, WITH_ADDRESS, line, params

TYPED = {
    "email": "zoe@example.com",
    "name": "Zoë Ångström",
    "country": "GB",
    "line1": "1 <High> Street",
    "line2": "",
    "city": "London",
    "state": "",
    "postal_code": "N1 9GU",
    "method": "card",
    "card": "4242 4242 4242 4242",
    "expiry": "12 / 40",
    "cvc": "123",
}


class Page(HTMLParser):
    """What a page shows: its text, inputs with their attributes, choices, and links."""

    def __init__(self, url: str, typed: dict[str, str] | None = None) -> None:
        super().__init__()
        self.text, self.inputs, self.options, self.links = "", {}, [], []  # type: ignore[var-annotated]
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(typed) if typed is not None else None
        connection.request("POST" if body else "GET", parts.path, body, headers)
        answer = connection.getresponse()
        self.html, self.status = answer.read().decode(), answer.status
        self.location = answer.headers.get("Location", "")
        self.policy = answer.headers.get("Content-Security-Policy", "")
        connection.close()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep inputs, options and links."""
        found = dict(attrs)
        if tag in ("input", "select"):
            self.inputs[found["id"]] = found
        elif tag == "option":
            self.options.append(found["value"])
        elif tag == "a":
            self.links.append(found["href"])

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


@pytest.fixture
def session(api: Any) -> Any:
    """An open session over two lines, delivered to GB or IM."""
    lines = [line(2500, "Tee <b>M</b>"), line(395, "Delivery")]
    return api.checkout.sessions.create(
        params(line_items=lines, cancel_url="http://store.example/basket/?a=1&b=2", **WITH_ADDRESS)
    )


def test_the_page_shows_the_order_and_asks_only_what_is_needed(session: Any) -> None:
    page = Page(session.url)
    assert page.status == 200
    assert "Test payments – no money moves" in page.text
    assert "Tee <b>M</b>" in page.text
    assert "£25.00" in page.text
    assert "£28.95" in page.text
    assert page.options == ["IM", "GB"]
    assert page.links[0] == "http://store.example/basket/?a=1&b=2"
    assert {"email", "name", "line1", "city", "postal_code", "country", "card", "expiry", "cvc"} <= set(
        page.inputs
    )
    assert "phone" not in page.inputs
    assert "<script" not in page.html
    assert "style=" not in page.html
    assert page.policy.startswith("default-src 'none'; style-src 'self'")


def test_paying_leads_back_to_the_store_after_the_webhook(
    fake: FakeStripe, api: Any, session: Any, receiver: Receiver
) -> None:
    page = Page(session.url, TYPED)
    assert (page.status, page.location) == (303, RETURN_URL.replace("{CHECKOUT_SESSION_ID}", session.id))
    assert "checkout.session.completed" in receiver.types()
    paid = api.checkout.sessions.retrieve(session.id)
    assert paid.payment_status == "paid"
    assert paid.customer_details.email == "zoe@example.com"
    assert paid.collected_information.shipping_details.address.line1 == "1 <High> Street"


def test_a_declined_card_is_said_and_what_was_typed_stays(api: Any, session: Any) -> None:
    page = Page(session.url, TYPED | {"card": "4000 0000 0000 9995"})
    assert page.status == 200
    assert "Your card has insufficient funds." in page.text
    assert page.inputs["line1"]["value"] == "1 <High> Street"
    assert page.inputs["email"]["value"] == "zoe@example.com"
    assert page.inputs["cvc"]["value"] == ""
    assert api.checkout.sessions.retrieve(session.id).status == "open"
    assert Page(session.url, TYPED).status == 303


def test_wrong_fields_are_marked_one_by_one(api: Any, session: Any) -> None:
    page = Page(session.url, TYPED | {"email": "zoe", "city": " ", "country": "FR", "cvc": "1"})
    assert page.status == 422
    marked = {name for name, found in page.inputs.items() if found.get("aria-invalid") == "true"}
    assert marked == {"email", "city", "country", "cvc"}
    assert page.inputs["email"]["aria-describedby"] == "email-error"
    assert "Enter an e-mail address, like name@example.com." in page.text
    assert page.inputs["card"]["value"] == "4242 4242 4242 4242"
    assert api.payment_intents.list().data == []


def test_the_bank_s_question_is_a_page_of_its_own(fake: FakeStripe, session: Any) -> None:
    asked = Page(session.url, TYPED | {"card": "4000002500003155"})
    assert (asked.status, asked.location) == (303, f"/c/pay/{session.id}/authenticate")
    assert "is this payment of £28.95 yours?" in Page(fake.url + asked.location).text
    refused = Page(fake.url + asked.location, {"answer": "fail"})
    assert "The bank could not confirm it was you." in refused.text
    Page(session.url, TYPED | {"card": "4000002500003155"})
    assert Page(fake.url + asked.location, {"answer": "complete"}).location.endswith(session.id)


def test_a_fixed_e_mail_address_cannot_be_changed(api: Any) -> None:
    session = api.checkout.sessions.create(params(customer_email="known@example.com"))
    page = Page(session.url)
    assert page.inputs["email"]["value"] == "known@example.com"
    assert "readonly" in page.inputs["email"]
    Page(session.url, TYPED)
    assert api.checkout.sessions.retrieve(session.id).customer_details.email == "known@example.com"


def test_a_free_order_asks_for_no_card(api: Any) -> None:
    session = api.checkout.sessions.create(params(line_items=[line(0)], **WITH_ADDRESS))
    page = Page(session.url)
    assert "card" not in page.inputs
    assert "Complete order" in page.text
    typed = {name: value for name, value in TYPED.items() if name not in ("card", "expiry", "cvc", "method")}
    assert Page(session.url, typed).status == 303
    assert api.checkout.sessions.retrieve(session.id).payment_status == "no_payment_required"


def test_a_telephone_number_is_asked_for_when_it_is_needed(api: Any) -> None:
    session = api.checkout.sessions.create(params(phone_number_collection={"enabled": True}))
    assert "Enter a telephone number." in Page(session.url, TYPED).text
    assert Page(session.url, TYPED | {"phone": "020 7946 0000"}).status == 303
    assert api.checkout.sessions.retrieve(session.id).customer_details.phone == "020 7946 0000"


def test_an_expired_page_says_that_nothing_was_charged(fake: FakeStripe, api: Any, session: Any) -> None:
    fake.expire(session.id)
    for page in (Page(session.url), Page(session.url, TYPED)):
        assert "This payment page has expired. Nothing was charged." in page.text
        assert page.links == ["http://store.example/basket/?a=1&b=2"]
    assert api.charges.list().data == []


def test_a_paid_page_leads_on_and_charges_once(api: Any, session: Any) -> None:
    Page(session.url, TYPED)
    for page in (Page(session.url), Page(session.url, TYPED)):
        assert page.links == [RETURN_URL.replace("{CHECKOUT_SESSION_ID}", session.id)]
    assert len(api.charges.list().data) == 1


def test_a_store_that_does_not_answer_holds_the_shopper_no_longer_than_ten_seconds(
    fake: FakeStripe, session: Any, receiver: Receiver
) -> None:
    receiver.status = 503
    started = time.monotonic()
    assert Page(session.url, TYPED).status == 303
    assert time.monotonic() - started < 10


def test_unknown_addresses_are_a_plain_404(fake: FakeStripe) -> None:
    for path in ("/", "/c/pay/cs_test_none", "/c/pay/"):
        page = Page(fake.url + path)
        assert (page.status, "Not found" in page.text) == (404, True)
