"""A shopper without JavaScript: fetches pages, fills in their forms, follows where they lead."""

import html
import re
from dataclasses import dataclass
from urllib.parse import urljoin

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry


@dataclass(frozen=True)
class Form:
    """A form of a page: where it goes and what it would send as it stands."""

    action: str
    fields: dict[str, str]


class Shopper:
    """One person with one cookie jar, at one address of the network."""

    def __init__(self, site: str, address: str = "198.51.100.1") -> None:
        self.site = site
        self.http = requests.Session()
        self.http.trust_env = False
        # What every browser does when a connection is reset before the answer: ask again, if only for a page.
        again = Retry(total=3, backoff_factor=0.1, allowed_methods={"GET"}, raise_on_status=False)
        self.http.mount("http://", HTTPAdapter(max_retries=again))
        self.http.headers.update(
            {"X-Forwarded-For": address, "Origin": site, "Sec-Fetch-Site": "same-origin"}
        )

    def get(self, path: str) -> requests.Response:
        return self.http.get(urljoin(self.site, path), timeout=30)

    def post(self, path: str, **fields: str) -> requests.Response:
        """Post fields; the answer is not followed."""
        return self.http.post(urljoin(self.site, path), fields, timeout=30, allow_redirects=False)

    def submit(self, form: Form, **fields: str) -> requests.Response:
        """Post a page's form with some fields filled in; the answer is not followed."""
        return self.post(form.action, **form.fields | fields)

    def add(self, product_id: int, quantity: int = 1) -> None:
        """Put pieces of a variant into the basket."""
        answer = self.post(f"/basket/add/{product_id}/", quantity=str(quantity))
        assert answer.status_code in (302, 303), f"{answer.status_code}: {answer.text[:500]}"

    def basket(self) -> str:
        return self.get("/basket/").text

    def pay(self) -> requests.Response:
        """Press *Pay* on the basket as it shows itself now."""
        return self.submit(form(self.basket(), "/checkout/pay/"))


def form(page: str, action: str) -> Form:
    """Return the form of `page` that posts to `action`; raise AssertionError when there is none."""
    for found in re.finditer(r"<form\b([^>]*)>(.*?)</form>", page, re.DOTALL):
        if _attributes(found[1]).get("action", "").split("?")[0] == action:
            return Form(action, _fields(found[2]))
    raise AssertionError(f"no form posts to {action}")


def _fields(inside: str) -> dict[str, str]:
    inputs = [_attributes(found[1]) for found in re.finditer(r"<input\b([^>]*)>", inside)]
    sent = [
        one for one in inputs if one.get("type") not in ("radio", "checkbox", "submit") or "checked" in one
    ]
    return {one["name"]: one.get("value", "") for one in sent if "name" in one}


def _attributes(tag: str) -> dict[str, str]:
    found = re.findall(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?""", tag)
    return {name.lower(): html.unescape(double or single) for name, double, single in found}
