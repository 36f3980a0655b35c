"""The store in French: a purchase and a donation from the first page to the mail, and no English word on the way."""

import re
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Message
from django.test import Client
from django.utils import translation

from shop.customer import alerts
from shop.customer.models import ProductAlert
from shop.donations.models import Donation
from shop.emails.models import Mail
from shop.order.models import Order
from shop.pages.defaults import PAGES
from shop.payments.models import Payment
from shop.shipping import selectors as shipping
from tests.cases.walking import SESSIONS
from tests.factories import a_product
from tests.giving import SAME_ORIGIN
from tests.paying import BUYER
from tests.public_pages import a_full_store
from tests.translations import translated

pytestmark = pytest.mark.django_db

#: Attributes whose value people see or hear.
_READ = ("alt", "aria-label", "placeholder", "title", "data-words", "data-one", "data-many", "data-said")


class _Words(HTMLParser):
    """Gathers what a page says: its texts and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self._is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_code = tag in ("script", "style")
        self.said |= {" ".join(value.split()) for name, value in attrs if name in _READ and value}

    def handle_endtag(self, tag: str) -> None:
        self._is_code = False

    def handle_data(self, data: str) -> None:
        if not self._is_code:
            self.said.add(" ".join(data.split()))


def words_of(page: str) -> set[str]:
    reader = _Words()
    reader.feed(page)
    return reader.said - {""}


@pytest.fixture(scope="module")
def english() -> re.Pattern[str]:
    """What no French page says: the English texts whose French differs, whatever stands in their placeholders."""
    pairs = [pair for message in translated("fr") if message.id for pair in _pairs(message)]
    texts = {text for text, french in pairs if text != french and _is_telling(text)}
    return re.compile("|".join(_pattern(" ".join(text.split())) for text in sorted(texts)))


def _pairs(message: Message) -> list[tuple[str, str]]:
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, message.string, strict=True))


def _is_telling(text: str) -> bool:
    """A placeholder with hardly a word of its own beside it (`%(a)s to %(b)s`) fits names of the catalogue too."""
    return "%(" not in text or len(re.sub(r"%\(\w+\)[sd]", "", text)) > 8


def _pattern(text: str) -> str:
    return ".+".join(re.escape(part.replace("%%", "%")) for part in re.split(r"%\(\w+\)[sd]", text))


def assert_french(page: str, english: re.Pattern[str]) -> None:
    assert '<html lang="fr">' in page
    assert sorted(said for said in words_of(page) if english.fullmatch(said)) == []


def test_the_scan_finds_english(client: Client, english: re.Pattern[str]) -> None:
    found = {said for said in words_of(client.get("/").content.decode()) if english.fullmatch(said)}
    assert {"Basket", "Stories", "Search"} <= found


def test_no_public_page_below_fr_says_anything_in_english(client: Client, english: re.Pattern[str]) -> None:
    made = a_full_store()
    paths = ["/", "/catalogue/", made["design"], made["product"], f"{made['product']}size/?width=52"]
    paths += [f"{made['product']}delivery/?country=FR", "/search/?q=design", "/search/?q=zzzz"]
    paths += ["/stories/", made["story"], "/donate/", *(f"/pages/{slug}/" for slug in PAGES)]
    for path in paths:
        answer = client.get(f"/fr{path}")
        assert answer.status_code == 200, path
        assert_french(answer.content.decode(), english)


def test_no_private_page_below_fr_says_anything_in_english(client: Client, english: re.Pattern[str]) -> None:
    for path in ("/basket/", "/orders/find/", "/wishlist/", "/account/log-in/", "/account/new/"):
        answer = client.get(f"/fr{path}", follow=True)
        assert answer.status_code == 200, path
        assert_french(answer.content.decode(), english)


def test_a_page_that_is_not_there_says_so_in_french(client: Client, english: re.Pattern[str]) -> None:
    answer = client.get("/fr/nowhere/")
    assert answer.status_code == 404
    assert_french(answer.content.decode(), english)


def test_a_shirt_is_bought_in_french(fake, client: Client, english: re.Pattern[str]) -> None:
    product = a_product(stock=5)
    page = client.get("/fr/catalogue/").content.decode()
    path = f"/fr/catalogue/{product.parent.slug}_{product.parent.pk}/"
    assert f'href="{path}' in page
    page = client.get(path).content.decode()
    action = re.search(r'action="(/fr/basket/add/\d+/)"', page)
    assert action
    chosen = {"colour": "white", "size": "S", "quantity": "1"}
    assert client.post(action[1], chosen, headers=SAME_ORIGIN)["Location"] == "/fr/basket/"
    basket = client.get("/fr/basket/").content.decode()
    assert_french(basket, english)
    assert '<option value="GB" selected>Royaume-Uni</option>' in basket
    total = re.search(r'name="total" value="([0-9.]+)"', basket)
    assert total
    paying = client.post("/fr/checkout/pay/", {"total": total[1]})
    assert paying.status_code == 303
    (request,) = fake.requests("POST", SESSIONS)
    sent = request["params"]
    assert sent["locale"] == "fr"
    assert sent["success_url"].startswith("http://testserver/fr/checkout/return/")
    assert sent["cancel_url"].startswith("http://testserver/fr/checkout/cancelled/")
    session = Payment.objects.get().session_id
    fake.pay(session, **BUYER)
    thanks = client.get("/fr/checkout/return/", {"session_id": session}, follow=True)
    order = Order.objects.get()
    assert (order.status, order.language) == ("paid", "fr")
    assert thanks.redirect_chain[-1][0].startswith(f"/fr/orders/{order.number}/")
    assert_french(thanks.content.decode(), english)
    mail = Mail.objects.get(kind="confirmation")
    assert mail.headline == f"Merci – nous avons votre commande {order.number}"
    assert "Votre paiement est arrivé" in mail.text
    assert f"/fr/orders/{order.number}/" in mail.text
    assert [change.by for change in order.status_changes.order_by("pk")] == ["shopper", "Stripe"]


def test_countries_stand_in_the_order_of_their_french_names() -> None:
    with translation.override("fr"):
        names = [place.shown for place in shipping.destinations()]
    assert [name for name in names if name in ("Allemagne", "États-Unis", "Espagne", "Finlande")] == [
        "Allemagne",
        "Espagne",
        "États-Unis",
        "Finlande",
    ]


def test_a_donation_made_in_french_is_thanked_for_in_french(fake, client: Client) -> None:
    form = {"frequency": "once", "amount": "", "other": "12,50", "message": ""}
    assert client.post("/fr/donate/", form, headers=SAME_ORIGIN).status_code == 303
    donation = Donation.objects.get()
    assert (str(donation.amount), donation.language) == ("12.50", "fr")
    session = Payment.objects.get().session_id
    fake.pay(session, **BUYER)
    page = client.get("/fr/donate/thanks/", {"session_id": session}, follow=True).content.decode()
    assert "Votre don est arrivé" in page
    assert Mail.objects.get().headline == "Merci – votre don de 12,50 £GB"


def test_a_comma_is_no_point_in_english(client: Client) -> None:
    form = {"frequency": "once", "amount": "", "other": "12,50", "message": ""}
    answer = client.post("/donate/", form, headers=SAME_ORIGIN)
    assert "Please write the amount in figures" in answer.content.decode()
    assert not Donation.objects.exists()


def test_who_asks_in_french_is_written_to_in_french() -> None:
    with translation.override("fr"):
        alerts.ask(variant=a_product(stock=0).first, email="robin@example.org", client="somebody")
    assert ProductAlert.objects.get().language == "fr"
    assert alerts.greet_new() == 1
    mail = Mail.objects.get()
    assert mail.headline == "Voulez-vous que nous vous écrivions à son retour ?"
    assert "/fr/alerts/confirm/" in mail.text
