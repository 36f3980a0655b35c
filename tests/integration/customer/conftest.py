"""What the tests of accounts do: read the mails, follow their links, log in."""

import re

import pytest
from django.test import Client

from shop.emails.models import Mail
from tests.factories import PASSWORD, a_user
from tests.till import fake, stand_in  # noqa: F401  (fixtures)


def path_in_mail(to: str) -> str:
    """Return the path of the button in the newest mail to an address."""
    mail = Mail.objects.filter(to=to).order_by("-pk").first()
    assert mail is not None
    found = re.search(r"http://testserver(/\S+)", mail.text)
    assert found, mail.text
    assert found[1] in mail.html
    return found[1]


def headlines(to: str) -> list[str]:
    return list(Mail.objects.filter(to=to).order_by("pk").values_list("headline", flat=True))


def log_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post("/account/log-in/", {"email": email, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.fixture
def ada(db):
    return a_user("ada@example.org", first_name="Ada")


@pytest.fixture
def member(client, ada):
    """Ada's browser, logged in."""
    assert log_in(client, "ada@example.org").status_code == 302
    return client
