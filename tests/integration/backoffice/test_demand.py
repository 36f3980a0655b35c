"""What to print again: on the home page, beside the stock, on a product's page; and who waits."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shop.customer.demand import PICKS_COUNT_FOR, demand
from shop.customer.models import ProductAlert
from shop.stock.models import SoldOutPick
from tests.factories import MadeProduct, a_design, a_product, record_of

PAGE = "/admin/partner/stockrecord/demand/"


def waiting(product: MadeProduct, colour: str, size: str, number: int, status: str = "Active") -> None:
    """So many people wait for the variant."""
    variant = product.variants[colour, size]
    ProductAlert.objects.bulk_create(
        ProductAlert(product=variant, email=f"r{n}@example.org", status=status) for n in range(number)
    )


def picked(product: MadeProduct, colour: str, size: str, number: int, *, days_ago: int = 0) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    record = record_of(product.variants[colour, size])
    SoldOutPick.objects.create(stockrecord=record, day=day, picks=number)


@pytest.fixture
def product(db: None) -> MadeProduct:
    made = a_product(design=a_design(title="Ask Again"), stock=0)
    waiting(made, "white", "S", 4)
    waiting(made, "white", "M", 2)
    picked(made, "white", "M", 6, days_ago=3)
    picked(made, "white", "M", 5)
    waiting(made, "black", "L", 9)
    return made


def test_it_is_said_as_a_printer_is_told(product: MadeProduct) -> None:
    (one,) = demand()
    assert one.words == "Black: L 9 · White: S 4, M 11"
    assert (one.wanted, one.asked, one.picked) == (24, 15, 11)


def test_unconfirmed_old_and_answered_wishes_do_not_count(db: None) -> None:
    made = a_product(stock=0)
    waiting(made, "white", "S", 3, status="Unconfirmed")
    waiting(made, "white", "M", 3, status="Closed")
    picked(made, "white", "L", 3, days_ago=PICKS_COUNT_FOR.days + 1)
    assert demand() == []


def test_what_is_in_stock_or_hidden_is_not_printed_again(db: None) -> None:
    there, hidden = a_product(stock=1), a_product(stock=0, is_public=False)
    for made in (there, hidden):
        waiting(made, "white", "S", 3)
    assert demand() == []


def test_the_most_wanted_comes_first_in_one_query(
    product: MadeProduct, django_assert_num_queries: Callable
) -> None:
    more = a_product(stock=0)
    picked(more, "white", "S", 50)
    with django_assert_num_queries(1):
        assert [one.product for one in demand()] == [more.parent, product.parent]
    assert [one.product for one in demand(product.parent)] == [product.parent]


def test_the_page_lists_it_and_the_home_page_leads_there(staff: Client, product: MadeProduct) -> None:
    page = staff.get(PAGE).content.decode()
    assert "Black: L 9 · White: S 4, M 11" in page
    assert f"/admin/catalogue/product/{product.parent.pk}/change/" in page
    home = staff.get("/admin/").content.decode()
    assert f'href="{PAGE}"' in home
    assert f"{product.parent.title}: Black: L 9 · White: S 4, M 11" in home


def test_a_products_page_says_it_too(staff: Client, product: MadeProduct) -> None:
    page = staff.get(f"/admin/catalogue/product/{product.parent.pk}/change/").content.decode()
    assert "Black: L 9 · White: S 4, M 11 (asked for 15, chosen 11 times)" in page
    other = a_product()
    page = staff.get(f"/admin/catalogue/product/{other.parent.pk}/change/").content.decode()
    assert "Nothing is missing." in page


def test_without_demand_the_page_says_so(staff: Client, db: None) -> None:
    assert "Nothing is missing" in staff.get(PAGE).content.decode()


def test_who_may_not_see_the_stock_may_not_see_the_demand(
    helper: Callable[..., Client], product: MadeProduct
) -> None:
    assert helper("order.view_order").get(PAGE).status_code == 403
    assert helper("partner.view_stockrecord").get(PAGE).status_code == 200


def test_requests_are_found_by_address_and_never_edited(staff: Client, product: MadeProduct) -> None:
    page = staff.get("/admin/customer/productalert/", {"q": "r8@example.org"}).content.decode()
    assert "r8@example.org" in page
    assert "r7@example.org" not in page
    request = ProductAlert.objects.first()
    url = f"/admin/customer/productalert/{request.pk}/change/"
    assert request.email in staff.get(url).content.decode()
    assert staff.post(url, {"email": "other@example.org"}).status_code == 403
    assert staff.get("/admin/customer/productalert/add/").status_code == 403
