"""What is saved for later: the same for a guest and an account, and brought along on log-in."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from oscar.apps.wishlists.models import Line, WishList

from catalogue.models import Product
from shop.basket import services
from shop.basket.errors import BasketFrozen, NoSuchLine, SoldOut
from shop.customer import wishlist
from shop.customer.wishlist_selectors import saved
from tests.factories import a_basket, a_basket_with, a_product, a_user, record_of

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture(params=["guest", "account"])
def mine(request: pytest.FixtureRequest) -> wishlist.Wishlist:
    if request.param == "guest":
        return wishlist.GuestList(SessionStore())
    return wishlist.AccountList(a_user())


def test_a_variant_is_saved_once_and_the_greater_number_counts(mine):
    shirt = a_product().first
    for quantity in (1, 3, 2):
        wishlist.save(wishlist=mine, variant=shirt, quantity=quantity)
    assert mine.pieces() == {shirt.pk: 3}


def test_things_stay_in_the_order_they_were_saved_and_are_shown_last_first(mine):
    made = a_product()
    variants = [made.variants["white", size] for size in ("M", "S", "L")]
    for variant in variants:
        wishlist.save(wishlist=mine, variant=variant)
    assert list(mine.pieces()) == [variant.pk for variant in variants]
    assert [one.pk for one in saved(mine.pieces())] == [variant.pk for variant in reversed(variants)]


def test_what_is_taken_out_is_gone_and_taking_it_again_is_fine(mine):
    made = a_product()
    for variant in (made.variants["white", "S"], made.variants["white", "M"]):
        wishlist.save(wishlist=mine, variant=variant)
    mine.take(made.variants["white", "S"].pk)
    mine.take(made.variants["white", "S"].pk)
    assert mine.pieces() == {made.variants["white", "M"].pk: 1}


def test_taking_out_what_no_database_can_number_is_fine(mine):
    shirt = a_product().first
    wishlist.save(wishlist=mine, variant=shirt)
    mine.take(10**25)
    assert mine.pieces() == {shirt.pk: 1}


def test_what_is_not_sold_cannot_be_saved(mine):
    hidden = a_product(is_public=False).first
    with pytest.raises(wishlist.CannotSave):
        wishlist.save(wishlist=mine, variant=hidden)
    assert mine.pieces() == {}


def test_a_list_has_an_end_but_takes_again_what_it_has(mine, monkeypatch):
    monkeypatch.setattr(wishlist, "MOST", 2)
    variants = list(a_product().variants.values())
    for variant in variants[:2]:
        wishlist.save(wishlist=mine, variant=variant)
    with pytest.raises(wishlist.CannotSave):
        wishlist.save(wishlist=mine, variant=variants[2])
    wishlist.save(wishlist=mine, variant=variants[0], quantity=2)
    assert mine.pieces() == {variants[0].pk: 2, variants[1].pk: 1}


def test_a_line_moves_from_the_basket_to_the_list_and_back_with_its_pieces(mine):
    shirt = a_product(stock=5).first
    basket = a_basket_with((shirt, 3))
    assert wishlist.save_line(wishlist=mine, basket=basket, line_id=basket.lines.get().pk) == shirt
    assert (basket.lines.count(), mine.pieces()) == (0, {shirt.pk: 3})
    wishlist.put_back(wishlist=mine, basket=basket, variant=shirt)
    assert (basket.lines.get().quantity, mine.pieces()) == (3, {})


def test_a_guests_line_is_on_the_stored_list_with_the_same_commit_that_empties_the_basket():
    """Not when the answer leaves: a process that dies before that has lost nothing."""
    shirt = a_product().first
    basket, session = a_basket_with((shirt, 2)), SessionStore()
    line_id = basket.lines.get().pk
    wishlist.save_line(wishlist=wishlist.GuestList(session), basket=basket, line_id=line_id)
    assert wishlist.GuestList(SessionStore(session.session_key)).pieces() == {shirt.pk: 2}


class DyingList(wishlist.AccountList):
    """The process ends when the line is on the list, before it has left the basket."""

    def keep(self, variant: Product, quantity: int, story: str = "") -> None:
        super().keep(variant, quantity, story)
        assert self.pieces() == {variant.pk: quantity}
        raise SystemExit


def test_a_line_is_never_on_the_list_and_in_the_basket():
    ada = a_user()
    basket = a_basket_with((a_product().first, 1))
    with pytest.raises(SystemExit):
        wishlist.save_line(wishlist=DyingList(ada), basket=basket, line_id=basket.lines.get().pk)
    assert (basket.lines.count(), wishlist.AccountList(ada).pieces()) == (1, {})


def test_a_line_of_a_basket_that_is_being_paid_stays_where_it_is(mine):
    basket = a_basket_with((a_product().first, 1))
    assert basket.freeze()
    with pytest.raises(BasketFrozen):
        wishlist.save_line(wishlist=mine, basket=basket, line_id=basket.lines.get().pk)
    assert (basket.lines.count(), mine.pieces()) == (1, {})


def test_a_line_of_somebody_elses_basket_is_not_found(mine):
    basket, theirs = a_basket(), a_basket_with((a_product().first, 1))
    with pytest.raises(NoSuchLine):
        wishlist.save_line(wishlist=mine, basket=basket, line_id=theirs.lines.get().pk)
    assert (theirs.lines.count(), mine.pieces()) == (1, {})


def test_what_is_sold_out_stays_on_the_list(mine):
    shirt = a_product(stock=0).first
    wishlist.save(wishlist=mine, variant=shirt)
    with pytest.raises(SoldOut):
        wishlist.put_back(wishlist=mine, basket=a_basket(), variant=shirt)
    assert mine.pieces() == {shirt.pk: 1}


def test_logging_in_brings_the_guests_things_home_without_doubling_them():
    ada, made = a_user(), a_product()
    small, medium = made.variants["white", "S"], made.variants["white", "M"]
    account, session = wishlist.AccountList(ada), {}
    wishlist.save(wishlist=account, variant=small, quantity=2)
    guest = wishlist.GuestList(session)
    for variant in (medium, small):
        wishlist.save(wishlist=guest, variant=variant)
    for _ in range(2):
        wishlist.take_home(session=session, user=ada)
    assert account.pieces() == {small.pk: 2, medium.pk: 1}
    assert session == {}
    assert WishList.objects.count() == 1


def test_what_was_deleted_meanwhile_is_left_out():
    ada, shirt, session = a_user(), a_product(stock=0).first, {}
    wishlist.save(wishlist=wishlist.GuestList(session), variant=shirt)
    account = wishlist.AccountList(ada)
    wishlist.save(wishlist=account, variant=shirt)
    Product.objects.filter(pk=shirt.pk).delete()
    assert saved(wishlist.GuestList(session).pieces()) == []
    assert account.pieces() == {}
    assert Line.objects.get().title == shirt.get_title()
    wishlist.take_home(session=session, user=ada)
    assert account.pieces() == {}


def test_a_shared_list_is_seen_by_its_link_until_it_is_withdrawn():
    ada, shirt = a_user(), a_product().first
    wishlist.save(wishlist=wishlist.AccountList(ada), variant=shirt)
    assert wishlist.token_of(ada) == ""
    wishlist.share(user=ada, is_shared=True)
    token = wishlist.token_of(ada)
    assert pieces_of(token) == {shirt.pk: 1}
    wishlist.share(user=ada, is_shared=False)
    assert pieces_of(token) is None
    wishlist.share(user=ada, is_shared=True)
    assert pieces_of(token) is None
    assert pieces_of(wishlist.token_of(ada)) == {shirt.pk: 1}


def pieces_of(token: str) -> dict[int, int] | None:
    found: Any = wishlist.shared_by(token)
    return found and found.pieces()


@pytest.mark.parametrize("token", ["", "abc123", "abc123:forged"])
def test_a_forged_link_leads_nowhere(token):
    assert wishlist.shared_by(token) is None


def test_cards_say_price_stock_and_what_is_gone(django_assert_num_queries):
    here, gone, hidden = a_product(price="30.00"), a_product(stock=0), a_product()
    Product.objects.filter(pk=hidden.parent.pk).update(is_public=False)
    pieces = {made.first.pk: 1 for made in (here, gone, hidden)}
    with django_assert_num_queries(3):
        cards = saved(pieces)
    facts = [SimpleNamespace(price=c.price, available=c.available, url=bool(c.url)) for c in cards]
    assert [(str(f.price), f.available, f.url) for f in facts] == [
        ("None", 0, False),
        ("25.00", 0, True),
        ("30.00", 5, True),
    ]
    assert cards[2].url.endswith(f"?variant={record_of(here.first).partner_sku}")
    assert cards[2].picture is not None


def test_a_thing_that_is_saved_and_put_back_keeps_the_story_it_came_from(mine):
    made = a_product()
    shirt, other = made.variants["white", "M"], made.variants["white", "S"]
    basket = a_basket()
    services.add(basket=basket, product=shirt, quantity=2, story="7")
    services.add(basket=basket, product=other, quantity=1)
    for line in list(basket.lines.all()):
        wishlist.save_line(wishlist=mine, basket=basket, line_id=line.pk)
    assert (mine.story_of(shirt.pk), mine.story_of(other.pk)) == ("7", "")
    for variant in (shirt, other):
        wishlist.put_back(wishlist=mine, basket=basket, variant=variant)
    assert dict(basket.lines.values_list("product", "story")) == {shirt.pk: "7", other.pk: ""}
    assert mine.story_of(shirt.pk) == ""


def test_the_first_story_stays(mine):
    shirt = a_product().first
    for story in ("", "7", "8", ""):
        wishlist.save(wishlist=mine, variant=shirt, story=story)
    assert mine.story_of(shirt.pk) == "7"


def test_a_story_comes_along_on_log_in():
    session, user, shirt = SessionStore(), a_user(), a_product().first
    wishlist.save(wishlist=wishlist.GuestList(session), variant=shirt, story="7")
    wishlist.take_home(session=session, user=user)
    assert wishlist.AccountList(user).story_of(shirt.pk) == "7"
    assert dict(session.items()) == {}
