"""Some of a crowd, in one process: each fills a basket, waits for the signal, presses *Pay* until they know.

`python -m tests.races.buyers SITE STRIPE PRODUCT FIRST NUMBER` says `ready`, waits for a line on
stdin, and prints how the buyers numbered from FIRST fared, a JSON list: `paid`, `sold out`, or what failed.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import urlsplit

import requests

from tests.shoppers import Shopper

PATIENCE = 90
BUYER = {
    "email": "robin@example.org",
    "name": "Robin Reader",
    "line1": "1 Paper Street",
    "city": "Leeds",
    "postal_code": "LS1 1AA",
    "country": "GB",
}


def fill(site: str, product: int, number: int) -> Shopper:
    """Return a shopper at an address of their own, with one piece in the basket."""
    shopper = Shopper(site, f"198.51.{number // 250}.{number % 250 + 1}")
    shopper.add(product)
    return shopper


def buy(stripe: str, shopper: Shopper) -> str:
    """Press *Pay* until Stripe's page comes or the shop says there are none left."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        page = shopper.basket()
        if "sold out" in page.lower():
            return "sold out"
        answer = shopper.pay()
        if answer.headers.get("Location", "").startswith(stripe):
            return pay(stripe, shopper, answer.headers["Location"])
        if answer.status_code >= 400:
            return f"{answer.status_code} from Pay"
        time.sleep(0.1)  # too many at Stripe just now: nothing was charged, try again
    return "never told"


def pay(stripe: str, shopper: Shopper, payment_page: str) -> str:
    """Pay at the payment page and come back."""
    session = urlsplit(payment_page).path.rpartition("/")[2]
    answer = requests.post(f"{stripe}/_control/sessions/{session}/pay", json=BUYER, timeout=60).json()
    if answer["outcome"] != "paid":
        return f"{answer['outcome']} at Stripe"
    thanks = shopper.get(answer["redirect_url"])
    return (
        "paid"
        if thanks.ok and "/orders/" in thanks.url
        else f"{thanks.status_code} after paying: {thanks.url}"
    )


def main(site: str, stripe: str, product: str, first: str, number: str) -> None:
    numbers = range(int(first), int(first) + int(number))
    with ThreadPoolExecutor(len(numbers)) as pool:
        shoppers = list(pool.map(partial(fill, site, int(product)), numbers))
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(list(pool.map(partial(buy, stripe), shoppers))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
