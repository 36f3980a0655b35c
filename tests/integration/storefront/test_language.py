"""The language of a page is in its address and nowhere else."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from shop import money
from shop.language import alternates, tag
from shop.shipping.models import DeliveryMethod
from shop.shipping.names import KNOWN
from shop.shipping.reference import METHODS, ZONES

pytestmark = pytest.mark.django_db


def test_an_address_without_a_prefix_is_english_whatever_the_browser_wishes(client: Client) -> None:
    answer = client.get("/stories/", headers={"accept-language": "fr"})
    assert answer["Content-Language"] == "en-gb"
    assert '<html lang="en-GB">' in answer.content.decode()
    assert "Accept-Language" not in answer.get("Vary", "")


def test_an_address_below_fr_is_french_and_says_where_the_english_page_is(client: Client) -> None:
    answer = client.get("/fr/stories/")
    page = answer.content.decode()
    assert answer["Content-Language"] == "fr"
    assert '<html lang="fr">' in page
    assert '<link rel="canonical" href="http://testserver/fr/stories/">' in page
    assert '<link rel="alternate" hreflang="en-gb" href="http://testserver/stories/">' in page
    assert '<link rel="alternate" hreflang="x-default" href="http://testserver/stories/">' in page
    assert '<a href="/stories/" lang="en-gb" hreflang="en-gb">English</a>' in page
    assert '<a href="/fr/stories/" lang="fr" hreflang="fr" aria-current="true">Français</a>' in page


def test_a_french_page_leads_to_french_pages_only(client: Client) -> None:
    page = client.get("/fr/pages/delivery/").content.decode()
    assert 'href="/fr/catalogue/"' in page
    assert 'href="/catalogue/"' not in page


@pytest.mark.parametrize(
    "path", ["/en-gb/stories/", "/fr/healthz", "/fr/webhooks/stripe/", "/fr/admin/", "/de/"]
)
def test_what_is_not_said_in_that_language_is_not_there(path: str, client: Client) -> None:
    assert client.get(path).status_code == 404


def test_the_same_page_in_each_language_keeps_what_was_asked() -> None:
    assert [(a.code, a.url, a.is_current) for a in alternates("/fr/search/?q=soup")] == [
        ("en-gb", "/search/?q=soup", False),
        ("fr", "/fr/search/?q=soup", True),
    ]


def test_a_path_that_only_begins_like_a_language_is_english() -> None:
    assert [a.url for a in alternates("/friends/")] == ["/friends/", "/fr/friends/"]


def test_money_is_written_as_the_language_writes_it() -> None:
    with translation.override("fr"):
        assert money.shown(Decimal("1234.50")) == "1\u202f234,50\u00a0£GB"
        assert tag() == "fr"
    with translation.override("en-gb"):
        assert money.shown(Decimal("1234.50")) == "£1,234.50"
        assert tag() == "en-GB"


def test_what_a_new_store_begins_with_is_named_in_the_pages_language(client: Client) -> None:
    page = client.get("/fr/pages/delivery/").content.decode()
    assert "<h2>Reste du monde</h2>" in page
    assert "<strong>Suivi, 48 heures</strong>" in page
    assert "<h2>Rest of the world</h2>" in client.get("/pages/delivery/").content.decode()


def test_every_name_a_new_store_begins_with_is_known() -> None:
    methods = [row[1] for rows in METHODS.values() for row in rows]
    assert sorted(map(str, KNOWN)) == sorted([*(name for name, _vat in ZONES.values()), *methods])


def test_a_name_that_staff_gave_stands_as_it_is(client: Client) -> None:
    DeliveryMethod.objects.filter(code="uk-express").update(name="By pigeon")
    assert "<strong>By pigeon</strong>" in client.get("/fr/pages/delivery/").content.decode()


def test_a_text_is_looked_up_once_in_each_language(client: Client) -> None:
    client.get("/pages/about/")
    spoken = {code: trans_real.translation(code).gettext for code in ("en-gb", "fr")}
    assert {code: gettext("Basket") for code, gettext in spoken.items()} == {
        "en-gb": "Basket",
        "fr": "Panier",
    }
    before = {code: gettext.cache_info().misses for code, gettext in spoken.items()}
    assert {code: gettext("Basket") for code, gettext in spoken.items()} == {
        "en-gb": "Basket",
        "fr": "Panier",
    }
    assert {code: gettext.cache_info().misses for code, gettext in spoken.items()} == before
