"""The product list: filters with their counts, ways out of nothing, one card a product."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.models import Category, Product
from shop.partner.models import StockRecord
from tests.factories import MadeProduct, a_design, a_garment, a_product, an_article

pytestmark = pytest.mark.django_db


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def path_of(product: MadeProduct) -> str:
    return f"/catalogue/{product.parent.slug}_{product.parent.pk}/"


def cards_in(text: str) -> list[str]:
    """The products' addresses in their order, without what is chosen of them."""
    return re.findall(r'<h3 class="card__title"><a href="([^"?]+)', text)


def count_of(text: str, kind: str, code: str) -> int:
    """What the form says a value would show."""
    label = re.search(rf'<input type="checkbox" id="{kind}-{code}".*?</label>', text, re.DOTALL)
    assert label, f"{kind} {code} is not offered"
    return int(re.search(r'chip__count">(\d+)<', label[0])[1])


def is_offered(text: str, kind: str, code: str) -> bool:
    return f'id="{kind}-{code}"' in text


def empty(product: MadeProduct, **which) -> None:
    StockRecord.objects.filter(product__parent=product.parent, **which).update(num_in_stock=0)


def test_each_value_says_how_many_products_it_would_show(client):
    a_product(colours=["red", "white"], sizes=["S"])
    a_product(colours=["white"], sizes=["S", "M"])
    text = text_of(client, "/catalogue/?colour=red")
    assert [count_of(text, "colour", "red"), count_of(text, "colour", "white")] == [1, 2]
    assert [count_of(text, "size", "S"), count_of(text, "size", "M")] == [1, 0]
    assert 'id="size-M" name="size" value="M" disabled' in text
    assert 'id="colour-red" name="colour" value="red" checked' in text
    assert '<p class="list__count" role="status">1 product</p>' in text


def test_size_colour_and_stock_are_asked_of_the_same_variant(client):
    product = a_product(colours=["red", "white"], sizes=["S", "M"])
    empty(product, product__colour__code="red", product__size__code="M")
    assert cards_in(text_of(client, "/catalogue/?colour=red&size=M")) == [path_of(product)]
    assert cards_in(text_of(client, "/catalogue/?colour=red&size=M&in_stock=1")) == []
    assert cards_in(text_of(client, "/catalogue/?size=M&in_stock=1")) == [path_of(product)]


def test_what_is_chosen_can_be_taken_away_one_by_one_or_all_at_once(client):
    a_product(colours=["red", "white"])
    text = text_of(client, "/catalogue/?colour=white&colour=red&in_stock=1&sort=name")
    for url in (
        "/catalogue/?colour=white&amp;in_stock=1&amp;sort=name",
        "/catalogue/?colour=red&amp;in_stock=1&amp;sort=name",
        "/catalogue/?colour=red&amp;colour=white&amp;sort=name",
    ):
        assert re.search(rf'<a class="chip chip--on"[^>]*href="{re.escape(url)}"', text), url
    assert '<a class="bar__clear" data-list href="/catalogue/">' in text


def test_one_address_for_the_same_contents(client):
    a_product(colours=["red", "white"])
    text = text_of(
        client, "/catalogue/?sort=price&colour=white&colour=red&colour=red&size=&mauve=1&price_to=x"
    )
    assert re.search(
        r'<link rel="canonical" href="[^"]+/catalogue/\?colour=(?:red&amp;colour=white|white&amp;colour=red)">',
        text,
    )
    assert 'content="noindex, follow"' in text
    one = text_of(client, "/catalogue/?colour=red")
    assert 'content="noindex' not in one


def test_prices_are_filtered_by_range(client):
    cheap, dear = a_product(price="12.00"), a_product(price="48.50")
    assert cards_in(text_of(client, "/catalogue/?price_to=20")) == [path_of(cheap)]
    text = text_of(client, "/catalogue/?price_from=48&price_to=49")
    assert cards_in(text) == [path_of(dear)]
    assert 'name="price_from" value="48" placeholder="12"' in text
    assert re.search(
        r'href="/catalogue/\?price_from=10&amp;price_to=20"[^>]*>£10 to £20 <span class="chip__count">1<',
        text,
    )


def test_a_story_filters_by_its_designs(client):
    product, other = a_product(), a_product()
    article = an_article(product.parent.design)
    text = text_of(client, f"/catalogue/?story={article.slug}")
    assert cards_in(text) == [path_of(product)]
    assert f'<a href="/stories/{article.slug}/">{article.title}</a>' in text
    assert f'href="/catalogue/?story={article.slug}"' in text_of(client, f"/stories/{article.slug}/")
    assert path_of(other) in text_of(client, "/catalogue/?story=nope")


@pytest.mark.parametrize(
    "values",
    [{"state": "retracted"}, {"state": "sensitive"}, {"published_at": timezone.now() + timedelta(days=1)}],
)
def test_a_story_that_may_not_sell_filters_nothing(client, values):
    product, other = a_product(), a_product()
    article = an_article(product.parent.design, **values)
    text = text_of(client, f"/catalogue/?story={article.slug}")
    assert cards_in(text) == [path_of(other), path_of(product)]
    assert article.title not in text


def test_an_older_story_can_be_in_the_address(client):
    old = an_article(a_product().parent.design, published_at=timezone.now() - timedelta(days=400))
    for _ in range(12):
        an_article(a_product().parent.design)
    assert not is_offered(text_of(client, "/catalogue/"), "story", old.slug)
    assert len(cards_in(text_of(client, f"/catalogue/?story={old.slug}"))) == 1
    assert is_offered(text_of(client, f"/catalogue/?story={old.slug}"), "story", old.slug)


@pytest.mark.filterwarnings("ignore:Using Category.get_tree:DeprecationWarning")
def test_many_values_are_a_list_of_which_the_first_are_shown(client):
    for number in range(9):
        design = a_design()
        design.themes.add(
            Category.objects.add_root(instance=Category(name=f"Theme {number}", slug=f"t{number}"))
        )
        a_product(design=design)
    text = text_of(client, "/catalogue/?theme=t8")
    assert '<details class="more" id="more-theme"><summary>4 more</summary>' in text
    before, after = text.split('id="more-theme"')
    assert is_offered(before, "theme", "t8")
    assert not is_offered(before, "theme", "t4")
    assert is_offered(after, "theme", "t4")


def test_nothing_found_says_what_to_leave_out_and_what_that_shows(client):
    a_product(colours=["red"], sizes=["S"])
    a_product(colours=["white"], sizes=["M"])
    text = text_of(client, "/catalogue/?colour=red&size=M")
    assert "Nothing matches all of that" in text
    assert 'href="/catalogue/?size=M">Without “Red”: 1 product</a>' in text
    assert 'href="/catalogue/?colour=red">Without “M”: 1 product</a>' in text


def test_nothing_in_stock_leads_to_what_is_sold_out(client):
    empty(a_product())
    text = text_of(client, "/catalogue/?in_stock=1")
    assert "Without “In stock”: 1 product" in text


def test_every_sale_that_empties_a_product_shows_in_its_card(client):
    product = a_product(colours=["white"], sizes=["S", "M"])
    empty(product, product__size__code="S")
    assert '<span class="badge">' not in text_of(client, "/catalogue/")
    empty(product)
    assert '<span class="badge">Sold out</span>' in text_of(client, "/catalogue/")


def test_pages_keep_the_filters(client):
    for _ in range(25):
        a_product(colours=["white"], sizes=["S"])
    text = text_of(client, "/catalogue/?colour=white&sort=name")
    assert '<a class="button" rel="next" href="/catalogue/?colour=white&amp;sort=name&amp;page=2">' in text
    text = text_of(client, "/catalogue/?colour=white&sort=name&page=2")
    assert 'rel="prev" href="/catalogue/?colour=white&amp;sort=name">' in text
    assert re.search(r'<link rel="canonical" href="[^"]+/catalogue/\?colour=white&amp;page=2">', text)
    assert len(cards_in(text)) == 1


def test_a_card_shows_and_opens_the_colour_that_was_asked_for(client):
    product = a_product(colours=["white", "black"])
    text = text_of(client, "/catalogue/?colour=white&garment=tshirt")
    assert f'href="{path_of(product)}?colour=white"' in text
    assert text.count('<article class="card') == 1


@pytest.mark.parametrize(
    "query",
    [
        "story=%27",
        "story=" + "a" * 3000,
        "colour=%27&size=%27%22%3E",
        "price_from=%D9%A3",
        "sort=%27",
        "theme=%F0%9F%90%8C",
    ],
)
def test_odd_values_are_ignored(client, query):
    a_product()
    assert len(cards_in(text_of(client, f"/catalogue/?{query}"))) == 1


def test_the_home_page_shows_a_product_behind_each_garments_door_once(client):
    shirts = [a_product() for _ in range(2)]
    cushion = a_product(garment=a_garment("cushion"), design=shirts[0].parent.design)
    text = text_of(client, "/")
    assert re.findall(r'<a class="door" href="([^"]+)"', text) == [
        "/catalogue/?garment=cushion",
        "/catalogue/?garment=tshirt",
    ]
    assert re.findall(r'door__count">(\d prints?)<', text) == ["1 print", "2 prints"]
    assert len(cards_in(text)) == 2
    assert path_of(cushion) in text
    Product.objects.update(is_public=False)
    assert "The first prints are drying" in text_of(client, "/")
