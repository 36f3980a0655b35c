"""Every page is sound HTML, in each language and in the states a shopper can bring it to."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import PASSWORD, a_basket_with, a_product, a_user, record_of
from tests.markup import problems
from tests.public_pages import ADDRESSES, a_full_store

pytestmark = pytest.mark.django_db

OURS = {"sec-fetch-site": "same-origin"}
#: Public, but no pages: what other programs read.
MACHINES = {
    "robots",
    "sitemap",
    "sitemap_part",
    "merchant_feed",
    "new_feed",
    "oembed",
    "search:suggest",
    "shop_story",
}
#: Pages that nothing has to be made for.
OTHERS = [
    "/pages/about/", "/pages/returns/", "/pages/privacy/", "/pages/terms/", "/pages/accessibility/",
    "/catalogue/?colour=nope&garment=cushion&size=XS", "/search/", "/search/?q=zzzz", "/no-such-page/", "/basket/",
    "/wishlist/", "/orders/find/", "/account/log-in/", "/account/new/", "/account/forgotten/", "/embed/?article=none",
    "/buy/NONE", "/stories/none/",
]  # fmt: skip
ACCOUNT = ["", "orders/", "addresses/", "alerts/", "details/", "data/", "erase/"]


def said_of(client: Client, path: str) -> list[str]:
    """Return what is wrong with a page; nothing at all for a frame that shows nothing."""
    response = client.get(path)
    assert response["Content-Type"] == "text/html; charset=utf-8", path
    found = problems(response.content.decode())
    is_empty_frame = path.startswith("/embed/") and response.status_code == 404
    return [] if is_empty_frame else [f"{path}: {each}" for each in found]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_public_pages_are_sound(client, language):
    made = a_full_store()
    prefix = "" if language == settings.LANGUAGE_CODE else f"/{language}"
    paths = [address.format(**made) for name, address in ADDRESSES.items() if name not in MACHINES]
    paths = [path if path.startswith("/embed/") else prefix + path for path in [*paths, *OTHERS]]
    assert [problem for path in paths for problem in said_of(client, path)] == []


def test_a_product_in_every_state_is_sound(client):
    sold_out, few, bare = a_product(stock=0), a_product(stock=2), a_product(colours=[], sizes=[])
    alone = a_product(sizes=["M"], colours=["white"])
    paths = [f"/catalogue/{each.parent.slug}_{each.parent.pk}/" for each in (sold_out, few, bare, alone)]
    paths += ["/", "/catalogue/", f"/alerts/{sold_out.first.pk}/"]
    assert [problem for path in paths for problem in said_of(client, path)] == []


def test_a_basket_with_something_to_say_is_sound(client):
    product, gone = a_product(stock=5), a_product(stock=1)
    for variant in (product.first, gone.first):
        client.post(f"/basket/add/{variant.pk}/", {"quantity": "1"}, headers=OURS)
    client.post("/basket/voucher/", {"code": "NOPE"}, headers=OURS)
    type(record_of(gone.first)).objects.filter(pk=record_of(gone.first).pk).update(num_in_stock=0)
    assert said_of(client, "/basket/") == []
    client.post(f"/wishlist/add/{product.first.pk}/", headers=OURS)
    assert said_of(client, "/wishlist/") == []


def test_the_pages_of_an_account_are_sound(client):
    user = a_user()
    assert client.login(username=user.email, password=PASSWORD)
    a_basket_with((a_product().first, 1), owner=user)
    assert [problem for page in ACCOUNT for problem in said_of(client, f"/account/{page}")] == []


def test_the_pages_for_when_something_is_wrong_are_sound():
    client = Client(enforce_csrf_checks=True)
    product = a_product()
    answers = [
        client.get("/checkout/pay/"),
        client.post("/basket/voucher/", {"code": "x"}),
        client.post(f"/basket/add/{product.first.pk}/", headers={"sec-fetch-site": "cross-site"}),
        client.post(f"/buy/{record_of(product.first).partner_sku}", headers={"sec-fetch-site": "cross-site"}),
        client.post("/basket/add/1/", {str(n): n for n in range(2000)}),
    ]
    assert [each.status_code for each in answers] == [405, 403, 403, 403, 400]
    assert [problem for each in answers for problem in problems(each.content.decode())] == []
