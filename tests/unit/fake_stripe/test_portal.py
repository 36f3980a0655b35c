"""The billing portal's page, used as a browser would."""

import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
import stripe

from tests.fake_stripe_client import FakeStripe
from tests.unit.fake_stripe.test_subscriptions import monthly, period_end

BACK = "http://127.0.0.1:9/donate/"


@pytest.fixture
def given(fake: FakeStripe, api: Any) -> Any:
    """A subscription just paid for the first time."""
    return api.subscriptions.retrieve(
        fake.pay(api.checkout.sessions.create(monthly()).id)["session"]["subscription"]
    )


def read(url: str) -> str:
    """Return a page's text."""
    with urllib.request.urlopen(url) as answer:  # noqa: S310
        return str(answer.read().decode())


def press(url: str, **button: str) -> str:
    """Post a button; return the page it leads to."""
    data = urllib.parse.urlencode(button).encode()
    with urllib.request.urlopen(url, data) as answer:  # noqa: S310
        return str(answer.read().decode())


def test_a_customer_cancels_and_changes_his_mind(fake: FakeStripe, api: Any, given: Any) -> None:
    session = api.billing_portal.sessions.create({"customer": given.customer, "return_url": BACK})
    page = read(session.url)
    assert f'href="{BACK}"' in page
    assert "£5.00</strong> every month" in page
    assert re.findall(r'name="(\w+)" value="(\w+)"', page) == [("cancel", given.id)]
    after = press(session.url, cancel=given.id)
    assert re.findall(r'name="(\w+)" value="(\w+)"', after) == [("renew", given.id)]
    ending = api.subscriptions.retrieve(given.id)
    assert (ending.cancel_at_period_end, ending.cancel_at) == (True, period_end(api, given.id))
    assert ending.cancellation_details.reason == "cancellation_requested"
    press(session.url, renew=given.id)
    assert api.subscriptions.retrieve(given.id).cancel_at_period_end is False
    assert len(fake.events("customer.subscription.updated")) == 2


def test_nobody_cancels_for_another(fake: FakeStripe, api: Any, given: Any) -> None:
    stranger = api.customers.create({"email": "stranger@example.com"})
    session = api.billing_portal.sessions.create({"customer": stranger.id})
    assert "no running subscription" in press(session.url, cancel=given.id)
    assert api.subscriptions.retrieve(given.id).cancel_at_period_end is False
    with pytest.raises(urllib.error.HTTPError, match="404"):
        read(f"{fake.url}/p/session/test_none")


def test_a_cancel_link_leads_back(api: Any, given: Any) -> None:
    flow = {
        "type": "subscription_cancel",
        "subscription_cancel": {"subscription": given.id},
        "after_completion": {"type": "redirect", "redirect": {"return_url": BACK}},
    }
    session = api.billing_portal.sessions.create({"customer": given.customer, "flow_data": flow})
    assert session.flow.subscription_cancel.subscription == given.id
    with pytest.raises(urllib.error.URLError) as caught:
        press(session.url, cancel=given.id)
    assert "refused" in str(caught.value)
    assert api.subscriptions.retrieve(given.id).cancel_at_period_end is True


def test_wrong_portals_are_refused(api: Any, given: Any) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "customer"),
        ({"customer": "cus_none"}, "customer"),
        ({"customer": given.customer, "return_url": "nowhere"}, "return_url"),
        ({"customer": given.customer, "flow_data": {"type": "payment_method_update"}}, "flow_data[type]"),
    ]
    for asked, param in wrong:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            api.billing_portal.sessions.create(asked)
        assert caught.value.param == param
