from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from oscar.apps.offer.models import Range
from oscar.apps.voucher.models import Voucher

from catalogue.models import Garment
from shop.checkout.quote import Quote, quote
from shop.order.models import Order
from shop.shipping.models import DeliveryMethod, Destination, Zone
from shop.stock import services as ledger
from tests.factories import a_basket, a_basket_with, a_garment, a_product, record_of
from tests.unit.checkout.makers import NOW, a_voucher, an_offer, with_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def priced(*wanted, voucher: Voucher | None = None, **values) -> Quote:
    basket = a_basket_with(*wanted, **values)
    return quote(with_voucher(basket, voucher) if voucher else basket, now=NOW)


def assert_sums(q: Quote) -> None:
    assert sum(line.total for line in q.lines) + q.delivery + q.gift == q.total
    assert sum(line.before for line in q.lines) == q.goods
    assert q.goods - q.discount == sum(line.total for line in q.lines)
    assert all(D(0) <= line.total <= line.before for line in q.lines)
    assert q.net + q.vat == q.total
    assert q.vat == sum((line.vat for line in q.lines), q.delivery_vat)


def test_goods_and_delivery_sum_to_the_total():
    q = priced((a_product(price="12.50").first, 2))
    assert (q.goods, q.discount, q.delivery, q.total) == (D("25.00"), D(0), D("3.95"), D("28.95"))
    assert (q.lines[0].vat, q.delivery_vat, q.vat) == (D("4.17"), D("0.66"), D("4.83"))
    assert q.net == D("24.12")
    assert q.is_payable


def test_a_new_basket_costs_nothing_and_cannot_be_paid():
    q = quote(a_basket().__class__(), now=NOW)
    assert (q.total, q.delivery, q.lines, q.pieces) == (D(0), D(0), (), 0)
    assert not q.is_payable


def test_ten_percent_off_three_odd_prices_is_right_to_the_penny():
    made = a_product(price="9.99", colours=["white"])
    variants = list(made.variants.values())
    q = priced(*[(v, 1) for v in variants], voucher=a_voucher("TEN", an_offer("Percentage", "10")))
    assert q.discount == D("3.00")  # 29.97 × 0.9 = 26.973
    assert [line.total for line in q.lines] == [D("8.99"), D("8.99"), D("8.99")]
    assert q.vouchers[0].saved == D("3.00")
    assert_sums(q)


def test_ten_pounds_off_three_at_nine_ninety_nine_loses_no_penny():
    made = a_product(price="9.99", colours=["white"])
    q = priced(
        *[(v, 1) for v in made.variants.values()], voucher=a_voucher("TENNER", an_offer("Absolute", "10"))
    )
    assert q.discount == D("10.00")
    assert sorted(line.total for line in q.lines) == [D("6.65"), D("6.66"), D("6.66")]
    assert q.total == D("19.97") + q.delivery
    assert_sums(q)


def test_an_odd_penny_goes_to_the_earlier_of_equal_lines():
    made = a_product(price="9.99", colours=["white"], sizes=["S", "M"])
    q = priced(
        *[(v, 1) for v in made.variants.values()], voucher=a_voucher("HALF", an_offer("Percentage", "50"))
    )
    assert [line.total for line in q.lines] == [D("5.00"), D("4.99")]


@pytest.mark.parametrize(("pieces", "free"), [(2, 0), (3, 1), (5, 1), (6, 2), (9, 3)])
def test_three_for_two_gives_one_free_for_every_three(pieces, free):
    an_offer("Multibuy", least=3)
    q = priced((a_product(price="10.00", stock=10).first, pieces))
    assert q.discount == D(10) * free
    assert_sums(q)


def test_three_for_two_gives_the_cheapest_free():
    an_offer("Multibuy", least=3)
    dear, cheap = a_product(price="30.00").first, a_product(price="12.00").first
    q = priced((dear, 2), (cheap, 1))
    assert q.discount == D("12.00")
    assert [line.total for line in q.lines] == [D("60.00"), D("0.00")]


def test_three_for_a_fixed_price():
    an_offer("Fixed price", "50", least=3)
    q = priced((a_product(price="19.99").first, 3))
    assert q.lines[0].total == D("50.00")
    assert_sums(q)


def test_a_percentage_passes_over_lines_another_offer_has_taken():
    cushion, shirt = a_product(price="10.00").first, a_product(price="20.00").first
    cushions = Range.objects.create(name="Cushions")
    cushions.add_product(cushion)
    an_offer("Absolute", "2", on=cushions, priority=10)
    an_offer("Percentage", "10")
    q = priced((cushion, 1), (shirt, 1))
    assert [line.total for line in q.lines] == [D("8.00"), D("18.00")]


def test_free_delivery_by_voucher_leaves_the_goods_alone():
    q = priced(
        (a_product(price="20.00").first, 1), voucher=a_voucher("POST", an_offer("Shipping percentage", "100"))
    )
    assert (q.delivery, q.discount, q.total) == (D(0), D(0), D("20.00"))
    assert q.vouchers[0].saved == D("3.95")
    assert q.offers[0].is_delivery
    assert q.idle_vouchers == ()


def test_free_delivery_and_a_percentage_go_together():
    an_offer("Shipping absolute", "2.00")
    q = priced((a_product(price="20.00").first, 1), voucher=a_voucher("TEN", an_offer("Percentage", "10")))
    assert (q.delivery, q.lines[0].total) == (D("1.95"), D("18.00"))


def test_a_voucher_that_changes_nothing_is_named():
    q = priced(
        (a_product(price="50.00").first, 1), voucher=a_voucher("POST", an_offer("Shipping percentage", "100"))
    )
    assert q.delivery == D(0)  # free anyhow from £40
    assert q.idle_vouchers == ("POST",)
    assert q.offers == ()


def test_an_expired_voucher_saves_nothing():
    old = a_voucher("OLD", an_offer("Percentage", "10"), end_datetime=NOW - timedelta(days=1))
    assert priced((a_product().first, 1), voucher=old).idle_vouchers == ("OLD",)


def test_everything_off_leaves_only_delivery_with_its_vat():
    q = priced((a_product(price="9.99").first, 1), voucher=a_voucher("ALL", an_offer("Percentage", "100")))
    assert (q.lines[0].total, q.total, q.delivery_vat) == (D(0), D("3.95"), D("0.66"))
    assert_sums(q)


@pytest.mark.parametrize(("price", "delivery"), [("39.99", "3.95"), ("40.00", "0.00"), ("40.01", "0.00")])
def test_delivery_is_free_from_the_threshold_on(price, delivery):
    assert priced((a_product(price=price).first, 1)).delivery == D(delivery)


def test_the_threshold_counts_goods_after_discounts_and_no_gift():
    voucher = a_voucher("ONE", an_offer("Absolute", "1"))
    q = priced((a_product(price="40.00").first, 1), voucher=voucher, gift_amount=D("20.00"))
    assert (q.delivery, q.to_free_delivery) == (D("3.95"), D("1.00"))
    assert q.total == D("39.00") + D("3.95") + D("20.00")


def test_a_gift_carries_no_vat_and_no_discount():
    without = priced(
        (a_product(price="20.00").first, 1), voucher=a_voucher("A", an_offer("Percentage", "10"))
    )
    given = priced((a_product(price="20.00").first, 1), voucher=Voucher.objects.get(), gift_amount=D("5.00"))
    assert (given.vat, given.discount) == (without.vat, without.discount)
    assert given.total == without.total + D("5.00")


@pytest.mark.parametrize("country", ["GG", "FR", "US"])
def test_where_no_vat_is_due_the_whole_price_is_net(country):
    q = priced((a_product(price="20.00").first, 1), country=country)
    assert (q.vat_due, q.vat, q.net) == (False, D(0), q.total)
    assert q.lines[0].total == D("20.00")


def test_the_isle_of_man_pays_uk_vat():
    assert priced((a_product().first, 1), country="IM").vat_due


def test_delivery_carries_the_vat_of_the_goods_split_by_value():
    shirt = a_product(price="30.00").first
    book = a_product(price="10.00", garment=a_garment("booklet", vat_code=Garment.VatCode.ZERO)).first
    DeliveryMethod.objects.update(free_from=None, price=D("4.00"))
    q = priced((shirt, 1), (book, 1))
    assert [line.vat for line in q.lines] == [D("5.00"), D("0.00")]
    assert (q.delivery_vat, q.delivery_vat_code) == (D("0.50"), "mixed")  # 20 % in £3.00 of £4.00
    assert_sums(q)


def test_the_chosen_method_is_used_and_an_unknown_one_becomes_the_first():
    shirt = a_product(price="20.00").first
    assert priced((shirt, 1), delivery_code="uk-express").delivery == D("6.95")
    assert priced((shirt, 1), delivery_code="pigeon").delivery_code == "uk-tracked-48"
    DeliveryMethod.objects.filter(code="uk-express").update(is_offered=False)
    assert priced((shirt, 1), delivery_code="uk-express").delivery_code == "uk-tracked-48"


def test_each_option_has_its_price_and_dates():
    q = priced((a_product(price="20.00").first, 1))
    tracked, express = q.delivery_options
    assert (tracked.code, tracked.price, tracked.is_chosen) == ("uk-tracked-48", D("3.95"), True)
    assert (tracked.arrives_from, tracked.arrives_until) == (date(2026, 11, 23), date(2026, 11, 24))
    assert (express.price, express.arrives_from) == (D("6.95"), date(2026, 11, 20))


def test_a_country_we_left_is_a_problem():
    Destination.objects.filter(code="FR").update(is_open=False)
    q = priced((a_product().first, 1), country="FR")
    assert "cannot deliver to FR" in q.problems[0]
    assert not q.is_payable


def test_a_zone_without_methods_is_a_problem():
    DeliveryMethod.objects.filter(zone=Zone.objects.get(code="eu")).delete()
    assert not priced((a_product().first, 1), country="FR").is_payable


def test_problems_of_lines_are_said_in_plain_words():
    some, none, hidden = a_product(stock=2).first, a_product(stock=0).first, a_product(is_public=False).first
    q = priced((some, 3), (none, 1), (hidden, 1))
    assert [line.problem for line in q.lines] == [
        "Only 2 left.",
        "Sold out. Please remove it.",
        "No longer sold. Please remove it.",
    ]
    assert not q.is_payable


def test_more_pieces_than_an_order_may_have_is_a_problem():
    variants = list(a_product(stock=10, colours=["white"]).variants.values())
    assert priced((variants[0], 10), (variants[1], 10)).problems == ()
    assert priced((variants[0], 10), (variants[1], 10), (variants[2], 1)).problems == (
        "At most 20 pieces in one order.",
    )


def test_a_total_below_stripes_minimum_is_a_problem_but_nothing_is_not():
    an_offer("Shipping percentage", "100")
    assert "smallest payment is £0.30" in priced((a_product(price="0.29").first, 1)).problems[0]
    assert priced((a_product(price="0.30").first, 1)).is_payable
    assert priced((a_product(price="0.00").first, 1)).is_payable


def test_what_the_baskets_own_unfinished_order_holds_is_no_problem_but_said():
    shirt = a_product(stock=2).first
    basket = a_basket_with((shirt, 2))
    record = record_of(shirt)
    order = Order.objects.create(number="OWN", basket_id=basket.pk, total_incl_tax=1, total_excl_tax=1)
    order.lines.create(product=shirt, stockrecord=record, quantity=2, num_allocated=2, **_line_figures())
    with transaction.atomic():
        ledger.allocate(steps=[ledger.Step(record.pk, 2, "own")])
    line = quote(basket, now=NOW).lines[0]
    assert line.problem == ""
    assert "Still held by your payment" in line.note
    assert priced((shirt, 1)).lines[0].problem == "Sold out. Please remove it."


def _line_figures() -> dict:
    names = ("line_price_incl_tax", "line_price_excl_tax")
    before = ("line_price_before_discounts_incl_tax", "line_price_before_discounts_excl_tax")
    return {name: D(1) for name in (*names, *before)} | {
        "partner_name": "x",
        "partner_sku": "x",
        "title": "x",
    }


def test_a_single_use_voucher_in_the_baskets_own_unfinished_order_still_counts():
    voucher = a_voucher("ONCE", an_offer("Percentage", "10"), usage=Voucher.SINGLE_USE)
    shirt = a_product(price="20.00").first
    basket = with_voucher(a_basket_with((shirt, 1)), voucher)
    order = Order.objects.create(number="OWN", basket_id=basket.pk, total_incl_tax=1, total_excl_tax=1)
    voucher.record_usage(order, AnonymousUser())
    assert quote(basket, now=NOW).vouchers[0].saved == D("2.00")
    assert priced((shirt, 1), voucher=voucher).idle_vouchers == ("ONCE",)


def test_prices_are_read_afresh():
    shirt = a_product(price="20.00").first
    basket = a_basket_with((shirt, 1))
    assert quote(basket, now=NOW).goods == D("20.00")
    record = record_of(shirt)
    record.price = D("21.00")
    record.save()
    assert quote(basket, now=NOW).goods == D("21.00")


def test_the_fingerprint_changes_with_everything_that_is_paid_for_or_delivered():
    shirt, other = a_product(price="20.00").first, a_product(price="20.00").first
    base = priced((shirt, 1)).fingerprint
    assert priced((shirt, 1)).fingerprint == base
    voucher = a_voucher("TEN", an_offer("Percentage", "10"))
    variations = [
        priced((shirt, 2)),
        priced((other, 1)),
        priced((shirt, 1), country="IM"),
        priced((shirt, 1), delivery_code="uk-express"),
        priced((shirt, 1), gift_note="For you"),
        priced((shirt, 1), hide_prices=True),
        priced((shirt, 1), plain_parcel=True),
        priced((shirt, 1), gift_amount=D("1.00")),
        priced((shirt, 1), voucher=voucher),
    ]
    assert len({base, *(q.fingerprint for q in variations)}) == 10


def test_lines_say_what_pages_show():
    made = a_product(price="20.00")
    line = priced((made.variants["black", "M"], 1)).lines[0]
    assert (line.title, line.colour, line.size) == (made.parent.title, "Black", "M")
    assert line.url == f"/catalogue/{made.parent.slug}_{made.parent.pk}/?variant={line.sku}"
    assert line.image_alt == f"{made.parent.title} in Black"


@pytest.mark.parametrize(("offers", "queries"), [(0, 10), (1, 16)])
def test_pricing_takes_the_same_queries_for_one_line_and_for_many(offers, queries, django_assert_num_queries):
    for _number in range(offers):
        an_offer("Percentage", "10")
    few = a_basket_with((a_product().first, 1))
    many = a_basket_with(*[(a_product().first, 1) for _number in range(8)])
    for basket in (few, many):
        with django_assert_num_queries(queries):
            quote(basket, now=NOW)


def test_a_discount_of_less_than_a_penny_is_none():
    voucher = a_voucher("FOUR", an_offer("Percentage", "4"))
    q = priced((a_product(price="0.02", stock=10).first, 7), voucher=voucher)
    assert (q.goods, q.discount, q.offers, q.idle_vouchers) == (D("0.14"), D(0), (), ("FOUR",))
