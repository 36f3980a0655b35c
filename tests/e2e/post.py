"""The mails a store has handed over, waited for as a person waits: until the one they expect is there."""

import re
import time

from tests.processes import Store

PATIENCE = 20


def mails(store: Store, *words: str) -> list[str]:
    """Return the mails that have all these words, their long lines made whole."""
    whole = [mail.replace("=\n", "").replace("=3D", "=") for mail in store.mails]
    return [mail for mail in whole if all(word in mail for word in words)]


def wait_for(store: Store, *words: str) -> str:
    """Wait for the one mail that has all these words."""
    end = time.monotonic() + PATIENCE
    while not (found := mails(store, *words)) and time.monotonic() < end:
        time.sleep(0.1)
    assert len(found) == 1, f"{len(found)} mails with {words}"
    return found[0]


def link(mail: str, pattern: str) -> str:
    """Return the path of the mail's first link to our site that matches."""
    found = re.search(rf"https?://[^/\s]+({pattern})", mail)
    assert found is not None, f"no link like {pattern}"
    return found[1]
