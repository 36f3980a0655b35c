"""Logging in: the guest's basket becomes the account's, and nothing in either is lost."""

import pytest
from django.db import transaction
from django.test import RequestFactory

from shop.basket import selectors, services
from shop.basket.models import Basket
from shop.basket.owning import leave, take_home
from tests.factories import a_basket, a_basket_with, a_product, a_user

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def ada():
    return a_user("ada@example.org")


def contents(basket) -> dict[int, int]:
    return dict(Basket.objects.get(pk=basket.pk).lines.values_list("product", "quantity"))


def seen_by(user, basket=None) -> Basket:
    """The basket that a request of `user` finds, with the cookie of `basket`."""
    request = RequestFactory().get("/")
    request.user = user
    if basket is not None:
        request.COOKIES[selectors.COOKIE] = selectors.sign(basket)
    return selectors.basket_of(request)


class Nobody:
    is_authenticated = False
    pk = None


def test_a_guests_basket_becomes_the_accounts_as_it_is(ada):
    shirt = a_product().first
    guest = a_basket_with((shirt, 2), country="IE", gift_note="For Bo")
    home = take_home(basket=guest, owner_id=ada.pk)
    assert home.basket == guest
    assert home.left_out == 0
    guest.refresh_from_db()
    assert (guest.owner, guest.country, guest.gift_note) == (ada, "IE", "For Bo")
    assert contents(guest) == {shirt.pk: 2}


def test_two_baskets_become_one_that_holds_all_of_both(ada):
    shirt, cushion = a_product().first, a_product().first
    old = a_basket_with((shirt, 1), (cushion, 1), owner=ada, country="DE")
    guest = a_basket_with((shirt, 2), country="FR")
    home = take_home(basket=guest, owner_id=ada.pk)
    assert home.basket == guest
    assert contents(guest) == {shirt.pk: 3, cushion.pk: 1}
    assert Basket.objects.get(pk=guest.pk).country == "FR"
    assert Basket.objects.get(pk=old.pk).status == Basket.MERGED


def test_a_second_call_changes_nothing(ada):
    shirt = a_product().first
    a_basket_with((shirt, 1), owner=ada)
    guest = a_basket_with((shirt, 2))
    take_home(basket=guest, owner_id=ada.pk)
    assert take_home(basket=guest, owner_id=ada.pk).basket == guest
    assert contents(guest) == {shirt.pk: 3}


def test_an_order_limit_is_never_exceeded_and_what_is_left_out_is_told(ada):
    shirt = a_product(stock=50).first
    a_basket_with((shirt, 7), owner=ada)
    guest = a_basket_with((shirt, 6))
    assert take_home(basket=guest, owner_id=ada.pk).left_out == 3
    assert contents(guest) == {shirt.pk: 10}


def test_an_empty_or_new_basket_gives_way_to_the_accounts(ada):
    shirt = a_product().first
    old = a_basket_with((shirt, 1), owner=ada, gift_note="Kept")
    assert take_home(basket=a_basket(), owner_id=ada.pk).basket == old
    assert take_home(basket=Basket(), owner_id=ada.pk).basket == old
    assert Basket.objects.get(pk=old.pk).gift_note == "Kept"


def test_without_any_basket_there_is_none(ada):
    assert take_home(basket=Basket(), owner_id=ada.pk).basket is None


def test_a_guests_basket_that_is_being_paid_is_not_edited(ada):
    shirt, cushion = a_product().first, a_product().first
    a_basket_with((cushion, 1), owner=ada)
    guest = a_basket_with((shirt, 2))
    assert guest.freeze()
    home = take_home(basket=guest, owner_id=ada.pk)
    assert home.basket == guest
    assert contents(guest) == {shirt.pk: 2}
    waiting = Basket.objects.get(pk=guest.pk).meanwhile
    assert contents(waiting) == {cushion.pk: 1}
    assert waiting.owner == ada


def test_an_accounts_basket_that_is_being_paid_elsewhere_waits_untouched(ada):
    shirt, cushion = a_product().first, a_product().first
    paying = a_basket_with((cushion, 1), owner=ada)
    assert paying.freeze()
    guest = a_basket_with((shirt, 2))
    assert take_home(basket=guest, owner_id=ada.pk).basket == guest
    assert contents(guest) == {shirt.pk: 2}
    assert contents(paying) == {cushion.pk: 1}
    Basket.objects.filter(pk=guest.pk).update(status=Basket.SUBMITTED)
    assert seen_by(ada, guest) == paying


def test_what_is_added_while_paying_is_the_accounts_too(ada):
    paying = a_basket_with((a_product().first, 1), owner=ada)
    assert paying.freeze()
    services.add(basket=paying, product=a_product().first, quantity=1)
    assert Basket.objects.get(pk=paying.pk).meanwhile.owner == ada
    assert seen_by(ada) == paying


def test_a_cookie_opens_an_accounts_basket_for_its_owner_only(ada):
    mine = a_basket_with((a_product().first, 1), owner=ada)
    assert seen_by(ada, mine) == mine
    assert seen_by(Nobody(), mine).pk is None
    assert seen_by(a_user(), mine).pk is None


def test_an_account_finds_its_basket_without_a_cookie(ada):
    mine = a_basket_with((a_product().first, 1), owner=ada)
    assert seen_by(ada) == mine
    assert seen_by(ada, a_basket_with((a_product().first, 1))).owner is None
    assert seen_by(a_user()).pk is None


def test_a_new_basket_of_somebody_logged_in_is_theirs(ada):
    basket = seen_by(ada)
    services.add(basket=basket, product=a_product().first, quantity=1)
    assert Basket.objects.get().owner == ada


def test_somebody_elses_basket_is_never_taken(ada):
    shirt = a_product().first
    theirs = a_basket_with((shirt, 1), owner=a_user())
    assert take_home(basket=theirs, owner_id=ada.pk).basket is None
    assert Basket.objects.get(pk=theirs.pk).owner != ada


def test_an_erased_account_leaves_no_basket_and_no_note(ada):
    a_basket_with((a_product().first, 1), owner=ada)
    ordered = a_basket_with((a_product().first, 1), owner=ada, gift_note="Dear Bo")
    Basket.objects.filter(pk=ordered.pk).update(status=Basket.SUBMITTED)
    other = a_basket_with((a_product().first, 1))
    with transaction.atomic():
        leave(owner_id=ada.pk)
    ordered.refresh_from_db()
    assert (ordered.owner, ordered.gift_note) == (None, "")
    assert set(Basket.objects.all()) == {ordered, other}
