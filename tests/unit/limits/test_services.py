"""Who may try how often."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shop.limits.models import Tally
from shop.limits.services import Limit, forget, give_back, take, take_all

pytestmark = [pytest.mark.django_db, pytest.mark.both]

THREE = Limit("a door", most=3, within=timedelta(minutes=10))


def test_as_many_tries_as_may_pass_and_no_more() -> None:
    assert [take(THREE, "ada") for _ in range(5)] == [True, True, True, False, False]
    assert Tally.objects.get().tries == 3


def test_each_asker_and_each_thing_is_counted_apart() -> None:
    assert [take(THREE, "ada") for _ in range(4)][-1] is False
    assert take(THREE, "grace")
    assert take(Limit("a window", most=1, within=timedelta(minutes=1)), "ada")


def test_capitals_and_spaces_make_no_other_asker() -> None:
    one = Limit("a door", most=1, within=timedelta(minutes=1))
    assert take(one, "ada@example.org")
    assert not take(one, " ADA@example.org ")


def test_time_opens_the_door_again() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [take(THREE, "ada") for _ in range(4)].count(True) == 3
        clock.shift(timedelta(minutes=9, seconds=59))
        assert not take(THREE, "ada")
        clock.shift(timedelta(seconds=1))
        assert [take(THREE, "ada") for _ in range(4)] == [True, True, True, False]


def test_what_was_right_is_forgotten() -> None:
    assert [take(THREE, "ada") for _ in range(4)][-1] is False
    forget(THREE, "ada")
    assert take(THREE, "ada")


def test_a_try_that_does_not_count_is_given_back_and_never_more_than_were_taken() -> None:
    assert take(THREE, "ada")
    for _time in range(2):
        give_back(THREE, "ada")
    assert Tally.objects.get().tries == 0
    assert [take(THREE, "ada") for _ in range(4)] == [True, True, True, False]


def test_of_several_limits_the_first_that_refuses_ends_the_counting() -> None:
    one = Limit("a window", most=1, within=timedelta(minutes=1))
    assert take_all((one, "ada"), (THREE, "ada"))
    assert not take_all((one, "ada"), (THREE, "ada"))
    assert Tally.objects.get(what="a door").tries == 1


def test_nobody_can_be_read_from_a_tally() -> None:
    take(THREE, "ada@example.org")
    assert "ada" not in Tally.objects.get().who
